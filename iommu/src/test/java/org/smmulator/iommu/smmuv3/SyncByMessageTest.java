package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** An SMMU that says that a CMD_SYNC is done by writing over it. */
class SyncByMessageTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final int MAGIC = 0x600d_cafe;

  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.silicon().with(Feature.MSI).build());
    machine.kernel.dram.putInt(PA, MAGIC);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aSyncNamesItsOwnPlaceInTheQueueWhichIsZeroWhenItIsDone() throws Exception {
    List<Long> places = new ArrayList<>();
    machine.tampering.commands(words -> {
      if (Cmd.OPCODE.getInt(words[0]) == Cmd.SYNC) {
        assertThat(Cmd.SYNC_CS.getInt(words[0])).isEqualTo(Cmd.SYNC_CS_IRQ);
        assertThat(Cmd.SYNC_MSIDATA.get(words[0])).isEqualTo(0);
        places.add(words[1]);
      }
    });
    machine.kernel.run(() -> {
      machine.probe();
      long queue =
          machine.model.mmio().read64(SmmuV3Regs.CMDQ_BASE.offset()) & 0x000f_ffff_ffff_ffe0L;

      // CFGI_ALL, SYNC, TLBI_NSNH_ALL, SYNC: what resets an SMMU.
      assertThat(places).containsExactly(queue + 16, queue + 48).inOrder();
      assertThat(machine.kernel.dram.getInt(queue + 16)).isEqualTo(0);
      assertThat(machine.kernel.dram.getInt(queue + 48)).isEqualTo(0);
    });
  }

  @Test
  void whoWaitsForASyncReadsNoRegister() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      // Whoever believed this would wait for ever.
      machine.tampering.answer(SmmuV3Regs.CMDQ_CONS, 0);
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);

      var _ = machine.kernel.iommu.unmap(domain, IOVA, 0x1000);

      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(0);
      machine.tampering.answerTruly(SmmuV3Regs.CMDQ_CONS);
    });

    assertThat(machine.logFrom("CMD_SYNC timeout")).isEmpty();
  }

  @Test
  void theQueueGoesRoundManyTimes() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      for (int i = 0; i < 2_000; i++) {
        machine.state().cmdq().issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);
      }
    });

    assertThat(machine.logFrom("timeout")).isEmpty();
  }

  @Test
  void aMessageThatNeverComesIsWaitedForOneSecond() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      machine.tampering.commands(words -> {
        if (Cmd.OPCODE.getInt(words[0]) == Cmd.SYNC) {
          words[0] = Cmd.OPCODE.of(Cmd.SYNC); // no signal
        }
      });
      long before = machine.kernel.scheduler.nowNs();
      machine.state().cmdq().issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);
      assertThat(machine.kernel.scheduler.nowNs() - before).isAtLeast(999_000_000L);

      machine.tampering.commands(words -> {});
      machine.state().cmdq().issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);
    });

    assertThat(
            machine.kernel.log().stream()
                .filter(line -> line.contains("CMD_SYNC timeout"))
                .toList())
        .hasSize(1);
  }
}
