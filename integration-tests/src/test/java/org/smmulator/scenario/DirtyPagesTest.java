package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.junit.Board;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Machine;

/** An SMMUv3 remembers which pages a device wrote, as a migration would ask it to. */
class DirtyPagesTest {
  private static final long PAGE = 4096;
  private static final int PAGES = 8;
  private static final long SOURCE = 0x10_0000;
  private static final long TARGET = 0x20_0000;

  @Test
  void exactlyThePagesThatWereWrittenAreDirtyUntilTheyAreCleared(@Board("virt") Machine machine)
      throws Exception {
    PlatformDevice device = requireNonNull(machine.devices().find("a000000.copy"));
    CopyController engine = requireNonNull(device.find(CopyController.class));
    KernelThread.run(
        machine,
        () -> {
          IommuDomain.Paging domain = machine.iommu().allocPaging(device, IommuOps.ALLOC_DIRTY);
          machine.iommu().attach(domain, device);
          map(machine, domain, SOURCE, IommuProt.READ);
          map(machine, domain, TARGET, IommuProt.READ | IommuProt.WRITE);

          // Fresh mappings count as written: whoever begins to track clears them first, as Linux
          // does.
          assertThat(dirty(machine, domain, true)).hasSize(PAGES);

          for (int page : new int[] {1, 2, 6}) {
            engine.copy(SOURCE, TARGET + page * PAGE, 8, CopyController.NO_PASID);
          }
          assertThat(dirty(machine, domain, false)).containsExactly(1, 2, 6).inOrder();
          assertThat(dirty(machine, domain, true)).containsExactly(1, 2, 6).inOrder();
          assertThat(dirty(machine, domain, true)).isEmpty();

          engine.copy(SOURCE, TARGET + 2 * PAGE, 8, CopyController.NO_PASID);
          assertThat(dirty(machine, domain, true)).containsExactly(2);
          machine.iommu().detach(domain, device);
          machine.iommu().free(domain);
        });
  }

  @Test
  void aDomainThatWasNotMadeForItSaysSo(@Board("virt") Machine machine) throws Exception {
    PlatformDevice device = requireNonNull(machine.devices().find("a000000.copy"));
    KernelThread.run(
        machine,
        () -> {
          IommuDomain.Paging domain = machine.iommu().allocPaging(device);
          ErrnoException refused =
              assertThrows(ErrnoException.class, () -> dirty(machine, domain, false));
          assertThat(refused.errno()).isEqualTo(Errno.EOPNOTSUPP);
          machine.iommu().free(domain);
        });
  }

  private static void map(Machine machine, IommuDomain.Paging domain, long iova, int prot)
      throws ErrnoException {
    long pa = machine.pages().allocRun(PAGES, machine.pages().owner("test", PageZone.KERNEL));
    machine.iommu().map(domain, iova, pa, PAGES * PAGE, prot);
  }

  /** The indices of the target's dirty pages. */
  private static List<Integer> dirty(Machine machine, IommuDomain.Paging domain, boolean clear)
      throws ErrnoException {
    List<Integer> found = new ArrayList<>();
    machine
        .iommu()
        .readAndClearDirty(
            domain,
            TARGET,
            PAGES * PAGE,
            clear,
            (iova, bytes) -> found.add((int) ((iova - TARGET) / PAGE)));
    return found;
  }
}
