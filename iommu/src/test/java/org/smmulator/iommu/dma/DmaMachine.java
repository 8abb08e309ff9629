package org.smmulator.iommu.dma;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDesign;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.TestKernel;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.Swiotlb;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.CpuCache;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Context;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** A kernel with the DMA API over one IOMMU, and two devices behind it. */
final class DmaMachine implements AutoCloseable {
  static final IommuPolicy STRICT = IommuPolicy.of(false, true);
  static final IommuPolicy LAZY = IommuPolicy.of(false, false);
  static final IommuPolicy PASSTHROUGH = IommuPolicy.of(true, true);

  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            smmu: iommu@100 { #iommu-cells = <1>; };
            usb@1 { iommus = <&smmu 7>; };
            video@2 { iommus = <&smmu 8>; };
          };
          """);

  final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 2);
  final Dmesg dmesg = new Dmesg(scheduler);
  final Dram dram;
  final PageAllocator pages;
  final Swiotlb pool;
  final IommuDma layer;
  final Iommu iommu;
  final DmaApi dma;
  final IommuMsiDoorbells doorbells;
  final FaultInjector faults = new FaultInjector();
  final TableDriver driver;
  final Device usb;
  final Device video;
  private final Context context = scheduler.newHosted("test", new Task(1, "test", true));

  DmaMachine(IommuPolicy policy) throws DramUnavailableException, ErrnoException {
    this(policy, new DomainLookup.DefaultDomain());
  }

  DmaMachine(IommuPolicy policy, DomainLookup lookup)
      throws DramUnavailableException, ErrnoException {
    this(policy, lookup, false);
  }

  /** One whose CPUs keep what they store in their caches. */
  static DmaMachine writingBack(IommuPolicy policy)
      throws DramUnavailableException, ErrnoException {
    return new DmaMachine(policy, new DomainLookup.DefaultDomain(), true);
  }

  private DmaMachine(IommuPolicy policy, DomainLookup lookup, boolean writesBack)
      throws DramUnavailableException, ErrnoException {
    dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, 64 << 20)));
    pages =
        new PageAllocator(
            dram, ImmutableList.of(), writesBack ? new CpuCache(dram, true) : null, faults);
    pool = new Swiotlb(pages, 1 << 20, 0xffff_ffffL);
    DmaDirect direct = new DmaDirect(pages);
    Tracer tracer = new Tracer(scheduler, 1000);
    Lockdep lockdep = new Lockdep(scheduler);
    KernelServices kernel =
        new KernelServices(
            scheduler,
            lockdep,
            pages,
            dram,
            dmesg,
            tracer,
            new NodeTree(),
            new MonotonicClock(scheduler, 0),
            faults);
    layer = new IommuDma(direct, pool, this::core, lookup, kernel, 2);
    iommu = new Iommu(tracer, dmesg, lockdep, policy, IommuDesign.today(layer));
    dma = new DmaApi(direct, tracer);
    doorbells = new IommuMsiDoorbells(this::core, lookup);
    driver = new TableDriver(iommu);
    usb = device("/usb@1");
    video = device("/video@2");
  }

  private Iommu core() {
    return iommu;
  }

  private Device device(String path) {
    String[] name = path.substring(1).split("@", 2);
    return new Device(name[1] + "." + name[0], "platform", TREE.find(path), dmesg);
  }

  /** Has the IOMMU's driver bind, then both devices appear. */
  void probe() throws ErrnoException {
    iommu.bus().register(new IommuDevice(device("/iommu@100"), driver));
    iommu.bus().configure(usb);
    iommu.bus().configure(video);
  }

  /** Probes, then runs {@code body} in a task's context. */
  void run(TestKernel.Body body) throws Exception {
    Throwable[] failure = new Throwable[1];
    var _ =
        scheduler.callAs(
            context,
            () -> {
              try {
                probe();
                body.run();
              } catch (Exception | AssertionError e) {
                failure[0] = e;
              }
              return true;
            });
    if (failure[0] instanceof Exception e) {
      throw e;
    }
    if (failure[0] != null) {
      throw (AssertionError) failure[0];
    }
  }

  /** The log's lines without their times. */
  ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    scheduler.close();
    dram.close();
  }
}
