package org.smmulator.hw.g2d;

import static org.smmulator.regs.g2d.G2dRegs.ALPHA;
import static org.smmulator.regs.g2d.G2dRegs.BG_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.BITBLT_COMMAND;
import static org.smmulator.regs.g2d.G2dRegs.BITBLT_START;
import static org.smmulator.regs.g2d.G2dRegs.BLEND_FUNCTION;
import static org.smmulator.regs.g2d.G2dRegs.BS_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.CW_LT;
import static org.smmulator.regs.g2d.G2dRegs.CW_RB;
import static org.smmulator.regs.g2d.G2dRegs.DMA_BITBLT_DONE_COUNT;
import static org.smmulator.regs.g2d.G2dRegs.DMA_COMMAND;
import static org.smmulator.regs.g2d.G2dRegs.DMA_CONTINUE;
import static org.smmulator.regs.g2d.G2dRegs.DMA_DONE;
import static org.smmulator.regs.g2d.G2dRegs.DMA_HOLD_CMD;
import static org.smmulator.regs.g2d.G2dRegs.DMA_LIST_DONE_COUNT;
import static org.smmulator.regs.g2d.G2dRegs.DMA_LIST_HOLD;
import static org.smmulator.regs.g2d.G2dRegs.DMA_SFR_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.DMA_START;
import static org.smmulator.regs.g2d.G2dRegs.DMA_STATUS;
import static org.smmulator.regs.g2d.G2dRegs.DST_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.DST_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.DST_LEFT_TOP;
import static org.smmulator.regs.g2d.G2dRegs.DST_PAT_DIRECT;
import static org.smmulator.regs.g2d.G2dRegs.DST_PLANE2_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.DST_RIGHT_BOTTOM;
import static org.smmulator.regs.g2d.G2dRegs.DST_SELECT;
import static org.smmulator.regs.g2d.G2dRegs.DST_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.FG_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.INTC_PEND;
import static org.smmulator.regs.g2d.G2dRegs.INTEN;
import static org.smmulator.regs.g2d.G2dRegs.INTP_ACMD_FIN;
import static org.smmulator.regs.g2d.G2dRegs.INTP_GCMD_FIN;
import static org.smmulator.regs.g2d.G2dRegs.MASK_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.MASK_LEFT_TOP;
import static org.smmulator.regs.g2d.G2dRegs.MASK_MODE;
import static org.smmulator.regs.g2d.G2dRegs.MASK_RIGHT_BOTTOM;
import static org.smmulator.regs.g2d.G2dRegs.MASK_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.PAT_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.PAT_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.PAT_OFFSET;
import static org.smmulator.regs.g2d.G2dRegs.PAT_SIZE;
import static org.smmulator.regs.g2d.G2dRegs.PAT_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.ROP3_SRC;
import static org.smmulator.regs.g2d.G2dRegs.ROP4;
import static org.smmulator.regs.g2d.G2dRegs.ROTATE;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_BLEND;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_MODE;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_PREMULTIPLY;
import static org.smmulator.regs.g2d.G2dRegs.ROUND_SUM;
import static org.smmulator.regs.g2d.G2dRegs.SF_COLOR;
import static org.smmulator.regs.g2d.G2dRegs.SOFT_RESET;
import static org.smmulator.regs.g2d.G2dRegs.SOFT_RESET_R;
import static org.smmulator.regs.g2d.G2dRegs.SOFT_RESET_SFRCLEAR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_COLOR_MODE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_LEFT_TOP;
import static org.smmulator.regs.g2d.G2dRegs.SRC_MASK_DIRECT;
import static org.smmulator.regs.g2d.G2dRegs.SRC_PAD_VALUE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_PLANE2_BASE_ADDR;
import static org.smmulator.regs.g2d.G2dRegs.SRC_REPEAT_MODE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_RIGHT_BOTTOM;
import static org.smmulator.regs.g2d.G2dRegs.SRC_SCALE_CTRL;
import static org.smmulator.regs.g2d.G2dRegs.SRC_SELECT;
import static org.smmulator.regs.g2d.G2dRegs.SRC_STRIDE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_XSCALE;
import static org.smmulator.regs.g2d.G2dRegs.SRC_YSCALE;
import static org.smmulator.regs.g2d.G2dRegs.START_BITBLT;
import static org.smmulator.regs.g2d.G2dRegs.THIRD_OPERAND;
import static org.smmulator.regs.g2d.G2dRegs.WINDOW_BYTES;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.engines.EngineCosts;
import org.smmulator.hw.engines.InterruptLatch;
import org.smmulator.hw.engines.Worker;
import org.smmulator.hw.reg.Reg32;

