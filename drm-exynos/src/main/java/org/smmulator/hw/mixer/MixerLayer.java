package org.smmulator.hw.mixer;

import static org.smmulator.regs.mixer.MixerRegs.CFG;
import static org.smmulator.regs.mixer.MixerRegs.CFG_GRP_ENABLE;
import static org.smmulator.regs.mixer.MixerRegs.FORMAT_ARGB1555;
import static org.smmulator.regs.mixer.MixerRegs.FORMAT_ARGB4444;
import static org.smmulator.regs.mixer.MixerRegs.FORMAT_RGB565;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_BASE;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_CFG;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_DXY;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_SPAN;
import static org.smmulator.regs.mixer.MixerRegs.GRAPHIC_WH;
import static org.smmulator.regs.mixer.MixerRegs.GRP_CFG_ALPHA;
import static org.smmulator.regs.mixer.MixerRegs.GRP_CFG_BLEND_PRE_MUL;
import static org.smmulator.regs.mixer.MixerRegs.GRP_CFG_FORMAT;
import static org.smmulator.regs.mixer.MixerRegs.GRP_CFG_PIXEL_BLEND_EN;
import static org.smmulator.regs.mixer.MixerRegs.GRP_CFG_WIN_BLEND_EN;
import static org.smmulator.regs.mixer.MixerRegs.GRP_DXY_DX;
import static org.smmulator.regs.mixer.MixerRegs.GRP_DXY_DY;
import static org.smmulator.regs.mixer.MixerRegs.GRP_WH_HEIGHT;
import static org.smmulator.regs.mixer.MixerRegs.GRP_WH_H_SCALE;
import static org.smmulator.regs.mixer.MixerRegs.GRP_WH_V_SCALE;
import static org.smmulator.regs.mixer.MixerRegs.GRP_WH_WIDTH;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.display.ScanWindow;
import org.smmulator.hw.display.ScanWindow.Layout;
import org.smmulator.hw.display.ScanWindow.Mix;
import org.smmulator.hw.display.ScanWindow.Repeat;

/** Reads the registers of a graphics layer. */
final class MixerLayer {
  private MixerLayer() {}

  /** Takes the registers of layer {@code index} over. */
  static void latch(RegisterFile registers, int index, ScanWindow window) {
    if ((CFG_GRP_ENABLE.get(registers.get(CFG)) >>> index & 1) == 0) {
      window.hide();
      return;
    }
    int config = registers.get(GRAPHIC_CFG, index);
    int size = registers.get(GRAPHIC_WH, index);
    int place = registers.get(GRAPHIC_DXY, index);
    int width = GRP_WH_WIDTH.get(size);
    Repeat repeat =
        new Repeat(GRP_WH_H_SCALE.isSet(size) ? 2 : 1, GRP_WH_V_SCALE.isSet(size) ? 2 : 1);
    int left = GRP_DXY_DX.get(place);
    int top = GRP_DXY_DY.get(place);
    Layout layout = layout(GRP_CFG_FORMAT.get(config));
    window.show(
        new ScanWindow.Place(
            left,
            top,
            left + width * repeat.columns() - 1,
            top + GRP_WH_HEIGHT.get(size) * repeat.rows() - 1),
        new ScanWindow.Source(
            registers.get(GRAPHIC_BASE, index),
            width * layout.bytes(),
            (registers.get(GRAPHIC_SPAN, index) - width) * layout.bytes(),
            layout,
            false,
            repeat),
        mix(config));
  }

  private static Layout layout(int format) {
    return switch (format) {
      case FORMAT_RGB565 -> Layout.RGB565;
      case FORMAT_ARGB1555 -> Layout.ARGB1555;
      case FORMAT_ARGB4444 -> Layout.ARGB4444;
      default -> Layout.ARGB8888;
    };
  }

  /**
   * The layer's alpha counts where WIN_BLEND_EN is set, that of a pixel where PIXEL_BLEND_EN is.
   */
  private static Mix mix(int config) {
    boolean ofPixel = GRP_CFG_PIXEL_BLEND_EN.isSet(config);
    boolean ofLayer = GRP_CFG_WIN_BLEND_EN.isSet(config);
    if (!ofPixel && !ofLayer) {
      return Mix.opaque();
    }
    int own = Mix.ALPHA_A;
    if (ofPixel && GRP_CFG_BLEND_PRE_MUL.isSet(config)) {
      own = ofLayer ? Mix.ALPHA0 : Mix.ONE;
    }
    return new Mix(ofPixel, ofLayer, GRP_CFG_ALPHA.get(config), own, Mix.ONE_MINUS_ALPHA_A);
  }
}
