package org.smmulator.regs.adreno;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of an A6xx's management unit (GMU), as far as a driver of the first generation asks
 * it for something. Kernel: {@code a6xx_gmu.xml}, whose numbers count dwords from the start of the
 * GPU; the map holds bytes in the unit's own window.
 */
public final class GmuRegs {
  /** The size of the register window. */
  public static final int WINDOW_BYTES = 0x30000;

  /** The start of the window in the GPU's numbers: {@code mmio_offset} of the driver. */
  private static final int WINDOW_START = 0x6a000;

  private static final RegisterMap GMU = new RegisterMap("A6XX_GMU");

  // ---- the power of the shader cores

  public static final Reg32 GX_SPTPRAC_POWER_CONTROL = reg("GMU_GX_SPTPRAC_POWER_CONTROL", 0x1a881);

  /**
   * The values that turn them on, and off. Kernel: {@code a6xx_sptprac_enable()}, {@code
   * a6xx_sptprac_disable()}.
   */
  public static final int SPTPRAC_ON = 0x778000;

  public static final int SPTPRAC_OFF = 0x778001;

  // ---- levels: which the driver asks for, by their number in the table it has sent

  /** 0 at the start of a session, 1 before the unit goes to sleep. */
  public static final Reg32 BOOT_SLUMBER_OPTION = reg("GMU_BOOT_SLUMBER_OPTION", 0x1cbf8);

  public static final Reg32 DCVS_ACK_OPTION = reg("GMU_DCVS_ACK_OPTION", 0x1cbfc);
  public static final Reg32 DCVS_PERF_SETTING = reg("GMU_DCVS_PERF_SETTING", 0x1cbfd);

  /** The number of the level of the GPU's clock. Kernel: {@code a6xx_gmu_set_freq()}. */
  public static final Field DCVS_PERF_INDEX = DCVS_PERF_SETTING.bits("INDEX", 27, 0);

  public static final Field DCVS_PERF_CLKSET = DCVS_PERF_SETTING.bits("CLKSET", 31, 28);
  public static final Reg32 DCVS_BW_SETTING = reg("GMU_DCVS_BW_SETTING", 0x1cbfe);

  /** 0 if the last request was granted. */
  public static final Reg32 DCVS_RETURN = reg("GMU_DCVS_RETURN", 0x1cbff);

  // ---- the unit's processor

  public static final Reg32 CM3_SYSRESET = reg("GMU_CM3_SYSRESET", 0x1f800);
  public static final Reg32 CM3_BOOT_CONFIG = reg("GMU_CM3_BOOT_CONFIG", 0x1f801);

  /** The result that its firmware writes when it runs. Kernel: {@code a6xx_gmu_start()}. */
  public static final Reg32 CM3_FW_INIT_RESULT = reg("GMU_CM3_FW_INIT_RESULT", 0x1f81c);

  public static final int FW_RUNS = 0xbabeface;

  // ---- counters

  public static final Reg32 POWER_COUNTER_ENABLE = reg("GMU_CX_GMU_POWER_COUNTER_ENABLE", 0x1f840);
  public static final Reg32 POWER_COUNTER_SELECT_0 =
      reg("GMU_CX_GMU_POWER_COUNTER_SELECT_0", 0x1f841);

  /** The selection that counts while the GPU is busy. Kernel: {@code a6xx_hw_init()}. */
  public static final int SELECT_BUSY = 0x20;

  public static final Reg64 POWER_COUNTER_XOCLK_0 =
      GMU.reg64("GMU_CX_GMU_POWER_COUNTER_XOCLK_0", bytes(0x1f844));

  // ---- the state of power

  public static final Reg32 SPTPRAC_PWR_CLK_STATUS = reg("GMU_SPTPRAC_PWR_CLK_STATUS", 0x1f8d0);
  public static final Field SPTPRAC_GDSC_POWER_OFF =
      SPTPRAC_PWR_CLK_STATUS.bit("SPTPRAC_GDSC_POWER_OFF", 2);
  public static final Field SPTPRAC_GDSC_POWER_ON =
      SPTPRAC_PWR_CLK_STATUS.bit("SPTPRAC_GDSC_POWER_ON", 3);
  public static final Field SP_CLOCK_OFF = SPTPRAC_PWR_CLK_STATUS.bit("SP_CLOCK_OFF", 4);
  public static final Field GMU_UP_POWER_STATE =
      SPTPRAC_PWR_CLK_STATUS.bit("GMU_UP_POWER_STATE", 5);