/**
 * A FIMG2D: it fetches lists of register writes from memory, one list after another, and executes a
 * blit at each write of BITBLT_START.
 *
 * <p>A list that has set LIST_HOLD is followed by an interrupt, GCMD_FIN, and by a pause until
 * software writes CONTINUE; the last one by ACMD_FIN. Of a write of SFRCLEAR in a list the kernel's
 * driver says that the next write is ignored.
 *
 * <p>Not modelled: colour keys, fading, lightening and darkening, dithering, masks of more than
 * eight bits and their scaling, filters of turned sources, YCbCr destinations, because libdrm's
 * library uses none of them (a fade reads as no blending); blits that a CPU starts, because the
 * driver starts lists only; halting.
 *
 * @implNote Unverified: the values of registers out of reset; that SFRCLEAR clears all registers
 *     but those of interrupts and of the list in progress; that GCMD_FIN and ACMD_FIN come together
 *     at the end of a last list that asked to be held; that SF_COLOR and the pad value are of the
 *     format of the destination and of ARGB8888; that only the low 12 bits of a list's register
 *     number count; which bit of ROTATE turns the source; that a mask and a pattern repeat, and the
 *     order of a mask's bits; where the planes of a YCbCr source have their rows; that masked
 *     pixels are those whose mask is not 0.
 */
public final class Fimg2d {
  private static final ImmutableList<Reg32> PARAMETERS =
      ImmutableList.of(
          BITBLT_START,
          BITBLT_COMMAND,
          BLEND_FUNCTION,
          ROUND_MODE,
          ROTATE,
          SRC_MASK_DIRECT,
          DST_PAT_DIRECT,
          SRC_SELECT,
          SRC_BASE_ADDR,
          SRC_STRIDE,
          SRC_COLOR_MODE,
          SRC_LEFT_TOP,
          SRC_RIGHT_BOTTOM,
          SRC_PLANE2_BASE_ADDR,
          SRC_REPEAT_MODE,
          SRC_PAD_VALUE,
          SRC_SCALE_CTRL,
          SRC_XSCALE,
          SRC_YSCALE,
          DST_SELECT,
          DST_BASE_ADDR,
          DST_STRIDE,
          DST_COLOR_MODE,
          DST_LEFT_TOP,
          DST_RIGHT_BOTTOM,
          DST_PLANE2_BASE_ADDR,
          PAT_BASE_ADDR,
          PAT_SIZE,
          PAT_COLOR_MODE,
          PAT_OFFSET,
          PAT_STRIDE,
          MASK_BASE_ADDR,
          MASK_STRIDE,
          MASK_LEFT_TOP,
          MASK_RIGHT_BOTTOM,
          MASK_MODE,
          CW_LT,
          CW_RB,
          THIRD_OPERAND,
          ROP4,
          ALPHA,
          FG_COLOR,
          BG_COLOR,
          BS_COLOR,
          SF_COLOR);

  private final EngineCosts costs;
  private final BusMaster memory;
  private final InterruptLatch interrupts;
  private final Doorbell resumed;
  private final RegisterFile registers;
  private final Blitter blitter;
  private final Worker worker;
  private boolean held;
  private int listsDone;
  private int blitsDone;

  /** Makes an engine and starts its process. */
  public Fimg2d(String name, EngineCosts costs, Timebase timebase, BusMaster memory, IrqPin irq) {
    this.costs = costs;
    this.memory = memory;
    this.interrupts = new InterruptLatch(irq);
    this.resumed = timebase.doorbell(name + " to be continued");
    RegisterFile.Builder file =
        RegisterFile.builder(WINDOW_BYTES)
            .command(SOFT_RESET, this::reset)
            .readWrite(DMA_SFR_BASE_ADDR)
            .command(DMA_COMMAND, this::command)
            .onRead(DMA_STATUS, this::status)
            .readWrite(DMA_HOLD_CMD);
    PARAMETERS.forEach(file::readWrite);
    interrupts.declare(file, INTC_PEND, INTEN);
    this.registers = file.build();
    this.worker = new Worker(timebase, name, this::run);
    this.blitter = new Blitter(registers, memory, costs, worker);
    clearParameters();
  }

