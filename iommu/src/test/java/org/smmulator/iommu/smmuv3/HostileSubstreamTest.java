package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.prot.IommuProt.READ;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;

/**
 * A substream that is read while it leaves: whatever its device caches on the way must be gone when
 * its tag becomes another table's. Kernel: {@code arm_smmu_install_old_domain_invs()}.
 */
class HostileSubstreamTest {
  private static final int PASID = 5;
  private static final long IOVA = 0x1234_5000L;
  private static final long OTHER_IOVA = 0x1234_9000L;
  private static final long PA = 0x8300_0000L;
  private static final long OTHER_PA = 0x8301_0000L;
  private static final int OLD = 1;
  private static final int NEW = 2;

  @Test
  void aSubstreamThatIsReadWhileItLeavesLeavesNothingUnderItsTag() throws Exception {
    List<Integer> seen = new ArrayList<>();
    try (V3Machine machine = new V3Machine(V3Machine.full())) {
      machine.kernel.dram.putInt(PA, OLD);
      machine.kernel.dram.putInt(OTHER_PA, NEW);
      machine.kernel.run(() -> {
        machine.boot();
        IommuOps ops = machine.ops();
        BusMaster substream = machine.master(V3Machine.COPIER_SID).withSubstream(PASID);
        IommuDomain.Paging table = table(machine, ops, IOVA, PA);
        ops.attachPasid(table, machine.copier, PASID, null);
        assertThat(substream.load32(IOVA)).isEqualTo(OLD);

        boolean[] reading = new boolean[1];
        boolean[] leaving = {true};
        machine.losses.onAccess(() -> {
          if (leaving[0] && !reading[0]) {
            reading[0] = true;
            seen.add(substream.load32(IOVA));
            reading[0] = false;
          }
        });
        ops.attachPasid(IommuDomain.Fixed.BLOCKED, machine.copier, PASID, table);
        leaving[0] = false;
        String tag = table.place();
        machine.kernel.iommu.free(table);

        IommuDomain.Paging next = table(machine, ops, OTHER_IOVA, OTHER_PA);
        assertThat(next.place()).isEqualTo(tag);
        ops.attachPasid(next, machine.copier, PASID, null);
        assertThat(substream.load32(OTHER_IOVA)).isEqualTo(NEW);
        assertThat(substream.load32(IOVA)).isEqualTo(0);
        machine.settle();
      });
    }
    assertThat(seen).containsAtLeast(OLD, 0);
    assertThat(seen).doesNotContain(NEW);
  }

  private static IommuDomain.Paging table(V3Machine machine, IommuOps ops, long iova, long pa)
      throws Exception {
    IommuDomain.Paging made =
        ops.allocPaging(machine.copier, DomainType.UNMANAGED, IommuOps.ALLOC_PASID);
    machine.kernel.iommu.map(made, iova, pa, 0x1000, READ);
    return made;
  }
}