  /** 0xf once the unit sleeps. Kernel: {@code a6xx_gmu_notify_slumber()}. */
  public static final Reg32 RPMH_POWER_STATE = reg("GPU_GMU_CX_GMU_RPMH_POWER_STATE", 0x1f8ec);

  public static final int ASLEEP = 0xf;

  // ---- messages (HFI) and interrupts between the unit and the driver

  public static final Reg32 HFI_CTRL_STATUS = reg("GMU_HFI_CTRL_STATUS", 0x1f980);
  public static final Reg32 HFI_QTBL_INFO = reg("GMU_HFI_QTBL_INFO", 0x1f984);
  public static final Reg32 HFI_QTBL_ADDR = reg("GMU_HFI_QTBL_ADDR", 0x1f985);
  public static final Reg32 HFI_CTRL_INIT = reg("GMU_HFI_CTRL_INIT", 0x1f986);
  public static final Reg32 GMU2HOST_INTR_CLR = reg("GMU_GMU2HOST_INTR_CLR", 0x1f991);
  public static final Reg32 GMU2HOST_INTR_INFO = reg("GMU_GMU2HOST_INTR_INFO", 0x1f992);
  public static final Field INTR_MSGQ = GMU2HOST_INTR_INFO.bit("MSGQ", 0);
  public static final Field INTR_CM3_FAULT = GMU2HOST_INTR_INFO.bit("CM3_FAULT", 23);

  /** A one keeps that bit of {@link #GMU2HOST_INTR_INFO} from the interrupt. */
  public static final Reg32 GMU2HOST_INTR_MASK = reg("GMU_GMU2HOST_INTR_MASK", 0x1f993);

  /** Bits other than the first are requests without a message: see {@link Request}. */
  public static final Reg32 HOST2GMU_INTR_SET = reg("GMU_HOST2GMU_INTR_SET", 0x1f994);

  /** Says that a message is in the queue. */
  public static final Field INTR_MESSAGE = HOST2GMU_INTR_SET.bit("MESSAGE", 0);

  // ---- what is always on

  public static final Reg32 AO_INTERRUPT_CLR = reg("GMU_AO_HOST_INTERRUPT_CLR", 0x23b04);
  public static final Reg32 AO_INTERRUPT_STATUS = reg("GMU_AO_HOST_INTERRUPT_STATUS", 0x23b05);
  public static final Field AO_WDOG_BITE = AO_INTERRUPT_STATUS.bit("WDOG_BITE", 0);
  public static final Field AO_AHB_BUS_ERROR = AO_INTERRUPT_STATUS.bit("HOST_AHB_BUS_ERROR", 5);
  public static final Field AO_FENCE_ERR = AO_INTERRUPT_STATUS.bit("FENCE_ERR", 3);

  /** A one keeps that bit of {@link #AO_INTERRUPT_STATUS} from the interrupt. */
  public static final Reg32 AO_INTERRUPT_MASK = reg("GMU_AO_HOST_INTERRUPT_MASK", 0x23b06);

  public static final Reg32 AO_GPU_CX_BUSY_STATUS = reg("GPU_GMU_AO_GPU_CX_BUSY_STATUS", 0x23b0c);
  public static final Field GPUBUSYIGNAHB = AO_GPU_CX_BUSY_STATUS.bit("GPUBUSYIGNAHB", 23);
  public static final Reg32 AO_GPU_CX_BUSY_MASK = reg("GPU_GMU_AO_GPU_CX_BUSY_MASK", 0x23b0e);

  /**
   * A request without a message. Kernel: {@code a6xx_gmu_oob_bits}, of the first generation.
   *
   * @param set the bit of {@link #HOST2GMU_INTR_SET} that makes it
   * @param ack the bit of {@link #GMU2HOST_INTR_INFO} that grants it, and of {@link
   *     #HOST2GMU_INTR_SET} that takes it back
   */
  public record Request(String name, int set, int ack) {
    /** Keep the GPU on. */
    public static final Request GPU_SET = new Request("GPU_SET", 16, 24);

    /** Start a session or end it, as {@link GmuRegs#BOOT_SLUMBER_OPTION} says. */
    public static final Request BOOT_SLUMBER = new Request("BOOT_SLUMBER", 22, 30);

    /** Go to the level in {@link GmuRegs#DCVS_PERF_SETTING}. */
    public static final Request GPU_DCVS = new Request("GPU_DCVS", 23, 31);
  }

  private GmuRegs() {}

  private static Reg32 reg(String name, int dword) {
    return GMU.reg32(name, bytes(dword));
  }

  private static int bytes(int dword) {
    return dword * Integer.BYTES - WINDOW_START;
  }
}
