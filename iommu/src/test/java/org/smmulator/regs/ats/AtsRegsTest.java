package org.smmulator.regs.ats;

import org.junit.jupiter.api.Test;
import org.smmulator.regs.smmuv2.FactTable;

/** The ATS capability against the PCI Express Base Specification and the kernel's header. */
class AtsRegsTest {
  @Test
  void theControlWordIsTwoRegistersOfSixteenBits() throws Exception {
    FactTable.check(
        AtsRegs.class,
        """
        HEADER 0x00 ID 15:0 VERSION 19:16
        CONTROL 0x04 QDEP 4:0 PAGE_ALIGNED 5 GLOBAL_INVALIDATE 6 STU 20:16 ENABLE 31
        """);
  }
}
