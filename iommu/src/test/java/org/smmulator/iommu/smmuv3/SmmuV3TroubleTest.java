package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.smmuv3.V3Machine.COPIER_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqBatch;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;

/** What the driver does when things go wrong, and that it goes on afterwards. */
class SmmuV3TroubleTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final int MAGIC = 0x600d_cafe;
  private static final long NO_SUCH_COMMAND = 0xff;

  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.dram.putInt(PA, MAGIC);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aCommandThatTheHardwareRefusesIsReplacedAndTheQueueGoesOn() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      machine.state().cmdq().issueWithSync(NO_SUCH_COMMAND, 0x1234);

      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);
    });

    var log = machine.logFrom("unexpected global error");
    assertThat(log.getFirst())
        .isEqualTo(
            "platform 9050000.iommu: unexpected global error reported (0x00000001), this could be"
                + " serious");
    assertThat(log.get(1)).startsWith("platform 9050000.iommu: CMDQ error (cons 0x01");
    assertThat(log.get(1)).endsWith("): Illegal command");
    assertThat(log.subList(2, log.size()))
        .containsExactly(
            "platform 9050000.iommu: skipping command in error state:",
            "platform 9050000.iommu: \t0x00000000000000ff",
            "platform 9050000.iommu: \t0x0000000000001234")
        .inOrder();
  }

  @Test
  void moreCommandsThanTheQueueHoldsWaitForRoom() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3CmdqBatch batch = machine.state().cmdq().batch();
      for (int i = 0; i < 1000; i++) {
        batch.add(ArmSmmuV3CmdqEnt.prefetchConfig(i));
      }
      batch.submit();
    });

    assertThat(machine.logFrom("CMD")).isEmpty();
  }

  @Test
  void aStalledTransactionThatNobodyCanHelpIsAborted() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain _ = machine.attached(machine.copier);
      BusMaster copier = machine.master(COPIER_SID);

      assertThat(copier.load32(IOVA)).isEqualTo(0);
      assertThat(copier.aborted()).isTrue();
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .containsAtLeast(
            "platform 9050000.iommu: event 0x10 received:",
            "platform 9050000.iommu: unpriv data read s1 \"Input address caused fault\" stall"
                + " stag: 0x0")
        .inOrder();
  }

  @Test
  void eventsThatFindNoRoomAreLostAndThatIsSaid() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      BusMaster stranger = machine.master(0x7777);
      int room = 1 << V3Machine.EVENTS_LOG2;
      machine.kernel.scheduler.atomically(() -> {
        for (int i = 0; i < room + 3; i++) {
          var _ = stranger.load32(PA);
        }
      });
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .contains("platform 9050000.iommu: EVTQ overflow detected -- events lost");

    machine.kernel.run(() -> {
      machine.kernel.scheduler.sleep(6_000_000_000L); // past the limit on messages
      var _ = machine.master(0x7778).load32(PA);
      machine.settle();
    });
    assertThat(machine.logFrom("sid: 0x7778")).hasSize(1);
    assertThat(machine.logFrom("callbacks suppressed").getFirst())
        .isEqualTo("arm_smmu_dump_event: 22 callbacks suppressed");
  }
}
