package org.smmulator.hw.hdmi;

import static org.smmulator.regs.hdmi.HdmiRegs.AUI_CON;
import static org.smmulator.regs.hdmi.HdmiRegs.AVI_CON;
import static org.smmulator.regs.hdmi.HdmiRegs.AVI_HEADER;
import static org.smmulator.regs.hdmi.HdmiRegs.BLOCK_BYTES;
import static org.smmulator.regs.hdmi.HdmiRegs.CON_0;
import static org.smmulator.regs.hdmi.HdmiRegs.CON_0_EN;
import static org.smmulator.regs.hdmi.HdmiRegs.CON_1;
import static org.smmulator.regs.hdmi.HdmiRegs.CON_2;
import static org.smmulator.regs.hdmi.HdmiRegs.CORE_BASE;
import static org.smmulator.regs.hdmi.HdmiRegs.CORE_RSTOUT;
import static org.smmulator.regs.hdmi.HdmiRegs.CORE_SW_RSTOUT;
import static org.smmulator.regs.hdmi.HdmiRegs.CTRL_BASE;
import static org.smmulator.regs.hdmi.HdmiRegs.HSYNC_POL;
import static org.smmulator.regs.hdmi.HdmiRegs.H_BLANK;
import static org.smmulator.regs.hdmi.HdmiRegs.H_LINE;
import static org.smmulator.regs.hdmi.HdmiRegs.H_SYNC_END;
import static org.smmulator.regs.hdmi.HdmiRegs.H_SYNC_START;
import static org.smmulator.regs.hdmi.HdmiRegs.INTC_CON;
import static org.smmulator.regs.hdmi.HdmiRegs.INT_PRO_MODE;
import static org.smmulator.regs.hdmi.HdmiRegs.MODE_SEL;
import static org.smmulator.regs.hdmi.HdmiRegs.PHY_CON_0;
import static org.smmulator.regs.hdmi.HdmiRegs.PHY_POWER_OFF_EN;
import static org.smmulator.regs.hdmi.HdmiRegs.PHY_RSTOUT;
import static org.smmulator.regs.hdmi.HdmiRegs.PHY_STATUS_0;
import static org.smmulator.regs.hdmi.HdmiRegs.PHY_STATUS_READY;
import static org.smmulator.regs.hdmi.HdmiRegs.PHY_SW_RSTOUT;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_BASE;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_CMD;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_EN;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_FIELD_BOT_HDMI;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_HACT_ST;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_HACT_SZ;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_H_FSZ;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VACT_ST;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VACT_ST2;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VACT_ST3;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VACT_ST4;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VACT_SZ;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VSYNC2;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_VSYNC_BOT_HDMI;
import static org.smmulator.regs.hdmi.HdmiRegs.TG_V_FSZ;
import static org.smmulator.regs.hdmi.HdmiRegs.V1_BLANK;
import static org.smmulator.regs.hdmi.HdmiRegs.V2_BLANK;
import static org.smmulator.regs.hdmi.HdmiRegs.VACT_SPACE;
import static org.smmulator.regs.hdmi.HdmiRegs.VSI_CON;
import static org.smmulator.regs.hdmi.HdmiRegs.VSYNC_POL;
import static org.smmulator.regs.hdmi.HdmiRegs.V_BLANK_F0;
import static org.smmulator.regs.hdmi.HdmiRegs.V_BLANK_F1;
import static org.smmulator.regs.hdmi.HdmiRegs.V_BLANK_F2;
import static org.smmulator.regs.hdmi.HdmiRegs.V_LINE;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_AFT_1;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_AFT_2;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_AFT_3;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_AFT_PXL_1;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_AFT_PXL_2;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_AFT_PXL_3;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_BEF_1;
import static org.smmulator.regs.hdmi.HdmiRegs.V_SYNC_LINE_BEF_2;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.display.PictureSink;
import org.smmulator.hw.display.TimingGenerator;
import org.smmulator.hw.reg.Reg32;

/**
 * HDMI 1.4 of Exynos chips: its timing generator, which the mixer in front of it runs by, and the
 * way of the mixer's lines to the monitor. There are frames while the PHY's PLL is locked, the core
 * is out of reset, and both HDMI_EN and TG_EN are set; the pixel clock and the totals in the timing
 * generator say how many.
 *
 * <p>What is seen, a line and a field less their blanks, is the upper left part of what the mixer
 * sends.
 *
 * <p>Not modelled: sound, HDCP, the one colour instead of the picture, the timings of blanks and
 * pulses, which no pixel shows, and the hot-plug interrupt of the block itself, because the driver
 * uses a pin.
 *
 * @implNote Unverified: where a picture that is smaller than the mixer's lies in it.
 */
public final class HdmiTransmitter implements PictureSink {
  private static final long NS_A_SECOND = 1_000_000_000;

  private final HdmiPhy phy;
  private final PhyGate gate;
  private final Monitor monitor;
  private final TimingGenerator timing = new TimingGenerator();
  private final RegisterFile control;
  private final RegisterFile core;
  private final RegisterFile generator;

  /** Makes a transmitter that sends nothing, with what is at both ends. */
  public HdmiTransmitter(HdmiPhy phy, PhyGate gate, Monitor monitor) {
    this.phy = phy;
    this.gate = gate;
    this.monitor = monitor;
    this.control =
        RegisterFile.builder(BLOCK_BYTES)
            .readWrite(INTC_CON)
            .onRead(PHY_STATUS_0, () -> PHY_STATUS_READY.of(clockHz() == 0 ? 0 : 1))
            .onWrite(PHY_CON_0, _ -> changed())
            .onWrite(PHY_RSTOUT, this::resetPhy)
            .onWrite(CORE_RSTOUT, this::resetCore)
            .build();
    this.core = block(CORE_REGISTERS).onWrite(CON_0, _ -> changed()).build();
    this.generator = block(TG_REGISTERS).onWrite(TG_CMD, _ -> changed()).build();
    control.set(CORE_RSTOUT, CORE_SW_RSTOUT.mask());
    phy.onChange(this::changed);
    gate.onChange(this::changed);
    monitor.onPlug(this::changed);
  }

