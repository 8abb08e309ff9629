package org.smmulator.regs.sysmmu;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/** The registers of {@link SysmmuVariant}, which an enum cannot hold itself. */
record SysmmuLayout(
    Reg32 ptBase,
    Reg32 flushAll,
    Reg32 flushEntry,
    @Nullable Reg32 flushRange,
    @Nullable Reg32 flushStart,
    @Nullable Reg32 flushEnd,
    Reg32 intStatus,
    Reg32 intClear) {
  static final SysmmuLayout V1 = ofVersion1();
  static final SysmmuLayout V5 = ofVersion5("SYSMMU_V5", 0);
  static final SysmmuLayout V7_VM = ofVersion5("SYSMMU_V7_VM", 0x8000);

  private static SysmmuLayout ofVersion1() {
    RegisterMap map = new RegisterMap("SYSMMU_V1");
    return new SysmmuLayout(
        map.reg32("PT_BASE", 0x14),
        map.reg32("FLUSH_ALL", 0x0c),
        map.reg32("FLUSH_ENTRY", 0x10),
        null,
        null,
        null,
        map.reg32("INT_STATUS", 0x18),
        map.reg32("INT_CLEAR", 0x1c));
  }

  /**
   * Version 5 and later.
   *
   * @param machine where the registers of virtual machine 0 begin
   */
  private static SysmmuLayout ofVersion5(String block, int machine) {
    RegisterMap map = new RegisterMap(block);
    return new SysmmuLayout(
        map.reg32("PT_BASE", machine + 0x0c),
        map.reg32("FLUSH_ALL", machine + 0x10),
        map.reg32("FLUSH_ENTRY", machine + 0x14),
        map.reg32("FLUSH_RANGE", machine + 0x18),
        map.reg32("FLUSH_START", machine + 0x20),
        map.reg32("FLUSH_END", machine + 0x24),
        map.reg32("INT_STATUS", 0x60),
        map.reg32("INT_CLEAR", 0x64));
  }
}
