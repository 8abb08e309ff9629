package org.smmulator.iommu.sva;

import static java.util.Objects.requireNonNull;

import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.iommu.iopf.PageFaults;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.task.Workqueue;

/** A kernel with processes, and devices that can share their tables. */
public final class SvaMachine implements AutoCloseable {
  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            smmu: iommu@100 { #iommu-cells = <1>; };
            copy@1 { iommus = <&smmu 1>; compatible = "test,copy"; };
            video@2 { iommus = <&smmu 2>; iommu-shares-process-table; };
            narrow@3 { iommus = <&smmu 3>; test,pasids = <2>; };
            explicit@4 { iommus = <&smmu 4>; test,pasids = <0>; };
            plain@5 { };
          };
          """);

  public final TestKernel kernel;
  public final Iommu iommu;
  public final FakeSvaDriver driver;
  public final ProcessTable processes;
  public final IopfQueue queue;
  public final GlobalPasids pasids;
  public final Sva sva;
  public final PageFaults faults;

  public SvaMachine() throws Exception {
    this(new ProcessFaults());
  }

  public SvaMachine(PageFaultHandler handler) throws Exception {
    kernel = kernel();
    iommu = kernel.iommu;
    driver = new FakeSvaDriver(iommu);
    pasids = new GlobalPasids(kernel.faults);
    processes = new ProcessTable(kernel.scheduler, kernel.pages, kernel.dram, kernel.faults);
    queue = new IopfQueue(iommu, new Workqueue(kernel.scheduler, "iopf_queue/test"));
    sva = new Sva(iommu, queue, pasids, kernel.lockdep);
    faults = new PageFaults(iommu, handler);
    kernel.run(() -> iommu.bus().register(new IommuDevice(bare("/iommu@100"), driver)));
  }

  private static TestKernel kernel() throws DramUnavailableException {
    return new TestKernel(TestKernel.WITHOUT_DMA_LAYER);
  }

  /** A device that the core has not seen. */
  Device bare(String path) {
    return kernel.platformDevice(requireNonNull(TREE.find(path)));
  }

  /** A device at {@code path}, taken by the core; in a kernel context. */
  public Device device(String path) {
    Device made = bare(path);
    iommu.bus().deviceAdded(made);
    return made;
  }

  public Process process(String comm) throws ErrnoException {
    return processes.spawnHosted(comm, false);
  }

  /** A request for one page that is a group of its own. */
  public static PageRequest last(int group, int pasid, int perm, long va) {
    int flags = PageRequest.PASID_VALID | PageRequest.LAST_PAGE;
    return new PageRequest(flags, pasid, group, perm, va);
  }

  /** A request after which others of its group come. */
  public static PageRequest partial(int group, int pasid, int perm, long va) {
    return new PageRequest(PageRequest.PASID_VALID, pasid, group, perm, va);
  }

  @Override
  public void close() {
    kernel.close();
  }
}
