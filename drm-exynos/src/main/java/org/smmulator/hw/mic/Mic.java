package org.smmulator.hw.mic;

import static org.smmulator.regs.mic.DispSysregRegs.MIC0_I80_MUX;
import static org.smmulator.regs.mic.DispSysregRegs.MIC0_ON_MUX;
import static org.smmulator.regs.mic.DispSysregRegs.MIC0_RGB_MUX;
import static org.smmulator.regs.mic.MicRegs.BS_SIZE_2D;
import static org.smmulator.regs.mic.MicRegs.IMG_H_SIZE;
import static org.smmulator.regs.mic.MicRegs.IMG_SIZE;
import static org.smmulator.regs.mic.MicRegs.IMG_V_SIZE;
import static org.smmulator.regs.mic.MicRegs.INPUT_TIMING_0;
import static org.smmulator.regs.mic.MicRegs.INPUT_TIMING_1;
import static org.smmulator.regs.mic.MicRegs.OP;
import static org.smmulator.regs.mic.MicRegs.OP_COMMAND_MODE;
import static org.smmulator.regs.mic.MicRegs.OP_CORE_EN;
import static org.smmulator.regs.mic.MicRegs.OP_ON;
import static org.smmulator.regs.mic.MicRegs.OP_SW_RST;
import static org.smmulator.regs.mic.MicRegs.OP_UPD;
import static org.smmulator.regs.mic.MicRegs.OUTPUT_TIMING_0;
import static org.smmulator.regs.mic.MicRegs.OUTPUT_TIMING_1;
import static org.smmulator.regs.mic.MicRegs.OUTPUT_TIMING_2;
import static org.smmulator.regs.mic.MicRegs.V_TIMING_0;
import static org.smmulator.regs.mic.MicRegs.V_TIMING_1;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.display.PictureSink;
import org.smmulator.regs.mic.MicRegs;

/**
 * A Mobile Image Compressor: it makes each line half as long, so that a DSI link can keep up, and
 * the panel makes it as long as it was. What comes out is what went in, while MIC has its clocks,
 * is on, in the mode of its controller and of the frame's size, and the multiplexer leads through
 * it; a frame that begins while one of these fails never reaches the panel, and one that is under
 * way then breaks off.
 *
 * <p>Not modelled: what compressing loses, since the algorithm is not published; timings.
 *
 * @implNote Unverified: that the registers count from UPD_REG on; that a frame of another size than
 *     MIC_IMG_SIZE is not sent; that a line ends where its compressed half is longer than
 *     BS_SIZE_2D; what a panel that decompresses shows of a frame that is not compressed (here
 *     none).
 */
public final class Mic implements PictureSink {
  private static final int MAX_WIDTH = 1 << 14;

  private final DispSysreg sysreg;
  private final Wire clocks;
  private final PictureSink next;
  private final RegisterFile registers;
  private final int[] sent = new int[MAX_WIDTH];

  // ---- what counts since the last update
  private boolean on;
  private int muxWanted;
  private int width;
  private int height;
  private int lineLength;

  private boolean frameRuns;

  /**
   * Makes a MIC that is off.
   *
   * @param sysreg leads the frames through it or not
   * @param clocks high while it has power and clocks
   * @param next behind it
   */
  public Mic(DispSysreg sysreg, Wire clocks, PictureSink next) {
    this.sysreg = sysreg;
    this.clocks = clocks;
    this.next = next;
    RegisterFile.Builder file = RegisterFile.builder(MicRegs.WINDOW_BYTES);
    ImmutableList.of(
            V_TIMING_0,
            V_TIMING_1,
            IMG_SIZE,
            INPUT_TIMING_0,
            INPUT_TIMING_1,
            OUTPUT_TIMING_0,
            OUTPUT_TIMING_1,
            OUTPUT_TIMING_2)
        .forEach(file::readWrite);
    this.registers = file.onWrite(OP, this::operate).build();
  }

  /** The register window, {@code MicRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  private void operate(int value) {
    if (OP_SW_RST.isSet(value)) {
      registers.clear();
      on = false;
    } else if (OP_UPD.isSet(value)) {
      update(value);
    }
    registers.set(OP, registers.get(OP) & ~(OP_SW_RST.mask() | OP_UPD.mask()));
  }

  private void update(int value) {
    on = OP_CORE_EN.isSet(value) && OP_ON.isSet(value);
    muxWanted =
        MIC0_ON_MUX.mask()
            | (OP_COMMAND_MODE.isSet(value) ? MIC0_I80_MUX.mask() : MIC0_RGB_MUX.mask());
    width = IMG_H_SIZE.get(registers.get(IMG_SIZE));
    height = IMG_V_SIZE.get(registers.get(IMG_SIZE));
    lineLength = 2 * BS_SIZE_2D.get(registers.get(OUTPUT_TIMING_2));
  }

  private boolean passes() {
    return on && clocks.isHigh() && (sysreg.mux() & muxWanted) == muxWanted;
  }

  // ---- from the controller

  @Override
  public void begin(int frameWidth, int frameHeight) {
    frameRuns = passes() && frameWidth == width && frameHeight == height;
    if (frameRuns) {
      next.begin(frameWidth, frameHeight);
    }
  }

  @Override
  public void line(int y, int[] rgb) {
    frameRuns &= passes();
    if (!frameRuns) {
      return;
    }
    if (lineLength >= width) {
      next.line(y, rgb);
      return;
    }
    System.arraycopy(rgb, 0, sent, 0, lineLength);
    Arrays.fill(sent, lineLength, width, 0);
    next.line(y, sent);
  }

  @Override
  public void end() {
    if (frameRuns && passes()) {
      next.end();
    }
    frameRuns = false;
  }

  @Override
  public void blank() {
    frameRuns = false;
    next.blank();
  }
}
