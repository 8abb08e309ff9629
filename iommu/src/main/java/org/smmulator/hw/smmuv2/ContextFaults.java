package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The fault of one context bank: its record, and the transactions that it stalls.
 *
 * <p>Only the first fault is recorded; until software clears it, later ones only set MULTI. SS
 * asserts the interrupt too, and only RESUME clears it. One RESUME decides for every transaction
 * that is stalled.
 *
 * @implNote Unverified: SS as a source of the interrupt.
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

  /** Sets the FSR.FORMAT of faults to come. */
  public void setFormat(int formatOfTables) {
    format = formatOfTables;
  }

  /** Takes over the fault control bits of SCTLR. */
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

  /** Returns whether a fault is recorded that software has not cleared. */
  boolean isOutstanding() {
    return (fsr & Cb.FSR_FAULT) != 0;
  }

  /** Power is gone: the record is cleared, and stalled transactions are terminated. */
  void reset() {
    fsr = 0;
    cbfrsynra = 0;
    retry = false;
    resumes++;
    configure(0);
  }

  /** Returns whether an outstanding fault keeps every transaction of the bank: HUPCF is clear. */
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
   * @param fault of {@link Leaf}
   * @param detail further bits of FSYNR0
   * @return whether to try again
   */
  public boolean raise(
      RegisterFile registers, long fault, long iova, int access, int streamId, int detail) {
    boolean stall = Cb.SCTLR_CFCFG.isSet(sctlr);
    if (isOutstanding()) {
      fsr |= Cb.FSR_MULTI.mask();
    } else {
      fsr = fsrOf(fault) | Cb.FSR_FORMAT.of(format);
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

  /** The answer to the master of a terminated transaction: an abort if SCTLR.CFRE is set. */
  public long refusal() {
    return Cb.SCTLR_CFRE.isSet(sctlr) ? Translator.ABORT : Translator.RAZ_WI;
  }

  /** The bit of FSR for a fault of {@link Leaf}. */
  static int fsrOf(long fault) {
    return switch (Leaf.kind(fault)) {
      case Leaf.TRANSLATION -> Cb.FSR_TF.mask();
      case Leaf.ADDRESS_SIZE -> Cb.FSR_ASF.mask();
      case Leaf.ACCESS_FLAG -> Cb.FSR_AFF.mask();
      case Leaf.PERMISSION -> Cb.FSR_PF.mask();
      default -> Cb.FSR_EF.mask();
    };
  }

  private boolean resumedToRetry() {
    int before = resumes;
    while (resumes == before) {
      changed.await();
    }
    return retry;
  }

  private static int syndrome(long fault, int access) {
    boolean walkFailed = Leaf.kind(fault) == Leaf.EXTERNAL_ABORT;
    return Leaf.level(fault)
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