  /** The register window, {@code G2dRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  private void clearParameters() {
    PARAMETERS.forEach(register -> registers.set(register, 0));
    registers.set(ROP4, ROP3_SRC << 8 | ROP3_SRC);
    registers.set(ROUND_MODE, ROUND_BLEND.of(ROUND_SUM) | ROUND_PREMULTIPLY.of(ROUND_SUM));
  }

  // ---- from the CPU

  private void reset(int value) {
    if (SOFT_RESET_SFRCLEAR.isSet(value)) {
      clearParameters();
    }
    if (SOFT_RESET_R.isSet(value)) {
      worker.reset();
      memory.reset();
      registers.set(DMA_HOLD_CMD, 0); // else the next job's lists would be held
      held = false;
      resumed.ring();
      interrupts.clear(-1);
    }
  }

  private void command(int value) {
    if (DMA_START.isSet(value) && !worker.isBusy()) {
      listsDone = 0;
      blitsDone = 0;
      worker.start();
    }
    if (DMA_CONTINUE.isSet(value)) {
      held = false;
      resumed.ring();
    }
  }

  private int status() {
    return DMA_LIST_DONE_COUNT.of(listsDone & 0xff)
        | DMA_BITBLT_DONE_COUNT.of(blitsDone & 0xffff)
        | DMA_DONE.of(worker.isBusy() ? 0 : 1);
  }

  // ---- the engine's process

  private void run(int ticket) {
    if (!worker.spend(ticket, costs.startNs())) {
      return;
    }
    long list = Integer.toUnsignedLong(registers.get(DMA_SFR_BASE_ADDR));
    while (list != 0) {
      list = execute(ticket, list);
      if (!worker.current(ticket)) {
        return;
      }
      listsDone++;
      boolean asksToBeHeld = DMA_LIST_HOLD.isSet(registers.get(DMA_HOLD_CMD));
      if (asksToBeHeld && list != 0 && !hold(ticket)) {
        return;
      }
      if (asksToBeHeld && list == 0) {
        interrupts.raise(INTP_GCMD_FIN.mask());
      }
    }
    // Idle when the interrupt comes, whose handler may start the next lists.
    worker.done(ticket);
    interrupts.raise(INTP_ACMD_FIN.mask());
  }

  private boolean hold(int ticket) {
    held = true;
    interrupts.raise(INTP_GCMD_FIN.mask());
    while (held) {
      resumed.await();
    }
    return worker.current(ticket);
  }

  /** Executes the list at {@code list}, and returns where the next one is; 0 for none. */
  private long execute(int ticket, long list) {
    int pairs = memory.load32(list);
    if (!worker.current(ticket)) {
      return 0;
    }
    boolean ignored = false;
    for (int i = 0; i < pairs; i++) {
      long at = list + Integer.BYTES + 2L * Integer.BYTES * i;
      int offset = memory.load32(at) & (WINDOW_BYTES - 1);
      if (!worker.current(ticket)) {
        return 0;
      }
      int value = memory.load32(at + Integer.BYTES);
      if (!worker.current(ticket)) {
        return 0;
      }
      if (ignored) {
        ignored = false;
      } else if (offset == SOFT_RESET.offset()) {
        reset(value & SOFT_RESET_SFRCLEAR.mask());
        ignored = true;
      } else if (offset == BITBLT_START.offset()) {
        if (START_BITBLT.isSet(value)) {
          blitter.run(ticket);
          if (!worker.current(ticket)) {
            return 0; // a job that was reset fetches nothing more
          }
          blitsDone++;
        }
      } else {
        registers.write32(offset, value);
      }
    }
    return Integer.toUnsignedLong(memory.load32(list + Integer.BYTES + 2L * Integer.BYTES * pairs));
  }
}
