package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.smmuv3.V3Machine.CARD_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Errors that belong to no stream, made as silicon meets them: queues and messages that lead where
 * no memory is, and an SMMU that breaks.
 */
class SmmuV3ErrorsTest {
  private static final long NOWHERE = 0x1_0000_0000L;
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final int MAGIC = 0x600d_cafe;
  private static final int STRANGER_SID = 0x7777;
  private static final int EVERYTHING_ON = 0x1f;

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
  void eventsThatCannotBeWrittenAreSaidToBeLost() throws Exception {
    machine.tampering.store(SmmuV3Regs.EVTQ_BASE, NOWHERE | V3Machine.EVENTS_LOG2);
    machine.kernel.run(() -> {
      machine.boot();
      fault();
      assertThatTheDisplayWorks();
      fault();
    });

    assertThat(errors())
        .containsExactly(
            "unexpected global error reported (0x00000004), this could be serious",
            "EVTQ write aborted -- events may have been lost",
            "unexpected global error reported (0x00000004), this could be serious",
            "EVTQ write aborted -- events may have been lost")
        .inOrder();
  }

  @Test
  void pageRequestsThatCannotBeWrittenAreSaidToBeLost() throws Exception {
    machine.tampering.store(SmmuV3Regs.PRIQ_BASE, NOWHERE | V3Machine.PAGE_REQUESTS_LOG2);
    machine.kernel.run(() -> {
      machine.boot();
      assertThat(machine.ask(CARD_SID, NO_SUBSTREAM, IOVA, 1, BusMaster.READ))
          .isEqualTo(Answer.FAILURE);
      machine.settle();
      assertThatTheDisplayWorks();
    });

    assertThat(errors())
        .containsExactly(
            "unexpected global error reported (0x00000008), this could be serious",
            "PRIQ write aborted -- events may have been lost")
        .inOrder();
  }

  /** Kernel: {@code arm_smmu_combined_irq_handler()} and its thread. */
  @Test
  void oneWireIsEnoughForEventsErrorsAndPageRequests() throws Exception {
    try (V3Machine small = V3Machine.withOneWire(V3Machine.full())) {
      small.kernel.run(() -> {
        small.boot();
        assertThat(small.master(0x7777).load32(0x8000_0000L)).isEqualTo(0);
        small.settle();
        small.onPageRequest(request -> PageResponse.SUCCESS);
        assertThat(small.ask(CARD_SID, NO_SUBSTREAM, IOVA, 1, BusMaster.READ))
            .isEqualTo(Answer.SUCCESS);
      });
      assertThat(small.kernel.log()).contains("platform 9050000.iommu: event 0x02 received:");
    }
    try (V3Machine small = V3Machine.withOneWire(V3Machine.full())) {
      small.tampering.store(SmmuV3Regs.EVTQ_BASE, NOWHERE | V3Machine.EVENTS_LOG2);
      small.kernel.run(() -> {
        small.boot();
        assertThat(small.master(0x7777).load32(0x8000_0000L)).isEqualTo(0);
        small.settle();
      });
      assertThat(small.kernel.log())
          .contains("platform 9050000.iommu: EVTQ write aborted -- events may have been lost");
    }
  }

  @Test
  void commandsThatCannotBeReadAreReadAgainUntilTheyCan() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      long base = registers().read64(SmmuV3Regs.CMDQ_BASE.offset());
      int next = registers().read32(SmmuV3Regs.CMDQ_PROD.offset());
      moveCommands(NOWHERE | Queue.BASE_LOG2SIZE.get(base));
      machine.kernel.scheduler.after(1_000, () -> moveCommandsLater(base));

