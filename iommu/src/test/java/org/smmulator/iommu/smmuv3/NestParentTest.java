package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv3.SmmuV3Config;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.regs.smmuv3.Cmd;

/**
 * A stage 2 for guests: what says that a page is cached means another thing with S2FWB, so the
 * entry of the stream and those of the table have to agree.
 */
class NestParentTest {
  private static final long PA = 0x8300_0000L;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theStreamsEntryAndTheTableSpeakOfTheSameEncoding(boolean forced) throws Exception {
    SmmuV3Config config = V3Machine.silicon().set(Feature.FORCED_WRITE_BACK, forced).build();
    try (V3Machine machine = new V3Machine(config)) {
      machine.kernel.dram.putInt(PA, 42);
      machine.kernel.run(() -> {
        machine.boot();
        IommuDomain.Paging parent =
            machine
                .ops()
                .allocPaging(machine.display, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);
        machine.kernel.iommu.attach(parent, machine.display);
        machine.kernel.iommu.map(parent, 0, PA, 0x1000, IommuProt.READ | IommuProt.CACHE);
        machine.kernel.iommu.map(parent, 0x1000, PA, 0x1000, IommuProt.READ);

        Dram dram = machine.kernel.dram;
        long entry = machine.state().strtab().entryPa(DISPLAY_SID);
        assertThat(dram.getLong(entry + 8) >>> 25 & 1).isEqualTo(forced ? 1 : 0); // S2FWB
        long table = dram.getLong(entry + 24) & 0x000f_ffff_ffff_fff0L; // S2TTB
        assertThat(memoryType(dram, table, 0)).isEqualTo(forced ? 0x6 : 0xf);
        assertThat(memoryType(dram, table, 1)).isEqualTo(0x5); // not cached: the same in both
        assertThat(machine.master(DISPLAY_SID).load32(0)).isEqualTo(42);
      });
    }
  }

  /** Kernel: {@code arm_smmu_invs_end_batch()}, {@code __arm_smmu_domain_inv_range()}. */
  @Test
  void aGuestsStageOneAndADevicesCacheGoAfterStageTwo() throws Exception {
    try (V3Machine machine = new V3Machine(V3Machine.full())) {
      List<Integer> opcodes = new ArrayList<>();
      List<Long> spans = new ArrayList<>();
      machine.kernel.run(() -> {
        machine.boot();
        IommuDomain.Paging parent =
            machine
                .ops()
                .allocPaging(machine.card, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);
        machine.kernel.iommu.attach(parent, machine.card);
        machine.kernel.iommu.map(parent, 0x1000, PA, 0x1000, IommuProt.READ);
        machine.tampering.commands(words -> {
          opcodes.add((int) Cmd.OPCODE.get(words[0]));
          if (Cmd.OPCODE.get(words[0]) == Cmd.ATC_INV) {
            spans.add(words[1]);
          }
        });

        assertThat(machine.kernel.iommu.unmap(parent, 0x1000, 0x1000)).isEqualTo(0x1000);
        opcodes.add(-1);
        machine.kernel.iommu.flushIotlbAll(parent);
      });

      assertThat(opcodes)
          .containsExactly(
              Cmd.TLBI_S2_IPA,
              Cmd.SYNC,
              Cmd.TLBI_NH_ALL,
              Cmd.SYNC,
              Cmd.ATC_INV,
              Cmd.SYNC,
              -1,
              Cmd.TLBI_S12_VMALL, // which takes stage 1 along
              Cmd.SYNC,
              Cmd.ATC_INV,
              Cmd.SYNC)
          .inOrder();
      long everything = Cmd.ATC_SIZE.of(Cmd.ATC_SIZE_ALL);
      assertThat(spans).containsExactly(everything, everything);
    }
  }

  /** MemAttr, bits 5:2 of the leaf of a page: three tables below the root, all at index 0. */
  private static long memoryType(Dram dram, long root, int page) {
    long table = root;
    for (int level = 0; level < 3; level++) {
      table = dram.getLong(table) & 0x0000_ffff_ffff_f000L;
    }
    return dram.getLong(table + 8L * page) >>> 2 & 0xf;
  }
}
