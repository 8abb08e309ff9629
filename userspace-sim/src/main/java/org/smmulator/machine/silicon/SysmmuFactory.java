package org.smmulator.machine.silicon;

import com.google.common.primitives.ImmutableIntArray;
import jakarta.inject.Inject;
import org.smmulator.hw.sysmmu.Sysmmu;
import org.smmulator.hw.sysmmu.SysmmuConfig;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Makes a sysmmu from its node. {@code smmulator,version} says which, as two cells; {@code
 * smmulator,virtual-machines} that a v7 has registers for them; {@code smmulator,prefetch} that its
 * walks read ahead.
 */
final class SysmmuFactory implements ModelFactory {
  @Inject
  SysmmuFactory() {}

  @Override
  public void solder(DtNode node, Motherboard board) {
    Sysmmu sysmmu =
        new Sysmmu(config(node), board.timebase(), board.dram(), board.interrupt(node, 0));
    board.registers(node, 0, sysmmu.mmio());
    board.translator(node, sysmmu);
  }

  private static SysmmuConfig config(DtNode node) {
    ImmutableIntArray version = node.cells("smmulator,version");
    if (version.length() != 2) {
      throw node.wrong("smmulator,version", "expected two cells, such as <3 3> or <5 0>");
    }
    try {
      return new SysmmuConfig(
          version.get(0),
          version.get(1),
          node.has("smmulator,virtual-machines"),
          node.has("smmulator,prefetch"),
          Timing.SYSMMU);
    } catch (IllegalArgumentException e) {
      throw node.wrong("such a sysmmu cannot be made: " + e.getMessage());
    }
  }
}
