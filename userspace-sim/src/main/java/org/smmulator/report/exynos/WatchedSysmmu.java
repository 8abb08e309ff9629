package org.smmulator.report.exynos;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;
import org.smmulator.report.trace.MasterNames;

/** A sysmmu whose registers are read when an engine uses it. */
final class WatchedSysmmu {
  private static final int PAGE_SHIFT = 12;
  private static final int FIRST_WIDE = 5;

  private final DtNode node;
  private final MmioTarget registers;
  private String name;

  WatchedSysmmu(DtNode node, MmioTarget registers) {
    this.node = node;
    this.registers = registers;
    this.name = node.name();
  }

  DtNode node() {
    return node;
  }

  /** The master and the sysmmu: {@code g2d@12480000 by sysmmu@12490000}. */
  String name() {
    return name;
  }

  /** Learns whose transactions come here: one master's. */
  void findMaster(MasterNames names) {
    name = names.of(node, 0) + " by " + node.name();
  }

  /** True unless all addresses pass unchanged. */
  boolean translates() {
    return SysmmuRegs.CTRL_TRANSLATE.isSet(registers.read32(SysmmuRegs.CTRL.offset()));
  }

  /** Walks the table that the sysmmu's registers point to. */
  String walk(Dram dram, long iova) {
    int version = registers.read32(SysmmuRegs.VERSION.offset());
    int major =
        version == SysmmuRegs.VERSION_1_0_IN_DISGUISE ? 1 : SysmmuRegs.VERSION_MAJOR.get(version);
    boolean wide = major >= FIRST_WIDE;
    boolean machines = node.has("smmulator,virtual-machines");
    int base = registers.read32(SysmmuVariant.of(major, machines).ptBase().offset());
    long root = Integer.toUnsignedLong(base) << (wide ? PAGE_SHIFT : 0);
    return "root 0x%x: %s".formatted(root, SysmmuWalk.walk(dram, root, wide, iova));
  }
}
