package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import com.google.common.collect.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Hardware that does not answer: how long the driver waits, what it says, and that it goes on. */
class TimeoutTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final int MAGIC = 0x600d_cafe;

  /** A second, and what the looks at the register cost. */
  private static final Range<Long> ONE_SECOND = Range.closed(1_000_000_000L, 1_150_000_000L);

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
  void aSyncThatIsNotSeenToCompleteIsGivenUpAfterASecond() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.settle();
      int cons = machine.model.mmio().read32(SmmuV3Regs.CMDQ_CONS.offset());
      machine.tampering.answer(SmmuV3Regs.CMDQ_CONS, cons);
      long before = machine.kernel.scheduler.nowNs();

      machine.state().cmdq().issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);

      assertThat(machine.kernel.scheduler.nowNs() - before).isIn(ONE_SECOND);
      assertThat(machine.logFrom("CMD_SYNC"))
          .containsExactly(
              "platform 9050000.iommu: CMD_SYNC timeout at 0x%08x [hwprod 0x%08x, hwcons 0x%08x]"
                  .formatted(cons + 1, cons + 2, cons));

      machine.tampering.answerTruly(SmmuV3Regs.CMDQ_CONS);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x1000)).isEqualTo(0x1000);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(0);
    });

    assertThat(machine.logFrom("CMD_SYNC").stream().filter(line -> line.contains("CMD_SYNC")))
        .hasSize(1);
  }

  @Test
  void aQueueThatStaysFullIsWaitedForSecondAfterSecond() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      machine.settle(); // the last prefetch was not waited for
      int cons = machine.model.mmio().read32(SmmuV3Regs.CMDQ_CONS.offset());
      machine.tampering.answer(SmmuV3Regs.CMDQ_CONS, cons);
      ArmSmmuV3Cmdq commands = machine.state().cmdq();
      for (int i = 0; i < 256; i++) {
        commands.issue(ArmSmmuV3CmdqEnt.prefetchConfig(i), 0);
      }
      assertThat(machine.logFrom("CMDQ timeout")).isEmpty();
      machine.kernel.scheduler.after(
          2_500_000_000L, () -> machine.tampering.answerTruly(SmmuV3Regs.CMDQ_CONS));

      commands.issue(ArmSmmuV3CmdqEnt.prefetchConfig(0), 0);

      assertThat(machine.logFrom("CMDQ timeout"))
          .containsExactly(
              "platform 9050000.iommu: CMDQ timeout", "platform 9050000.iommu: CMDQ timeout");
      commands.issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);
    });

    assertThat(machine.logFrom("CMD_SYNC")).isEmpty();
  }

  /** Each step of the reset in which CR0ACK does not follow; it stays as it was before. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|clear cr0",
        "0|enable command queue",
        "8|clear cr0",
      })
  void aResetThatTheHardwareDoesNotFollowFailsTheProbe(int stays, String what) throws Exception {
    machine.tampering.answer(SmmuV3Regs.CR0ACK, stays);
    assertThatProbeTimesOut("failed to " + what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c|enable event queue",
        "e|enable PRI queue",
        "1e|enable ATS check",
        "1f|enable SMMU interface",
      })
  void soDoesOneThatStopsOnTheWay(String written, String what) throws Exception {
    int wanted = Integer.parseInt(written, 16);
    machine.tampering.onStore(
        SmmuV3Regs.CR0,
        value -> {
          if (value == wanted) {
            machine.tampering.answer(SmmuV3Regs.CR0ACK, 0);
          }
        });
    assertThatProbeTimesOut("failed to " + what);
  }

  @Test
  void interruptsThatCannotBeTurnedOffFailTheProbe() throws Exception {
    machine.tampering.answer(SmmuV3Regs.IRQ_CTRLACK, 7);
    assertThatProbeTimesOut("failed to disable irqs", "failed to setup irqs");
  }

  @Test
  void interruptsThatCannotBeTurnedOnAreOnlyWarnedOf() throws Exception {
    machine.tampering.answer(SmmuV3Regs.IRQ_CTRLACK, 0);
    machine.kernel.run(machine::probe);
    assertThat(machine.kernel.log()).contains("platform 9050000.iommu: failed to enable irqs");
  }

  /** The probe goes on: nothing translates yet, and CR0 is about to be cleared. */
  @Test
  void anSmmuThatDoesNotTakeGbpaIsResetAllTheSame() throws Exception {
    machine.kernel.run(() -> {
      machine.model.mmio().write32(SmmuV3Regs.CR0.offset(), 1);
      machine.settle();
      int update = SmmuV3Regs.GBPA_UPDATE.mask();
      machine.tampering.onStore(
          SmmuV3Regs.GBPA, value -> machine.tampering.answer(SmmuV3Regs.GBPA, update));
      machine.probe();
    });

    assertThat(machine.kernel.log())
        .containsAtLeast(
            "platform 9050000.iommu: SMMU currently enabled! Resetting...",
            "platform 9050000.iommu: GBPA not responding to update")
        .inOrder();
  }

  private void assertThatProbeTimesOut(String... lines) throws Exception {
    machine.kernel.run(() -> {
      long before = machine.kernel.scheduler.nowNs();
      ErrnoException e = assertThrows(ErrnoException.class, machine::probe);
      assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT);
      assertThat(machine.kernel.scheduler.nowNs() - before).isIn(ONE_SECOND);
    });
    for (String line : lines) {
      assertThat(machine.kernel.log()).contains("platform 9050000.iommu: " + line);
    }
  }
}
