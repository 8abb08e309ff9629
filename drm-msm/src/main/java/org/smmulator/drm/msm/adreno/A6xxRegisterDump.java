package org.smmulator.drm.msm.adreno;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.coredump.CrashState.Section;
import org.smmulator.hw.bus.Mmio;

/**
 * The sections that a dump of an Adreno 6xx has and others have not. Kernel: {@code a6xx_show()},
 * and the ranges of {@code a6xx_gpu_state.h}.
 *
 * <p>Read by the CPU one after another, as Linux does where the crash dumper cannot run. Left out:
 * the registers of the blocks that draw.
 */
final class A6xxRegisterDump {
  private static final int OFFSET_DIGITS = 6;

  /** First and last register of each range, in dwords: the status, RBBM, CP, VSC and UCHE. */
  private static final int[] RANGES = {
    0x0210, 0x0213, 0x0825, 0x0825, //
    0x0000, 0x0002, 0x0010, 0x0010, 0x0012, 0x0012, 0x0018, 0x001b, 0x001e, 0x0032, //
    0x0038, 0x003c, 0x0042, 0x0042, 0x0044, 0x0044, 0x0047, 0x0047, 0x0056, 0x0056, //
    0x00ad, 0x00ae, 0x00b0, 0x00fb, 0x0100, 0x011d, 0x0200, 0x020d, 0x0218, 0x023d, //
    0x0400, 0x04f9, 0x0500, 0x0500, 0x0505, 0x050b, 0x050e, 0x0511, 0x0533, 0x0533, //
    0x0540, 0x0555, //
    0x0800, 0x0808, 0x0810, 0x0813, 0x0820, 0x0821, 0x0823, 0x0824, 0x0826, 0x0827, //
    0x0830, 0x0833, 0x0840, 0x0845, 0x084f, 0x086f, 0x0880, 0x088a, 0x08a0, 0x08ab, //
    0x08c0, 0x08c4, 0x08d0, 0x08dd, 0x08f0, 0x08f3, 0x0900, 0x0903, 0x0908, 0x0911, //
    0x0928, 0x093e, 0x0942, 0x094d, 0x0980, 0x0984, 0x098d, 0x0996, 0x0998, 0x099e, //
    0x09a0, 0x09a6, 0x09a8, 0x09ae, 0x09b0, 0x09b1, 0x09c2, 0x09c8, 0x0a00, 0x0a03, //
    0x0c00, 0x0c04, 0x0c06, 0x0c06, 0x0c10, 0x0cd9, 0x0e00, 0x0e0e, //
    0x0e10, 0x0e13, 0x0e17, 0x0e19, 0x0e1c, 0x0e2b, 0x0e30, 0x0e32, 0x0e38, 0x0e39
  };

  private A6xxRegisterDump() {}

  /** Returns the sections; those of the management unit are empty where there is none. */
  static ImmutableList<Section> sections(Mmio mmio, @Nullable A6xxGmu gmu) {
    return ImmutableList.of(
        gmu == null ? new Section.Empty("gmu-log") : gmu.logSection(),
        gmu == null ? new Section.Empty("gmu-hfi") : gmu.hfiSection(),
        gmu == null ? new Section.Empty("gmu-debug") : gmu.debugSection(),
        new Section.Registers("registers", OFFSET_DIGITS, registers(mmio)),
        new Section.Empty("registers-gmu"),
        new Section.Empty("indexed-registers"),
        new Section.Empty("shader-blocks"),
        new Section.Empty("clusters"),
        new Section.Empty("debugbus"));
  }

  private static ImmutableList<Section.Register> registers(Mmio mmio) {
    ImmutableList.Builder<Section.Register> all = ImmutableList.builder();
    for (int i = 0; i < RANGES.length; i += 2) {
      for (int register = RANGES[i]; register <= RANGES[i + 1]; register++) {
        int offset = register << 2;
        all.add(new Section.Register(offset, mmio.read32(offset)));
      }
    }
    return all.build();
  }
}
