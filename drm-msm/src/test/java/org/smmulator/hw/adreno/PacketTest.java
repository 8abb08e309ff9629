package org.smmulator.hw.adreno;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.adreno.GpuBench.DATA;
import static org.smmulator.hw.adreno.GpuBench.IB;
import static org.smmulator.hw.adreno.GpuBench.call;
import static org.smmulator.hw.adreno.GpuBench.data32;
import static org.smmulator.hw.adreno.GpuBench.join;
import static org.smmulator.hw.adreno.GpuBench.store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/** What each packet does, in hand-assembled rings. */
class PacketTest {
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
  void memWriteStoresItsPayload() {
    bench.run(0x703d0004, data32(0), 0, 0xcafe, 0xbeef);

    assertThat(bench.data(0)).isEqualTo(0xcafe);
    assertThat(bench.data(1)).isEqualTo(0xbeef);
    assertThat(bench.busy()).isFalse();
    assertThat(bench.read(A6xx.CP_RB_RPTR)).isEqualTo(5);
  }

  @Test
  void nopPassesOverItsPayload() {
    bench.run(join(new int[] {0x70100001, 0xdead}, new int[] {0x70108000}, store(0, 1)));

    assertThat(bench.data(0)).isEqualTo(1);
  }

  @Test
  void theRingWrapsInTheMiddleOfAPacket() {
    bench.run(join(new int[] {Pm4.packet(Pm4Opcode.NOP, 252)}, new int[252]));
    bench.run(store(0, 7)); // three dwords before the end, one after it

    assertThat(bench.data(0)).isEqualTo(7);
    assertThat(bench.read(A6xx.CP_RB_RPTR)).isEqualTo(1);
  }

  @Test
  void halfAPacketWaitsForItsOtherHalf() {
    bench.run(0x703d0004, data32(0), 0);
    assertThat(bench.irq).isFalse();

    bench.run(0xcafe, 0xbeef);

    assertThat(bench.data(1)).isEqualTo(0xbeef);
  }

  /** A client cannot give the GPU away: only the ring yields, and its own commands go on. */
  @Test
  void aYieldInsideAnIndirectBufferIsPassedOver() {
    int[] yield = {Pm4.packet(Pm4Opcode.CONTEXT_SWITCH_YIELD, 4), 0, 0, 1, 1};
    bench.fill(IB, join(store(0, 1), yield, store(1, 2)));

    bench.run(join(call(IB, 13), store(2, 3)));

    assertThat(new int[] {bench.data(0), bench.data(1), bench.data(2)})
        .isEqualTo(new int[] {1, 2, 3});
    assertThat(bench.irq).isFalse();
    assertThat(bench.busy()).isFalse();
  }

  @Test
  void indirectBuffersNestTwiceAndReturn() {
    bench.fill(IB + 0x100, store(1, 2));
    bench.fill(IB, join(call(IB + 0x100, 4), store(2, 3)));

    bench.run(join(store(0, 1), call(IB, 8), store(3, 4)));

    assertThat(new int[] {bench.data(0), bench.data(1), bench.data(2), bench.data(3)})
        .isEqualTo(new int[] {1, 2, 3, 4});
    assertThat(bench.mmio.read64(A6xx.CP_IB1_BASE.offset())).isEqualTo(IB);
    assertThat(bench.mmio.read64(A6xx.CP_IB2_BASE.offset())).isEqualTo(IB + 0x100);
  }

  @Test
  void memToMemAddsAndSubtracts() {
    bench.dram.putLong(DATA + 0x40, 100);
    bench.dram.putLong(DATA + 0x48, 30);
    bench.dram.putLong(DATA + 0x50, 0x1_0000_0000L);

    bench.run(
        Pm4.packet(Pm4Opcode.MEM_TO_MEM, 9),
        1 << 29 | 1 << 1, // 64 bits, B negated
        data32(0),
        0,
        data32(16),
        0,
        data32(18),
        0,
        data32(20),
        0);

    assertThat(bench.dram.getLong(DATA)).isEqualTo(0x1_0000_0046L);
  }

