package org.smmulator.hw.fimd;

import static org.smmulator.regs.fimd.FimdRegs.ALPHA0;
import static org.smmulator.regs.fimd.FimdRegs.ALPHA0_B;
import static org.smmulator.regs.fimd.FimdRegs.BLENDEQ;
import static org.smmulator.regs.fimd.FimdRegs.BLENDEQ_A_FUNC;
import static org.smmulator.regs.fimd.FimdRegs.BLENDEQ_B_FUNC;
import static org.smmulator.regs.fimd.FimdRegs.BUF_GAP_BYTES;
import static org.smmulator.regs.fimd.FimdRegs.BUF_GAP_BYTES_E;
import static org.smmulator.regs.fimd.FimdRegs.BUF_LINE_BYTES;
import static org.smmulator.regs.fimd.FimdRegs.BUF_LINE_BYTES_E;
import static org.smmulator.regs.fimd.FimdRegs.BUF_SIZE;
import static org.smmulator.regs.fimd.FimdRegs.BUF_START;
import static org.smmulator.regs.fimd.FimdRegs.OSD_ALPHA0_B;
import static org.smmulator.regs.fimd.FimdRegs.OSD_X;
import static org.smmulator.regs.fimd.FimdRegs.OSD_Y;
import static org.smmulator.regs.fimd.FimdRegs.RGB_ORDER_REVERSE;
import static org.smmulator.regs.fimd.FimdRegs.SHADOWCON;
import static org.smmulator.regs.fimd.FimdRegs.SHADOWCON_CHANNEL;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_A;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_B;
import static org.smmulator.regs.fimd.FimdRegs.VIDOSD_C;
import static org.smmulator.regs.fimd.FimdRegs.WINCON;
import static org.smmulator.regs.fimd.FimdRegs.WINCON_ALPHA_MUL;
import static org.smmulator.regs.fimd.FimdRegs.WINCON_ALPHA_SEL;
import static org.smmulator.regs.fimd.FimdRegs.WINCON_BPPMODE;
import static org.smmulator.regs.fimd.FimdRegs.WINCON_ENWIN;
import static org.smmulator.regs.fimd.FimdRegs.WIN_RGB_ORDER;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.display.ScanWindow;

/** Reads the registers of a window. */
final class FimdWindow {
  private static final int HIGH_BIT = 13;

  private FimdWindow() {}

  /** Takes the registers of window {@code index} over. */
  static void latch(RegisterFile registers, int index, ScanWindow window) {
    int control = registers.get(WINCON, index);
    int channels = SHADOWCON_CHANNEL.get(registers.get(SHADOWCON));
    if (!WINCON_ENWIN.isSet(control) || (channels >>> index & 1) == 0) {
      window.hide();
      return;
    }
    int leftTop = registers.get(VIDOSD_A, index);
    int rightBottom = registers.get(VIDOSD_B, index);
    int bytes = registers.get(BUF_SIZE, index);
    window.show(
        new ScanWindow.Place(
            OSD_X.get(leftTop), OSD_Y.get(leftTop), OSD_X.get(rightBottom), OSD_Y.get(rightBottom)),
        new ScanWindow.Source(
            registers.get(BUF_START, index),
            BUF_LINE_BYTES.get(bytes) | BUF_LINE_BYTES_E.get(bytes) << HIGH_BIT,
            BUF_GAP_BYTES.get(bytes) | BUF_GAP_BYTES_E.get(bytes) << HIGH_BIT,
            ScanWindow.Layout.of(WINCON_BPPMODE.get(control)),
            RGB_ORDER_REVERSE.isSet(registers.get(WIN_RGB_ORDER, index))),
        index == 0 ? ScanWindow.Mix.opaque() : mix(registers, index, control));
  }

  private static ScanWindow.Mix mix(RegisterFile registers, int index, int control) {
    int equation = registers.get(BLENDEQ, index - 1);
    int alpha =
        OSD_ALPHA0_B.get(registers.get(VIDOSD_C, index)) << 4
            | ALPHA0_B.get(registers.get(ALPHA0, index));
    return new ScanWindow.Mix(
        WINCON_ALPHA_SEL.isSet(control),
        WINCON_ALPHA_MUL.isSet(control),
        alpha,
        BLENDEQ_A_FUNC.get(equation),
        BLENDEQ_B_FUNC.get(equation));
  }
}
