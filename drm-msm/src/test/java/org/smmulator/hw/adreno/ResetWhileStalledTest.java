package org.smmulator.hw.adreno;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.adreno.GpuBench.DATA;
import static org.smmulator.hw.adreno.GpuBench.data32;
import static org.smmulator.hw.adreno.GpuBench.store;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;

/** A reset ends the packet in progress, wherever its access is stalled, and the access with it. */
class ResetWhileStalledTest {
  private static final int SCRATCH = A6xx.index(A6xx.CP_SCRATCH);
  private static final int STALLING = 0x40; // the dword of the data whose page the IOMMU stalls

  private GpuBench bench;
  private Doorbell resume;
  private boolean stalls = true;

  @BeforeEach
  void aGpuBehindAnIommuThatStalls() throws Exception {
    bench = new GpuBench(this::translate, TableSwitch.writeThenInvalidate());
    resume = bench.scheduler.doorbell("the IOMMU to let go");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private long translate(int streamId, int substreamId, long iova, int access) {
    while (stalls && iova >= DATA + 4 * STALLING && iova < DATA + 0x1000) {
      resume.await();
    }
    return iova;
  }

  static Stream<int[]> packetsThatGoOnAfterTheStalledAccess() {
    int stalling = data32(STALLING);
    int first = data32(STALLING - 1);
    return Stream.of(
        new int[] {Pm4.packet(Pm4Opcode.MEM_WRITE, 4), first, 0, 7, 7},
        new int[] {Pm4.packet(Pm4Opcode.MEM_WRITE, 4), stalling, 0, 7, 7},
        new int[] {Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5), 0, data32(0), 0, stalling, 0},
        new int[] {Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5), 0, stalling, 0, data32(1), 0},
        new int[] {Pm4.packet(Pm4Opcode.MEM_TO_REG, 3), SCRATCH | 4 << 19, stalling, 0},
        new int[] {Pm4.packet(Pm4Opcode.REG_TO_MEM, 3), SCRATCH | 4 << 18, first, 0},
        new int[] {Pm4.packet(Pm4Opcode.MEMCPY, 5), 4, stalling, 0, data32(0), 0},
        new int[] {Pm4.packet(Pm4Opcode.MEMCPY, 5), 4, data32(1), 0, first, 0},
        new int[] {Pm4.packet(Pm4Opcode.EVENT_WRITE, 4), 4, stalling, 0, 7},
        new int[] {Pm4.packet(Pm4Opcode.WHERE_AM_I, 2), stalling, 0});
  }

  @ParameterizedTest
  @MethodSource("packetsThatGoOnAfterTheStalledAccess")
  void nothingOfItHappensAfterTheReset(int[] packet) {
    for (int i = 0; i < 2 * STALLING; i++) {
      bench.dram.putInt(DATA + 4L * i, 0x100 + i);
    }
    bench.submit(packet);
    bench.settle();
    int[] before = data();

    bench.write(A6xx.RBBM_SW_RESET_CMD, 1);
    bench.start();
    stalls = false;
    resume.ring();
    bench.settle();

    assertThat(data()).isEqualTo(before);
    assertThat(bench.mmio.read32(A6xx.CP_SCRATCH.offset())).isEqualTo(0);
    bench.run(store(0, 0xcafe));
    assertThat(bench.data(0)).isEqualTo(0xcafe);
  }

  private int[] data() {
    int[] all = new int[2 * STALLING];
    for (int i = 0; i < all.length; i++) {
      all[i] = bench.data(i);
    }
    return all;
  }

  @Test
  void whatIsSubmittedWhileTheReadPointersStoreIsStalledIsFetched() {
    bench.mmio.write64(A6xx.CP_RB_RPTR_ADDR.offset(), DATA + 4L * STALLING);
    bench.submit(store(0, 1));
    bench.settle(); // done, and the store of the read pointer stalls
    bench.submit(store(1, 2));
    assertThat(bench.busy()).isTrue();

    stalls = false;
    resume.ring();
    bench.settle();

    assertThat(bench.data(1)).isEqualTo(2);
    assertThat(bench.busy()).isFalse();
  }
}
