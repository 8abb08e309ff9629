package org.smmulator.iommu.exynos;

import static org.smmulator.regs.sysmmu.SysmmuRegs.STATUS;
import static org.smmulator.regs.sysmmu.SysmmuRegs.STATUS_BLOCKED;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.sysmmu.SysmmuConfig;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuDriverContract;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.iommu.contract.Losses;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** The promises of every IOMMU driver, kept by Samsung's on the sysmmus that boards have. */
class SysmmuContractTest {
  @Nested
  class Version3 extends Sysmmus {
    @Override
    SysmmuConfig config() {
      return ExynosMachine.config(3, 3);
    }
  }

  @Nested
  class Version5 extends Sysmmus {
    @Override
    SysmmuConfig config() {
      return ExynosMachine.config(5, 0);
    }
  }

  @Nested
  class Version7WithVirtualMachines extends Sysmmus {
    @Override
    SysmmuConfig config() {
      return new SysmmuConfig(7, 0, true, false, ExynosMachine.config(7, 0).tlb());
    }
  }

  abstract static class Sysmmus extends IommuDriverContract {
    abstract SysmmuConfig config();

    @Override
    protected IommuHarness boot() throws Exception {
      ExynosMachine machine = new ExynosMachine(config());
      machine.boot();
      return new Harness(machine, config().major() >= 5);
    }
  }

  /**
   * A sysmmu holds a master that faults until the cause is gone, and without a handler the kernel
   * gives up. So the handler here puts a page of zeros in the place of what was asked for, and
   * takes it away as soon as the master has gone on.
   */
  private static final class Harness implements IommuHarness {
    private static final long PAGE = 4096;
    private static final long ZEROS = FREE_MEMORY + FREE_BYTES - PAGE;

    private record Patch(IommuDomain.Paging domain, long iova) {}

    private final ExynosMachine machine;
    private final boolean tellsWrites;
    private final List<Patch> patches = new ArrayList<>();

    Harness(ExynosMachine machine, boolean tellsWrites) {
      this.machine = machine;
      this.tellsWrites = tellsWrites;
    }

    @Override
    public TestKernel kernel() {
      return machine.kernel;
    }

    @Override
    public Device device(int index) {
      return index == 0 ? machine.decon : machine.mixer;
    }

    @Override
    public BusMaster master(int index) {
      return machine.port(index == 0 ? 0 : 2);
    }

    @Override
    public boolean lets(int device) {
      int status = machine.models.get(device == 0 ? 0 : 2).mmio().read32(STATUS.offset());
      return !STATUS_BLOCKED.isSet(status);
    }

    @Override
    public void made(IommuDomain.Paging domain) {
      machine.kernel.iommu.setFaultHandler(domain, (of, device, iova, flags) -> dealWith(of, iova));
    }

    @Override
    public FaultResponse dealWith(IommuDomain.Paging domain, long iova) {
      long page = iova & -PAGE;
      try {
        if (domain.explain(page).pa().isEmpty()) {
          patches.add(new Patch(domain, page));
        } else {
          var _ = machine.kernel.iommu.unmap(domain, page, PAGE);
        }
        machine.kernel.dram.zero(ZEROS, PAGE);
        machine.kernel.iommu.map(domain, page, ZEROS, PAGE, IommuProt.READ | IommuProt.WRITE);
      } catch (ErrnoException e) {
        throw new AssertionError(e);
      }
      return FaultResponse.HANDLED;
    }

    /** A page fault of an older version is one bit and one register for both. */
    @Override
    public boolean tellsWrites() {
      return tellsWrites;
    }

    @Override
    public void settle() {
      IommuHarness.super.settle();
      for (Patch patch : patches) {
        var _ = machine.kernel.iommu.unmap(patch.domain(), patch.iova(), PAGE);
      }
      patches.clear();
    }

    @Override
    public Losses losses() {
      return machine.losses;
    }

    /**
     * The driver flushes each page at once and knows no more; but whoever joins has all flushed.
     */
    @Override
    public void flushAll(IommuDomain.Paging domain, int device) throws ErrnoException {
      machine.kernel.iommu.detach(domain, device(device));
      machine.kernel.iommu.attach(domain, device(device));
    }

    /** As upstream: all of them are out of it. */
    @Override
    public boolean leavesOthersIn() {
      return false;
    }

    @Override
    public boolean endsFaults() {
      return false;
    }

    @Override
    public void close() {
      machine.close();
    }
  }
}