  @Test
  void registersGoToMemoryAndBack() {
    bench.write(A6xx.CP_SCRATCH, 0x1234);
    bench.dram.putInt(DATA + 4, 0x42);

    bench.run(
        0x703e8003, // REG_TO_MEM
        0x883,
        data32(0),
        0,
        Pm4.packet(Pm4Opcode.MEM_TO_REG, 3),
        0x884,
        data32(1),
        0,
        0x48088501, // scratch 2
        0x77,
        Pm4.packet(Pm4Opcode.REG_RMW, 3),
        0x883,
        0xff00,
        0x56);

    assertThat(bench.data(0)).isEqualTo(0x1234);
    assertThat(bench.mmio.read32(0x884 * 4)).isEqualTo(0x42);
    assertThat(bench.mmio.read32(0x885 * 4)).isEqualTo(0x77);
    assertThat(bench.mmio.read32(0x883 * 4)).isEqualTo(0x1256);
  }

  @Test
  void waitRegMemWaitsUntilSomeoneElseWrites() {
    bench.submit(join(new int[] {0x70bc8006, 0x13, data32(9), 0, 5, 0xff, 1}, store(0, 1)));
    bench.pass(50_000);
    assertThat(bench.busy()).isTrue();
    assertThat(bench.data(0)).isEqualTo(0);

    bench.dram.putInt(DATA + 36, 0xab05);
    bench.settle();

    assertThat(bench.data(0)).isEqualTo(1);
    assertThat(bench.busy()).isFalse();
  }

  /** The comparison is of numbers without a sign. */
  @Test
  void waitMemGtePollsUntilMemoryHasAtLeastTheValue() {
    int value = 0x7fff_fffe;
    bench.run(
        join(
            new int[] {Pm4.packet(Pm4Opcode.WAIT_MEM_GTE, 4), 0, data32(0), 0, value},
            store(1, 1)));
    assertThat(bench.data(1)).isEqualTo(0);
    assertThat(bench.busy()).isTrue();

    bench.dram.putInt(DATA, value - 1);
    bench.settle();
    assertThat(bench.data(1)).isEqualTo(0);
    bench.dram.putInt(DATA, 0x8000_0000);
    bench.settle();

    assertThat(bench.data(1)).isEqualTo(1);
    assertThat(bench.busy()).isFalse();
  }

