package org.smmulator.regs.gpio;

import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Registers of the pins that wake an Exynos up, in its first pin controller. Kernel: {@code
 * pinctrl-exynos.h}, {@code exynos5250_pin_banks0[]}.
 */
public final class GpxRegs {
  /** Size of the register window that the model answers in. */
  public static final int WINDOW_BYTES = 0x1000;

  /** The banks {@code gpx0} to {@code gpx3}, an element of each array here. */
  public static final int BANKS = 4;

  public static final int PINS_A_BANK = 8;

  /** The first bank whose pins share one interrupt; each pin of those before has its own. */
  public static final int FIRST_MUXED_BANK = 2;

  private static final RegisterMap GPX = new RegisterMap("GPX");

  /** Four bits a pin: {@code FUNC_*}. */
  public static final Reg32 CON = GPX.array32("CON", 0xc00, 0x20, BANKS);

  /** A bit a pin: its level. */
  public static final Reg32 DAT = GPX.array32("DAT", 0xc04, 0x20, BANKS);

  /** Four bits a pin: what makes an interrupt, {@code EINT_*}. */
  public static final Reg32 ECON = GPX.array32("ECON", 0xe00, 4, BANKS);

  /** A bit a pin: it makes no interrupt. */
  public static final Reg32 EMASK = GPX.array32("EMASK", 0xf00, 4, BANKS);

  /** A bit a pin: what has made an interrupt; writing one clears it. */
  public static final Reg32 EPEND = GPX.array32("EPEND", 0xf40, 4, BANKS);

  // ---- values

  public static final int FUNC_INPUT = 0x0;
  public static final int FUNC_EINT = 0xf;
  public static final int EINT_LEVEL_LOW = 0;
  public static final int EINT_LEVEL_HIGH = 1;
  public static final int EINT_EDGE_FALLING = 2;
  public static final int EINT_EDGE_RISING = 3;
  public static final int EINT_EDGE_BOTH = 4;

  private GpxRegs() {}

  /** The four bits of a pin in CON and in ECON. */
  public static int nibble(int pin, int value) {
    return (value & 0xf) << (4 * pin);
  }
}
