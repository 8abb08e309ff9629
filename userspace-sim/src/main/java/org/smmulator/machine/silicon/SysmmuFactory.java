package org.smmulator.machine.silicon;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.sysmmu.Sysmmu;
import org.smmulator.hw.sysmmu.SysmmuConfig;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Makes a sysmmu from its node. {@code smmulator,version} has two cells, major and minor; {@code
 * smmulator,virtual-machines} gives a v7 the registers of virtual machines; with {@code
 * smmulator,prefetch} its walks read ahead.
 */
final class SysmmuFactory implements ModelFactory {
  @Override
  public void install(DtNode node, Motherboard board) {
    Sysmmu sysmmu =
        new Sysmmu(
            config(board.silicon(node)), board.timebase(), board.dram(), board.interrupt(node, 0));
    board.registers(node, 0, sysmmu.mmio());
    board.translator(node, sysmmu);
  }

  private static SysmmuConfig config(Silicon silicon) {
    ImmutableIntArray version = silicon.required("smmulator,version");
    if (version.length() != 2) {
      throw silicon.wrong("smmulator,version", "expected two cells, such as <3 3> or <5 0>");
    }
    return silicon.make(
        "a sysmmu",
        () ->
            new SysmmuConfig(
                version.get(0),
                version.get(1),
                silicon.has("smmulator,virtual-machines"),
                silicon.has("smmulator,prefetch"),
                Timing.SYSMMU));
  }
}
