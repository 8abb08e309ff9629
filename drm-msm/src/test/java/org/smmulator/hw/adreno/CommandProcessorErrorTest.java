package org.smmulator.hw.adreno;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.adreno.GpuBench.IB;
import static org.smmulator.hw.adreno.GpuBench.RAM;
import static org.smmulator.hw.adreno.GpuBench.call;
import static org.smmulator.hw.adreno.GpuBench.join;
import static org.smmulator.hw.adreno.GpuBench.store;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/** Bad packets, protected registers, and the reset that mends what they broke. */
class CommandProcessorErrorTest {
  private GpuBench bench;

  @BeforeEach
  void open() throws Exception {
    bench = new GpuBench();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void anUnknownOpcodeHangsUntilAReset() {
    int unknown = Pm4.packet(0x7e, 0);
    bench.runInBuffer(unknown);
    bench.run(store(0, 1));

    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_OPCODE_ERROR.mask());
    assertThat(bench.read(A6xx.CP_SQE_STAT_DATA)).isEqualTo(unknown);
    assertThat(bench.read(A6xx.RBBM_INT_0_STATUS)).isEqualTo(A6xx.INT_CP_HW_ERROR.mask());
    assertThat(bench.irq).isTrue();
    assertThat(bench.busy()).isTrue();
    assertThat(bench.data(0)).isEqualTo(0);

    bench.write(A6xx.RBBM_SW_RESET_CMD, 1);
    assertThat(bench.irq).isFalse();
    assertThat(bench.busy()).isFalse();
    bench.start();
    bench.run(store(0, 1));

    assertThat(bench.data(0)).isEqualTo(1);
  }

