package org.smmulator.iommu.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Splitter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/** Every bit of INT_STATUS of every version: the words for it, and whence the iova comes. */
class SysmmuFaultWordsTest {
  private static final int BITS = 32;
  private static final int V7_INFO = 0x78;
  private static final int V7_VM_INFO = 0x1004;
  private static final int WRITE = 1 << 20;

  /** A register reads as its own offset in bits 31:16, but for what a test says. */
  private static final class Registers implements MmioTarget {
    private final int infoOffset;
    private final int info;

    Registers(int infoOffset, int info) {
      this.infoOffset = infoOffset;
      this.info = info;
    }

    @Override
    public int read32(int offset) {
      return offset == infoOffset ? info : offset << 16;
    }

    @Override
    public void write32(int offset, int value) {
      throw new AssertionError("a store to 0x" + Integer.toHexString(offset));
    }
  }

  @Test
  void versions1To3HaveARegisterForEachKind() {
    check(
        SysmmuVariant.V1,
        new Registers(-1, 0),
        """
        0  24 READ PAGE
        1  2c READ MULTI-HIT
        2  28 WRITE MULTI-HIT
        3  30 READ BUS ERROR
        4  2c READ SECURITY PROTECTION
        5  2c READ ACCESS PROTECTION
        6  28 WRITE SECURITY PROTECTION
        7  28 WRITE ACCESS PROTECTION
        """);
  }

  @Test
  void version5HasReadsInTheLowHalfAndWritesInTheHighOne() {
    check(
        SysmmuVariant.V5,
        new Registers(-1, 0),
        """
        0  70 READ PTW
        1  70 READ PAGE
        2  70 READ MULTI-HIT
        3  70 READ ACCESS PROTECTION
        4  70 READ SECURITY PROTECTION
        16 80 WRITE PTW
        17 80 WRITE PAGE
        18 80 WRITE MULTI-HIT
        19 80 WRITE ACCESS PROTECTION
        20 80 WRITE SECURITY PROTECTION
        """);
  }

  @Test
  void version7HasFourBitsForEachVirtualMachine() {
    check(SysmmuVariant.V7, new Registers(V7_INFO, 0), everyMachine("70 READ"));
    check(SysmmuVariant.V7, new Registers(V7_INFO, WRITE), everyMachine("70 WRITE"));
    check(SysmmuVariant.V7, new Registers(V7_INFO, ~WRITE), everyMachine("70 READ"));
    check(SysmmuVariant.V7_VM, new Registers(V7_VM_INFO, 0), everyMachine("1000 READ"));
    check(SysmmuVariant.V7_VM, new Registers(V7_VM_INFO, WRITE), everyMachine("1000 WRITE"));
  }

  private static String everyMachine(String where) {
    StringBuilder table = new StringBuilder();
    for (int bit = 0; bit < BITS; bit += 4) {
      table.append("%d %s PTW\n".formatted(bit, where));
      table.append("%d %s PAGE\n".formatted(bit + 1, where));
      table.append("%d %s ACCESS PROTECTION\n".formatted(bit + 2, where));
      table.append("%d %s RESERVED\n".formatted(bit + 3, where));
    }
    return table.toString();
  }

  /** Holds all bits against a table; a bit that is not in it means nothing. */
  private static void check(SysmmuVariant variant, MmioTarget registers, String table) {
    Scheduler time = new Scheduler(Schedule.firstCome(), 1);
    Mmio mmio = new Mmio("sysmmu", registers, 0, 0x9000, Wire.tiedHigh(), time, 0);
    String[] expected = new String[BITS];
    for (String line : table.lines().toList()) {
      List<String> words = Splitter.on(' ').omitEmptyStrings().limit(4).splitToList(line);
      long iova = Long.parseLong(words.get(1), 16) << 16;
      expected[Integer.parseInt(words.get(0))] =
          "[%s] %s FAULT occurred at 0x%x".formatted(words.get(2), words.get(3), iova);
    }
    for (int bit = 0; bit < BITS; bit++) {
      ExynosSysmmuFault fault = ExynosSysmmuFault.read(mmio, variant, bit);
      assertWithMessage("bit %s of %s", bit, variant)
          .that(fault == null ? null : fault.toString())
          .isEqualTo(expected[bit]);
    }
    assertThat(expected[0]).isNotNull();
    time.close();
  }
}
