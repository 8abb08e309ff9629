package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Translator;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The fault of one context bank: what was recorded, who is stalled by it, and what becomes of them.
 *
 * <p>Only the first fault is recorded; until software clears it, later ones only set MULTI. SS
 * asserts the interrupt too, and only RESUME clears it (from general knowledge of the MMU-500). One
 * RESUME decides for every transaction that is stalled.
 */
public final class ContextFaults {
  private final Doorbell changed;
  private final IrqPin interrupt;

  private int format;
  private int sctlr;
  private int fsr;
  private int cbfrsynra;
  private int resumes;
  private boolean retry;
  private boolean held;
  private boolean asserted;

  /** Has no fault. */
  public ContextFaults(Doorbell changed, IrqPin interrupt) {
    this.changed = changed;
    this.interrupt = interrupt;
  }

  /** What FSR.FORMAT is to say of the bank's tables at the next fault. */
  public void setFormat(int formatOfTables) {
    format = formatOfTables;
  }

  /** What SCTLR now says about faults. */
  public void configure(int newSctlr) {
    sctlr = newSctlr;
    settle();
  }

  public int fsr() {
    return fsr;
  }

  /** The stream of the recorded fault. */
  int cbfrsynra() {
    return cbfrsynra;
  }

  void setCbfrsynra(int value) {
    cbfrsynra = value;
  }

  /** A store to FSR: ones clear. */
  public void clear(int ones) {
    fsr &= ~ones | Cb.FSR_SS.mask();
    if ((fsr & Cb.FSR_FAULT) == 0) {
      fsr = 0; // FORMAT describes a fault, so it goes with the last one
    }
    settle();
  }

  /** A store to RESUME. Without a stalled transaction it does nothing. */
  public void resume(int value) {
    if (!Cb.FSR_SS.isSet(fsr)) {
      return;
    }
    retry = !Cb.RESUME_TERMINATE.isSet(value);
    resumes++;
    fsr &= ~Cb.FSR_SS.mask();
    clear(0);
  }

  /** Whether a fault is recorded that software has not cleared. */
  boolean isOutstanding() {
    return (fsr & Cb.FSR_FAULT) != 0;
  }

  /** Power is gone: nothing is recorded, and who was stalled is refused. */
  void reset() {
    fsr = 0;
    cbfrsynra = 0;
    retry = false;
    resumes++;
    configure(0);
  }

  /** Whether an outstanding fault keeps every transaction of the bank: HUPCF is clear. */
  boolean held() {
    return held;
  }

  /** Waits until the bank is not held any more, or says at once that it will not wait. */
  public boolean waitUntilReleased() {
    while (held) {
      if (!Cb.SCTLR_CFCFG.isSet(sctlr)) {
        return false;
      }
      changed.await();
    }
    return true;
  }

  /**
   * Records a fault and, in the stall model, waits until software decides.
   *
   * @param fault as {@link Leaf#fault} made it
   * @param detail further bits of FSYNR0
   * @return whether to try again
   */
  public boolean raise(
      RegisterFile registers, long fault, long iova, int access, int streamId, int detail) {
    boolean stall = Cb.SCTLR_CFCFG.isSet(sctlr);
    if (isOutstanding()) {
      fsr |= Cb.FSR_MULTI.mask();
    } else {
      fsr = Leaf.faultBits(fault) | Cb.FSR_FORMAT.of(format);
      cbfrsynra = streamId;
      registers.set(Cb.FAR, iova);
      registers.set(Cb.FSYNR0, syndrome(fault, access) | detail);
    }
    if (stall) {
      fsr |= Cb.FSR_SS.mask();
    }
    settle();
    return stall && resumedToRetry();
  }

  /** What the master of a terminated transaction sees. */
  public long refusal() {
    return Cb.SCTLR_CFRE.isSet(sctlr) ? Translator.ABORT : Translator.RAZ_WI;
  }

  private boolean resumedToRetry() {
    int before = resumes;
    while (resumes == before) {
      changed.await();
    }
    return retry;
  }

  private static int syndrome(long fault, int access) {
    boolean walkFailed = Cb.FSR_EF.isSet(Leaf.faultBits(fault));
    return Leaf.faultLevel(fault)
        | ((access & BusMaster.WRITE) != 0 ? Cb.FSYNR0_WNR.mask() : 0)
        | ((access & BusMaster.PRIVILEGED) != 0 ? Cb.FSYNR0_PNU.mask() : 0)
        | ((access & BusMaster.INSTRUCTION) != 0 ? Cb.FSYNR0_IND.mask() : 0)
        | (walkFailed ? Cb.FSYNR0_PTWF.mask() : 0);
  }

  private void settle() {
    boolean outstanding = isOutstanding();
    held = outstanding && !Cb.SCTLR_HUPCF.isSet(sctlr);
    boolean level = outstanding && Cb.SCTLR_CFIE.isSet(sctlr);
    if (asserted != level) {
      asserted = level;
      interrupt.set(level);
    }
    changed.ring();
  }
}
