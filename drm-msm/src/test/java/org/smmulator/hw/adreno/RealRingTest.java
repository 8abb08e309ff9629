package org.smmulator.hw.adreno;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.adreno.A6xx;

/**
 * One job in the ring of a real SC7180 (Adreno 618, Linux 5.19): the switch to a process's table,
 * the indirect buffers, the fence. From {@code crash_prefetch.devcore} of the Mesa project (MIT
 * licence), dwords 9 to 82.
 */
class RealRingTest {
  private static final long RING_HALF = 0x0001_0000_0000_0000L;
  private static final long STATS = RING_HALF;
  private static final long SHADOW = RING_HALF + 0x11000;

  private static final int[] RING = {
    0x70620002, 0x00011000, 0x00010000, 0x70df0001, 0x00000000, 0x40050e01, 0x00000001,
    0x70d30004, 0x6d0e5000, 0x00000001, 0x00000000, 0x00000000, 0x703d0004, 0x00000808,
    0x00010000, 0x6d0e5000, 0x00000001, 0x70460001, 0x00000031, 0x70bc8006, 0x00000003,
    0x0000050f, 0x00000000, 0x00000001, 0x00000001, 0x00000000, 0x70df0001, 0x00000001,
    0x703e8003, 0x40080400, 0x000007e8, 0x00010000, 0x703e8003, 0x40080980, 0x000007f8,
    0x00010000, 0x70460001, 0x00000018, 0x70460001, 0x00000019, 0x70bf8003, 0x000e3000,
    0x00000001, 0x00000174, 0x70bf8003, 0x00223000, 0x00000001, 0x000000dd, 0x70bf8003,
    0x0022d000, 0x00000001, 0x00000ffe, 0x70bf8003, 0x00231000, 0x00000001, 0x00000fb0,
    0x703e8003, 0x40080400, 0x000007f0, 0x00010000, 0x703e8003, 0x40080980, 0x00000800,
    0x00010000, 0x48088501, 0x0003dc3f, 0x70460004, 0x80000004, 0x00000004, 0x00010000,
    0x0003dc3f, 0x70620002, 0x00011000, 0x00010000
  };

  /** The upper half of the address space, and the process's buffers full of NOPs. */
  private static long translate(long iova) {
    if (iova >= RING_HALF) {
      return GpuBench.DATA + (iova - RING_HALF);
    }
    if (iova >= 0x1_0000_0000L) {
      return GpuBench.IB + (iova & 0xfff);
    }
    return iova;
  }

  @Test
  void runsToItsFence() throws Exception {
    Translator halves = (streamId, substreamId, iova, access) -> translate(iova);
    try (GpuBench bench = new GpuBench(halves, TableSwitch.writeThenInvalidate())) {
      for (int i = 0; i < 1024; i++) {
        bench.dram.putInt(GpuBench.IB + 4L * i, 0x70108000);
      }

      bench.run(RING);

      assertThat(bench.tableWires)
          .containsExactly("bank 0 ttbr0 0x16d0e5000 contextidr 0", "bank 0 invalidate asid 0")
          .inOrder();
      assertThat(load64(bench, STATS + 0x808)).isEqualTo(0x1_6d0e_5000L);
      assertThat(bench.dram.getInt(translate(STATS + 4))).isEqualTo(0x3dc3f);
      assertThat(bench.mmio.read32(0x885 * 4)).isEqualTo(0x3dc3f);
      assertThat(load64(bench, STATS + 0x7f0)).isGreaterThan(load64(bench, STATS + 0x7e8));
      assertThat(load64(bench, STATS + 0x800)).isGreaterThan(load64(bench, STATS + 0x7f8));
      assertThat(bench.dram.getInt(translate(SHADOW))).isEqualTo(RING.length);
      assertThat(bench.read(A6xx.RBBM_INT_0_STATUS)).isEqualTo(1 << 20);
      assertThat(bench.busy()).isFalse();
    }
  }

  private static long load64(GpuBench bench, long iova) {
    return bench.dram.getLong(translate(iova));
  }
}