  private static final ImmutableList<Reg32> CORE_REGISTERS =
      ImmutableList.of(
          CON_1,
          CON_2,
          MODE_SEL,
          H_BLANK,
          V2_BLANK,
          V1_BLANK,
          V_LINE,
          H_LINE,
          HSYNC_POL,
          VSYNC_POL,
          INT_PRO_MODE,
          V_BLANK_F0,
          V_BLANK_F1,
          H_SYNC_START,
          H_SYNC_END,
          V_SYNC_LINE_BEF_2,
          V_SYNC_LINE_BEF_1,
          V_SYNC_LINE_AFT_2,
          V_SYNC_LINE_AFT_1,
          V_SYNC_LINE_AFT_PXL_2,
          V_SYNC_LINE_AFT_PXL_1,
          V_BLANK_F2,
          V_SYNC_LINE_AFT_3,
          V_SYNC_LINE_AFT_PXL_3,
          VACT_SPACE,
          AVI_CON,
          AVI_HEADER,
          AUI_CON,
          VSI_CON);

  private static final ImmutableList<Reg32> TG_REGISTERS =
      ImmutableList.of(
          TG_H_FSZ,
          TG_HACT_ST,
          TG_HACT_SZ,
          TG_V_FSZ,
          TG_VSYNC2,
          TG_VACT_ST,
          TG_VACT_SZ,
          TG_VACT_ST2,
          TG_VACT_ST3,
          TG_VACT_ST4,
          TG_VSYNC_BOT_HDMI,
          TG_FIELD_BOT_HDMI);

  /** Each word holds a byte. */
  private static RegisterFile.Builder block(ImmutableList<Reg32> registers) {
    RegisterFile.Builder made = RegisterFile.builder(BLOCK_BYTES);
    registers.forEach(register -> made.readWrite(register, 0xff));
    return made;
  }

  // ---- from the CPU

  /** The register window. */
  public MmioTarget mmio() {
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        return blockAt(offset).read32(offset & 0xffff);
      }

      @Override
      public void write32(int offset, int value) {
        blockAt(offset).write32(offset & 0xffff, value);
      }
    };
  }

  private MmioTarget blockAt(int offset) {
    return switch (offset & ~0xffff) {
      case CTRL_BASE -> control;
      case CORE_BASE -> core;
      case TG_BASE -> generator;
      default -> NOTHING;
    };
  }

  private static final MmioTarget NOTHING =
      new MmioTarget() {
        @Override
        public int read32(int offset) {
          return 0;
        }

        @Override
        public void write32(int offset, int value) {}
      };

  private void resetPhy(int value) {
    if (PHY_SW_RSTOUT.isSet(value)) {
      phy.reset();
    }
    changed();
  }

  private void resetCore(int value) {
    if (!CORE_SW_RSTOUT.isSet(value)) {
      core.clear();
      generator.clear();
    }
    changed();
  }

  // ---- timing

  /** The monitor, or its absence, at the other end. */
  public Monitor monitor() {
    return monitor;
  }

  /** The clock of the mixer's frames. */
  public TimingGenerator timing() {
    return timing;
  }

  private int clockHz() {
    boolean off =
        gate.isIsolating()
            || PHY_POWER_OFF_EN.isSet(control.get(PHY_CON_0))
            || PHY_SW_RSTOUT.isSet(control.get(PHY_RSTOUT));
    return off ? 0 : phy.pixelClockHz();
  }

  private void changed() {
    long frame = frameNs();
    if (frame == 0) {
      monitor.panel().blank();
    }
    timing.set(frame);
  }

  private long frameNs() {
    boolean on =
        CORE_SW_RSTOUT.isSet(control.get(CORE_RSTOUT))
            && CON_0_EN.isSet(core.get(CON_0))
            && TG_EN.isSet(generator.get(TG_CMD));
    long pixels = (long) number(generator, TG_H_FSZ) * number(generator, TG_V_FSZ);
    int clock = on ? clockHz() : 0;
    return clock == 0 ? 0 : NS_A_SECOND * pixels / clock;
  }

  private static int number(RegisterFile block, Reg32 register) {
    return (block.get(register, 0) & 0xff) | (block.get(register, 1) & 0xff) << 8;
  }

  // ---- the picture

  private boolean isSeen() {
    return monitor.isPlugged() && timing.frameNs() != 0;
  }

  @Override
  public void begin(int frameWidth, int frameHeight) {
    if (isSeen()) {
      int lines = number(core, V2_BLANK) - number(core, V1_BLANK);
      boolean interlaced = core.get(INT_PRO_MODE) != 0;
      monitor
          .panel()
          .begin(number(core, H_LINE) - number(core, H_BLANK), interlaced ? 2 * lines : lines);
    }
  }

  @Override
  public void line(int y, int[] rgb) {
    Panel panel = monitor.panel();
    if (isSeen() && y < panel.height() && panel.width() <= rgb.length) {
      panel.line(y, rgb);
    }
  }

  @Override
  public void end() {
    if (isSeen()) {
      monitor.panel().end();
    }
  }

  @Override
  public void blank() {
    monitor.panel().blank();
  }
}
