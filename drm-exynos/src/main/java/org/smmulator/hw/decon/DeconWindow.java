package org.smmulator.hw.decon;

import static org.smmulator.regs.decon.DeconRegs.ADD2_GAP_BYTES;
import static org.smmulator.regs.decon.DeconRegs.ADD2_LINE_BYTES;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ_A_FUNC;
import static org.smmulator.regs.decon.DeconRegs.BLENDERQ_B_FUNC;
import static org.smmulator.regs.decon.DeconRegs.OSD_ALPHA_B;
import static org.smmulator.regs.decon.DeconRegs.OSD_X;
import static org.smmulator.regs.decon.DeconRegs.OSD_Y;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_A;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_B;
import static org.smmulator.regs.decon.DeconRegs.VIDOSD_C;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD0;
import static org.smmulator.regs.decon.DeconRegs.VIDW_ADD2;
import static org.smmulator.regs.decon.DeconRegs.WINCON;
import static org.smmulator.regs.decon.DeconRegs.WINCON_ALPHA_MUL;
import static org.smmulator.regs.decon.DeconRegs.WINCON_ALPHA_SEL;
import static org.smmulator.regs.decon.DeconRegs.WINCON_BPPMODE;
import static org.smmulator.regs.decon.DeconRegs.WINCON_ENWIN;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.display.ScanWindow;

/** Reads the registers of a window. */
final class DeconWindow {
  private DeconWindow() {}

  /** Takes the registers of window {@code index} over. */
  static void latch(RegisterFile registers, int index, ScanWindow window) {
    int control = registers.get(WINCON, index);
    if (!WINCON_ENWIN.isSet(control)) {
      window.hide();
      return;
    }
    int leftTop = registers.get(VIDOSD_A, index);
    int rightBottom = registers.get(VIDOSD_B, index);
    int bytes = registers.get(VIDW_ADD2, index);
    window.show(
        new ScanWindow.Place(
            OSD_X.get(leftTop), OSD_Y.get(leftTop), OSD_X.get(rightBottom), OSD_Y.get(rightBottom)),
        new ScanWindow.Source(
            registers.get(VIDW_ADD0, index),
            ADD2_LINE_BYTES.get(bytes),
            ADD2_GAP_BYTES.get(bytes),
            ScanWindow.Layout.of(WINCON_BPPMODE.get(control)),
            false),
        index == 0 ? ScanWindow.Mix.opaque() : mix(registers, index, control));
  }

  private static ScanWindow.Mix mix(RegisterFile registers, int index, int control) {
    int equation = registers.get(BLENDERQ, index - 1);
    return new ScanWindow.Mix(
        WINCON_ALPHA_SEL.isSet(control),
        WINCON_ALPHA_MUL.isSet(control),
        OSD_ALPHA_B.get(registers.get(VIDOSD_C, index)),
        BLENDERQ_A_FUNC.get(equation),
        BLENDERQ_B_FUNC.get(equation));
  }
}