  /** What only concerns what is drawn, or cannot happen here, takes its time and no more. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        Pm4Opcode.WAIT_FOR_IDLE,
        Pm4Opcode.WAIT_FOR_ME,
        Pm4Opcode.WAIT_MEM_WRITES,
        Pm4Opcode.THREAD_CONTROL,
        Pm4Opcode.RESET_CONTEXT_STATE,
        Pm4Opcode.SET_PSEUDO_REG,
        Pm4Opcode.SET_AMBLE,
        Pm4Opcode.SET_MODE,
        Pm4Opcode.SET_MARKER,
        Pm4Opcode.SET_SECURE_MODE,
        Pm4Opcode.SET_RENDER_MODE,
        Pm4Opcode.LOAD_STATE6,
        Pm4Opcode.LOAD_STATE6_GEOM,
        Pm4Opcode.LOAD_STATE6_FRAG,
        Pm4Opcode.SET_BIN_DATA5,
        Pm4Opcode.SET_SUBDRAW_SIZE,
        Pm4Opcode.SET_VISIBILITY_OVERRIDE,
        Pm4Opcode.SKIP_IB2_ENABLE_GLOBAL,
        Pm4Opcode.SKIP_IB2_ENABLE_LOCAL,
        Pm4Opcode.DRAW_PRED_ENABLE_GLOBAL,
        Pm4Opcode.DRAW_PRED_ENABLE_LOCAL,
        Pm4Opcode.DRAW_PRED_SET,
        Pm4Opcode.DRAW_AUTO,
        Pm4Opcode.DRAW_INDX_OFFSET,
        Pm4Opcode.DRAW_INDIRECT_MULTI,
        Pm4Opcode.RUN_OPENCL,
        Pm4Opcode.TEST_TWO_MEMS
      })
  void thePacketsOfADrawAreAcceptedAndWhatFollowsIsDone(int opcode) {
    bench.runInBuffer(join(new int[] {Pm4.packet(opcode, 1), 0}, store(0, 7)));

    assertThat(bench.data(0)).isEqualTo(7);
    assertThat(bench.busy()).isFalse();
    assertThat(bench.irq).isFalse();
  }

  @Test
  void condExecSkipsUnlessItsConditionHolds() {
    int[] ifLess = {Pm4.packet(Pm4Opcode.COND_EXEC, 6), data32(8), 0, data32(9), 0, 10, 4};
    bench.dram.putInt(DATA + 32, 1);
    bench.dram.putInt(DATA + 36, 10);
    bench.run(join(ifLess, store(0, 1), store(1, 1)));
    bench.dram.putInt(DATA + 36, -3); // the comparison is signed
    bench.run(join(ifLess, store(2, 1)));

    assertThat(bench.data(0)).isEqualTo(0);
    assertThat(bench.data(1)).isEqualTo(1);
    assertThat(bench.data(2)).isEqualTo(1);
  }

  @Test
  void condWriteWritesOnceOrNotAtAll() {
    bench.dram.putInt(DATA + 32, 5);
    int header = Pm4.packet(Pm4Opcode.COND_WRITE5, 8);

    bench.run(
        header, 0x113, data32(8), 0, 5, -1, data32(0), 0, 1, // if equal
        header, 0x114, data32(8), 0, 5, -1, data32(1), 0, 1); // if not

    assertThat(bench.data(0)).isEqualTo(1);
    assertThat(bench.data(1)).isEqualTo(0);
  }

  @Test
  void memcpyCopiesDwords() {
    bench.fill(DATA + 0x100, 1, 2, 3);

    bench.run(Pm4.packet(Pm4Opcode.MEMCPY, 5), 3, data32(64), 0, data32(0), 0);

    assertThat(new int[] {bench.data(0), bench.data(1), bench.data(2), bench.data(3)})
        .isEqualTo(new int[] {1, 2, 3, 0});
  }

  @Test
  void aTimestampEventStoresItsValueAndInterrupts() {
    bench.run(0x70460004, 0x80000004, data32(0), 0, 0x3dc3f);

    assertThat(bench.data(0)).isEqualTo(0x3dc3f);
    assertThat(bench.read(A6xx.RBBM_INT_0_STATUS)).isEqualTo(1 << 20);
    assertThat(bench.irq).isTrue();

    bench.write(A6xx.RBBM_INT_CLEAR_CMD, 1 << 20);

    assertThat(bench.irq).isFalse();
  }

  @Test
  void aMaskedInterruptShowsInTheStatusOnly() {
    bench.write(A6xx.RBBM_INT_0_MASK, 0);

    bench.run(0x70460004, 0x80000004, data32(0), 0, 1);

    assertThat(bench.irq).isFalse();
    assertThat(bench.read(A6xx.RBBM_INT_0_STATUS)).isEqualTo(1 << 20);

    bench.write(A6xx.RBBM_INT_0_MASK, 1 << 20);

    assertThat(bench.irq).isTrue();
  }

  @Test
  void aTableUpdateWritesTheRegistersAndThenInvalidates() {
    bench.run(0x70d30004, 0x6d0e5000, 0x00070001, 42, 0);

    assertThat(bench.tableWires)
        .containsExactly("bank 0 ttbr0 0x700016d0e5000 contextidr 42", "bank 0 invalidate asid 7")
        .inOrder();
  }

  /** The wires lead to bank 0 alone: a6xx_submit() and qcom_scm_set_gpu_smmu_aperture(0). */
  @Test
  void aTableUpdateWritesBank0WhateverItSays() {
    bench.run(0x70d30004, 0x6d0e5000, 0x00000001, 0, 1, 0x70d30004, 0x6d0e6000, 1, 0, -1);

    assertThat(bench.tableWires)
        .containsExactly(
            "bank 0 ttbr0 0x16d0e5000 contextidr 0",
            "bank 0 invalidate asid 0",
            "bank 0 ttbr0 0x16d0e6000 contextidr 0",
            "bank 0 invalidate asid 0")
        .inOrder();
  }

  @Test
  void theAlwaysOnCounterTicksAt19Point2Megahertz() {
    bench.pass(1_000_000_000L);

    assertThat(bench.mmio.read64(A6xx.CP_ALWAYS_ON_COUNTER.offset())).isEqualTo(19_200_000L);
  }

  @Test
  void theReadPointerIsCopiedToMemoryOnlyIfAsked() {
    bench.run(store(0, 1));
    assertThat(bench.data(8)).isEqualTo(0);

    bench.mmio.write64(A6xx.CP_RB_RPTR_ADDR.offset(), DATA + 32);
    bench.run(store(0, 1));

    assertThat(bench.data(8)).isEqualTo(8);
  }

  @Test
  void whereAmIStoresTheRingsReadPointer() {
    bench.runInBuffer(0x70620002, data32(0), 0);

    assertThat(bench.data(0)).isEqualTo(4);
  }
}
