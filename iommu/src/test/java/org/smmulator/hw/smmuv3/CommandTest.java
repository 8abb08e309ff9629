package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.COMMANDS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.NOWHERE;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** How the command queue is taken, what stops it, and how completion is told. */
final class CommandTest {
  private static final long SYNC = 0x46;
  private static final long SYNC_IRQ = SYNC | 1 << 12;
  private static final long PREFETCH_CFG = 0x01;
  private static final long UNKNOWN = 0xff;

  private static final int CERROR_ILL = 1;
  private static final int CERROR_ABT = 2;
  private static final int CMDQ_ERR = 1;
  private static final int MSI_CMDQ_ABT = 1 << 4;

  private final SmmuV3Bench bench = new SmmuV3Bench();

  CommandTest() throws DramUnavailableException {}

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void commandsAreTakenOneAfterTheOtherAndTakeTime() {
    bench.start();
    bench.write(PREFETCH_CFG, 0);
    bench.write(PREFETCH_CFG, 0);
    bench.write(SYNC, 0);
    long before = bench.time.nowNs();

    bench.kick();
    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(0);
    bench.settle();

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(3);
    assertThat(bench.time.nowNs() - before).isEqualTo(3 * 50);
  }

  @Test
  void theIndexGoesRoundAndChangesItsWrapBit() {
    bench.start();
    for (int i = 0; i < 16; i++) {
      bench.command(SYNC, 0);
    }

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(0x10);
  }

  @Test
  void nothingIsTakenWhileTheQueueIsOff() {
    bench.start(SmmuV3Bench.EVTQEN);
    bench.command(SYNC, 0);
    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(0);

    bench.write(SmmuV3Regs.CR0, SmmuV3Bench.EVTQEN | SmmuV3Bench.CMDQEN);
    bench.settle();

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(1);
  }

  @Test
  void everyOpcodeOfTheNonSecureQueueIsTaken() {
    long[] opcodes = {
      0x01, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x23, 0x28, 0x2a,
      0x30, 0x40, 0x41, 0x44, 0x45, 0x46
    };
    bench.start();
    for (long opcode : opcodes) {
      bench.command(opcode, 0);
    }

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(opcodes.length);
    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(0);
  }

  @Test
  void anUnknownCommandStopsTheQueueUntilSoftwareReplacesItAndAcknowledges() {
    bench.start();
    bench.write(PREFETCH_CFG, 0);
    bench.write(UNKNOWN, 0);
    bench.write(PREFETCH_CFG, 0);
    bench.kick();
    bench.settle();

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ILL << 24 | 1);
    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(CMDQ_ERR);
    assertThat(bench.errorPin.high).isTrue();

    bench.put(COMMANDS + 16, SYNC, 0);
    bench.write(SmmuV3Regs.GERRORN, bench.read(SmmuV3Regs.GERROR));
    assertThat(bench.errorPin.high).isFalse();
    bench.settle();

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS) & 0x1f).isEqualTo(3);
  }

  @Test
  void theSecondErrorTogglesBack() {
    bench.start();
    bench.command(UNKNOWN, 0);
    bench.put(COMMANDS, SYNC, 0);
    bench.write(SmmuV3Regs.GERRORN, CMDQ_ERR);
    bench.settle();

    bench.command(UNKNOWN, 0);

    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(0);
    assertThat(bench.read(SmmuV3Regs.GERRORN)).isEqualTo(CMDQ_ERR);
    assertThat(bench.errorPin.high).isTrue();
  }

  @Test
  void aCommandForWhatThisSmmuLacksIsIllegal() throws DramUnavailableException {
    SmmuV3Config config =
        new SmmuV3Config.Builder()
            .without(Feature.STAGE_2)
            .without(Feature.PRI)
            .without(Feature.ATS)
            .without(Feature.EL2)
            .stalls(StallModel.NONE, 0)
            .build();
    long[] opcodes = {0x20, 0x21, 0x22, 0x23, 0x28, 0x2a, 0x40, 0x41, 0x44, 0x45};
    for (long opcode : opcodes) {
      try (SmmuV3Bench small = new SmmuV3Bench(config)) {
        small.start();
        small.command(opcode, 0);
        assertThat(small.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ILL << 24);
      }
    }
  }

  @Test
  void theCommandsOfStage1AreIllegalWithoutIt() throws DramUnavailableException {
    SmmuV3Config config = new SmmuV3Config.Builder().without(Feature.STAGE_1).build();
    for (long opcode : new long[] {0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x23}) {
      try (SmmuV3Bench small = new SmmuV3Bench(config)) {
        small.start();
        small.command(opcode, 0);
        assertThat(small.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ILL << 24);
      }
    }
  }

  /** IHI 0070, 4.1.6. */
  @Test
  void aSecureStreamIsIllegalHere() throws DramUnavailableException {
    for (long opcode : new long[] {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x44, 0x45}) {
      try (SmmuV3Bench one = new SmmuV3Bench()) {
        one.start();
        one.command(opcode | 1 << 10, 0);
        assertThat(one.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ILL << 24);
      }
    }
  }

  @Test
  void aQueueThatIsNotInMemoryIsAnAbort() {
    bench.write(SmmuV3Regs.CMDQ_BASE, NOWHERE | 4);
    bench.write(SmmuV3Regs.IRQ_CTRL, 1);
    bench.write(SmmuV3Regs.CR0, SmmuV3Bench.CMDQEN);
    bench.settle();
    bench.command(SYNC, 0);

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ABT << 24);
  }

  @Test
  void syncWritesItsMessageAndPullsTheWireBesides() { // IHI 0070, 4.7.3
    bench.start();

    bench.command(SYNC_IRQ | 0x1234_5678L << 32, CONTEXTS);

    assertThat(bench.dram.getInt(CONTEXTS)).isEqualTo(0x1234_5678);
    assertThat(bench.syncPin.rises).isEqualTo(1);
  }

  @Test
  void syncWithoutAnAddressPullsTheWire() {
    bench.start();

    bench.command(SYNC_IRQ, 0);

    assertThat(bench.syncPin.rises).isEqualTo(1);
    assertThat(bench.syncPin.high).isFalse();
  }

  @Test
  void aMessageThatReachesNothingIsAGlobalErrorAndTheQueueGoesOn() {
    bench.start();

    bench.command(SYNC_IRQ, NOWHERE);
    bench.command(SYNC, 0);

    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(MSI_CMDQ_ABT);
    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(2);
  }

  @Test
  void theErrorInterruptIsAMessageOnceItHasAnAddress() {
    bench.write(SmmuV3Regs.GERROR_IRQ_CFG0, CONTEXTS);
    bench.write(SmmuV3Regs.GERROR_IRQ_CFG1, 0x77);
    bench.start();

    bench.command(UNKNOWN, 0);

    assertThat(bench.dram.getInt(CONTEXTS)).isEqualTo(0x77);
    assertThat(bench.errorPin.rises).isEqualTo(0);
  }
}