  @Test
  void aDwordThatIsNoHeaderIsAnOpcodeError() {
    bench.runInBuffer(0, 0, 0);

    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_OPCODE_ERROR.mask());
  }

  @Test
  void aPacketThatReachesBeyondItsBufferIsAnOpcodeError() {
    bench.fill(IB, 0x703d0004, 0, 0, 0, 0);

    bench.run(call(IB, 3));

    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_OPCODE_ERROR.mask());
  }

  @Test
  void privilegedPacketsAreRefusedOutsideTheRing() {
    bench.runInBuffer(0x70d30004, 0x6d0e5000, 1, 0, 0);

    assertThat(bench.tableWires).isEmpty();
    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_OPCODE_ERROR.mask());
  }

  @Test
  void aBufferMayNotSwitchProtectedModeOff() {
    bench.runInBuffer(0x70df0001, 0);

    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_OPCODE_ERROR.mask());
  }

  @Test
  void aThirdLevelOfBuffersIsRefused() {
    bench.fill(IB + 0x200, store(0, 1));
    bench.fill(IB + 0x100, call(IB + 0x200, 4));
    bench.runInBuffer(call(IB + 0x100, 4));

    assertThat(bench.data(0)).isEqualTo(0);
    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_OPCODE_ERROR.mask());
  }

  @Test
  void aFetchFromNowhereIsAHardwareFault() {
    bench.run(call(0x1_0000_0000L, 4));

    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS)).isEqualTo(A6xx.CP_INT_HW_FAULT_ERROR.mask());
    assertThat(bench.read(A6xx.CP_HW_FAULT)).isNotEqualTo(0);
    assertThat(bench.irq).isTrue();
  }

  @Test
  void aStoreToNowhereIsLostAndTheRestGoesOn() {
    bench.runInBuffer(join(new int[] {0x703d0004, 0, 0x10, 1, 2}, store(0, 1)));

    assertThat(bench.data(0)).isEqualTo(1);
    assertThat(bench.irq).isFalse();
  }

  @Test
  void aProtectedRegisterIsOutOfReachInProtectedModeOnly() {
    protect(1 << 31 | 2 << 18 | 0x883, true); // scratch 0 to 2, loads too
    bench.run(0x70df0001, 0, 0x48088501, 0x11, 0x70df0001, 1);
    assertThat(bench.mmio.read32(0x885 * 4)).isEqualTo(0x11);

    bench.runInBuffer(0x48088501, 0x22);

    assertThat(bench.mmio.read32(0x885 * 4)).isEqualTo(0x11);
    assertThat(bench.read(A6xx.CP_INTERRUPT_STATUS))
        .isEqualTo(A6xx.CP_INT_REGISTER_PROTECTION_ERROR.mask());
    assertThat(bench.read(A6xx.CP_PROTECT_STATUS)).isEqualTo(0x885);
    assertThat(bench.busy()).isTrue();
  }

  @Test
  void aLoadIsRefusedWhereTheRangeSaysSo() {
    protect(1 << 31 | 0x883, true);
    bench.run(0x70df0001, 1);

    bench.runInBuffer(0x703e8003, 0x883, GpuBench.data32(0), 0);

    assertThat(bench.read(A6xx.CP_PROTECT_STATUS)).isEqualTo(1 << 20 | 0x883);
  }

  @Test
  void theRegisterBehindARangeIsNotProtected() {
    protect(1 << 18 | 0x883, true);
    bench.run(0x70df0001, 1);

    bench.runInBuffer(0x48088501, 0x22);

    assertThat(bench.mmio.read32(0x885 * 4)).isEqualTo(0x22);
    assertThat(bench.irq).isFalse();
  }

  @Test
  void aViolationThatRaisesNoFaultIsDroppedInSilence() {
    protect(0x885, false);
    bench.run(0x70df0001, 1);

    bench.runInBuffer(join(new int[] {0x48088501, 0x22}, store(0, 1)));

    assertThat(bench.mmio.read32(0x885 * 4)).isEqualTo(0);
    assertThat(bench.data(0)).isEqualTo(1);
    assertThat(bench.irq).isFalse();
  }

  @Test
  void anEndlessLoopTakesTimeAndEndsAtAReset() {
    int[] loop = call(IB, 4);
    loop[0] = Pm4.packet(Pm4Opcode.INDIRECT_BUFFER_CHAIN, 3);
    bench.fill(IB, loop);
    bench.submit(call(IB, 4));
    bench.pass(100_000);
    assertThat(bench.busy()).isTrue();

    bench.gpu.reset();
    bench.settle();
    bench.start();
    bench.run(store(0, 1));

    assertThat(bench.data(0)).isEqualTo(1);
  }

  @Test
  void aWaitThatNeverEndsEndsAtAReset() {
    bench.submit(0x70bc8006, 0x13, GpuBench.data32(9), 0, 5, 0xff, 1);
    bench.pass(100_000);

    bench.write(A6xx.RBBM_SW_RESET_CMD, 1);
    bench.settle();

    assertThat(bench.busy()).isFalse();
  }

  @Test
  void aCommandProcessorThatForgetsToInvalidateCanBeBuilt() throws Exception {
    TableSwitch forgetful = (port, bank, ttbr0, context) -> port.switchTable(bank, ttbr0, context);
    try (GpuBench broken = new GpuBench(Translator.none(), forgetful)) {
      broken.run(0x70d30004, 0x6d0e5000, 1, 0, 0);

      assertThat(broken.tableWires).containsExactly("bank 0 ttbr0 0x16d0e5000 contextidr 0");
    }
  }

  @Test
  void noiseInABufferNeverBreaksTheSimulator() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 2_000; round++) {
      for (int i = 0; i < 64; i++) {
        bench.dram.putInt(IB + 4L * i, noise(random));
      }
      bench.submit(call(IB, 64));
      bench.pass(20_000);
      bench.gpu.reset();
      bench.start();
    }
    bench.run(store(0, 1));

    assertThat(bench.data(0)).isEqualTo(1);
  }

  /** A packet header of any kind, an address, or anything at all. */
  private static int noise(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> Pm4.packet(random.nextInt(128), random.nextInt(10));
      case 1 -> Pm4.writeRegisters(random.nextInt(0x40000), random.nextInt(8));
      case 2 -> (int) RAM + random.nextInt(1 << 20);
      default -> random.nextInt();
    };
  }

  private void protect(int range, boolean fault) {
    bench.mmio.write32(A6xx.CP_PROTECT.offset(3), range);
    bench.write(A6xx.CP_PROTECT_CNTL, fault ? 3 : 1);
  }
}