      machine.state().cmdq().issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);

      int taken = registers().read32(SmmuV3Regs.CMDQ_CONS.offset());
      assertThat(taken & ~SmmuV3Regs.CMDQ_CONS_ERR.mask()).isEqualTo(next + 2);
      assertThatTheDisplayWorks();
    });

    ImmutableList<String> said = errors();
    assertThat(said.size()).isAtLeast(3);
    assertThat(said.get(0))
        .isEqualTo("unexpected global error reported (0x00000001), this could be serious");
    assertThat(said.get(1)).matches("CMDQ error \\(cons 0x020000..\\): Abort on command fetch");
    assertThat(said.get(2)).isEqualTo("retrying command fetch");
    assertThat(machine.logFrom("CMD_SYNC timeout")).isEmpty();
  }

  @Test
  void aMessageOfEventsThatReachesNothingIsSaidAndTheEventIsNotLost() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      registers().write64(SmmuV3Regs.EVTQ_IRQ_CFG0.offset(), NOWHERE);
      fault();
      registers().write64(SmmuV3Regs.EVTQ_IRQ_CFG0.offset(), 0); // back to the wire
      machine.settle();
    });

    assertThat(errors().subList(0, 2))
        .containsExactly(
            "unexpected global error reported (0x00000020), this could be serious",
            "EVTQ MSI write aborted")
        .inOrder();
    assertThat(machine.logFrom("C_BAD_STREAMID")).isNotEmpty();
  }

  @Test
  void aMessageOfPageRequestsThatReachesNothingIsSaid() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      registers().write64(SmmuV3Regs.PRIQ_IRQ_CFG0.offset(), NOWHERE);
      machine.kernel.scheduler.after(
          10_000, () -> registers().write64(SmmuV3Regs.PRIQ_IRQ_CFG0.offset(), 0));
      assertThat(machine.ask(CARD_SID, NO_SUBSTREAM, IOVA, 1, BusMaster.READ))
          .isEqualTo(Answer.INVALID);
    });

    assertThat(errors())
        .containsExactly(
            "unexpected global error reported (0x00000040), this could be serious",
            "PRIQ MSI write aborted")
        .inOrder();
  }

  @Test
  void aMessageOfCompletionThatReachesNothingIsSaidAndTheQueueGoesOn() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      long sync = Cmd.OPCODE.of(Cmd.SYNC) | Cmd.SYNC_CS.of(Cmd.SYNC_CS_IRQ);
      machine.state().cmdq().issueWithSync(sync, NOWHERE);
      machine.settle();
      assertThatTheDisplayWorks();
    });

    assertThat(errors())
        .containsExactly(
            "unexpected global error reported (0x00000010), this could be serious",
            "CMDQ MSI write aborted")
        .inOrder();
  }

  @Test
  void anErrorWhoseOwnMessageIsLostIsSaidOnceTheWireIsBack() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      registers().write64(SmmuV3Regs.GERROR_IRQ_CFG0.offset(), NOWHERE);
      long sync = Cmd.OPCODE.of(Cmd.SYNC) | Cmd.SYNC_CS.of(Cmd.SYNC_CS_IRQ);
      machine.state().cmdq().issueWithSync(sync, NOWHERE);
      machine.settle();
      assertThat(errors()).isEmpty();

      registers().write64(SmmuV3Regs.GERROR_IRQ_CFG0.offset(), 0);
      machine.settle();
    });

    assertThat(errors())
        .containsExactly(
            "unexpected global error reported (0x00000090), this could be serious",
            "GERROR MSI write aborted",
            "CMDQ MSI write aborted")
        .inOrder();
  }

  @Test
  void anSmmuThatBreaksIsTurnedOffAndLetsNothingThrough() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);

      machine.model.fail();
      machine.settle();

      assertThat(registers().read32(SmmuV3Regs.CR0.offset())).isEqualTo(0);
      assertThat(registers().read32(SmmuV3Regs.CR0ACK.offset())).isEqualTo(0);
      BusMaster display = machine.master(DISPLAY_SID);
      assertThat(display.load32(IOVA)).isEqualTo(0);
      assertThat(display.aborted()).isTrue();
      assertThat(display.load32(PA)).isEqualTo(0);
    });

    assertThat(errors())
        .containsExactly(
            "unexpected global error reported (0x00000100), this could be serious",
            "device has entered Service Failure Mode!")
        .inOrder();
  }

  /** What comes then waits for an SMMU that does nothing any more; the kernel goes on. */
  @Test
  void anInvalidationAfterThatTimesOut() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      machine.model.fail();
      machine.settle();
      machine.state().cmdq().issueWithSync(ArmSmmuV3CmdqEnt.invalidateNonSecure(), 0);
    });

    assertThat(machine.logFrom("CMD_SYNC timeout")).hasSize(1);
  }

  private void fault() {
    assertThat(machine.master(STRANGER_SID).load32(PA)).isEqualTo(0);
    machine.settle();
  }

  private void assertThatTheDisplayWorks() throws Exception {
    ArmSmmuV3Domain domain = machine.attached(machine.display);
    machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
    assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);
  }

  private MmioTarget registers() {
    return machine.model.mmio();
  }

  /** Somebody moves the queue from under the driver. */
  private void moveCommands(long base) {
    registers().write32(SmmuV3Regs.CR0.offset(), EVERYTHING_ON & ~SmmuV3Regs.CR0_CMDQEN.mask());
    machine.settle();
    registers().write64(SmmuV3Regs.CMDQ_BASE.offset(), base);
    registers().write32(SmmuV3Regs.CR0.offset(), EVERYTHING_ON);
    machine.settle();
  }

  private void moveCommandsLater(long base) {
    registers().write32(SmmuV3Regs.CR0.offset(), EVERYTHING_ON & ~SmmuV3Regs.CR0_CMDQEN.mask());
    machine.kernel.scheduler.after(
        200,
        () -> {
          registers().write64(SmmuV3Regs.CMDQ_BASE.offset(), base);
          registers().write32(SmmuV3Regs.CR0.offset(), EVERYTHING_ON);
        });
  }

  private ImmutableList<String> errors() {
    String prefix = "platform 9050000.iommu: ";
    return machine.logFrom("unexpected global error").stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .collect(ImmutableList.toImmutableList());
  }
}
