package org.smmulator.regs.smmuv3;

import com.google.common.collect.ImmutableSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A context descriptor, decoded. {@code toString()} tells it in the manual's words. Arm IHI 0070,
 * 5.4.
 *
 * <p>The words are laid out by {@link Cd}. Decoding judges nothing but V: a descriptor that says
 * what an SMMU cannot do is illegal to that SMMU only.
 */
public sealed interface ContextDescriptor {
  /** Decodes the first three words of a descriptor. */
  static ContextDescriptor decode(long word0, long word1, long word2) {
    if (!Cd.V.isSet(word0)) {
      return Invalid.INVALID;
    }
    ImmutableSet.Builder<Flag> flags = ImmutableSet.builder();
    for (Flag flag : Flag.values()) {
      if ((word0 & flag.mask) != 0) {
        flags.add(flag);
      }
    }
    return new Valid(
        Cd.ASID.getInt(word0),
        Cd.EPD0.isSet(word0)
            ? null
            : new Half(
                word1 & Cd.TTB0.mask(),
                64 - Cd.T0SZ.getInt(word0),
                granuleShiftOfTg0(Cd.TG0.getInt(word0))),
        Cd.EPD1.isSet(word0)
            ? null
            : new Half(
                word2 & Cd.TTB1.mask(),
                64 - Cd.T1SZ.getInt(word0),
                granuleShiftOfTg1(Cd.TG1.getInt(word0))),
        SmmuV3Regs.addressBits(Cd.IPS.getInt(word0)),
        flags.build());
  }

  /** The granule that a code of CD.TG0 or STE.S2TG names; 0: the code is reserved. */
  static int granuleShiftOfTg0(int tg0) {
    return switch (tg0) {
      case Cd.TG0_4K -> 12;
      case Cd.TG0_16K -> 14;
      case Cd.TG0_64K -> 16;
      default -> 0;
    };
  }

  private static int granuleShiftOfTg1(int tg1) {
    return switch (tg1) {
      case Cd.TG1_4K -> 12;
      case Cd.TG1_16K -> 14;
      case Cd.TG1_64K -> 16;
      default -> 0;
    };
  }

  /** V is clear. */
  enum Invalid implements ContextDescriptor {
    INVALID
  }

  /** The flags of the first word. */
  enum Flag {
    /** Big-endian tables. */
    ENDI(Cd.ENDI.mask()),
    /** The top byte of an address in the lower half is ignored. */
    TBI0(Cd.TBI0.mask()),
    /** The top byte of an address in the upper half is ignored. */
    TBI1(Cd.TBI1.mask()),
    /** AArch64 tables. */
    AA64(Cd.AA64.mask()),
    /** Hardware sets dirty bits. */
    HD(Cd.HD.mask()),
    /** Hardware sets access flags. */
    HA(Cd.HA.mask()),
    /** Faults stall. */
    S(Cd.S.mask()),
    /** Faults are recorded. */
    R(Cd.R.mask()),
    /** A terminated transaction is reported to its master. */
    A(Cd.A.mask()),
    /** The ASID is not shared with the CPUs. */
    ASET(Cd.ASET.mask());

    private final long mask;

    Flag(long mask) {
      this.mask = mask;
    }
  }

  /**
   * A valid descriptor.
   *
   * @param lower the tables of the lower half of the address space; null: EPD0
   * @param upper the tables of the upper half; null: EPD1
   * @param outputBits IPS: the width of an output address
   */
  record Valid(
      int asid,
      @Nullable Half lower,
      @Nullable Half upper,
      int outputBits,
      ImmutableSet<Flag> flags)
      implements ContextDescriptor {
    public boolean has(Flag flag) {
      return flags.contains(flag);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "ASID=0x%x", asid)
          + (lower == null ? "" : ", TTB0 " + lower)
          + (upper == null ? "" : ", TTB1 " + upper)
          + String.format(Locale.ROOT, ", %d bits out %s", outputBits, flags);
    }
  }

  /**
   * The tables of one half.
   *
   * @param inputBits the width of an address, sign excluded
   * @param granuleShift 12, 14 or 16; 0: the code is reserved
   */
  record Half(long table, int inputBits, int granuleShift) {
    @Override
    public String toString() {
      int kib = granuleShift == 0 ? 0 : 1 << (granuleShift - 10);
      return String.format(Locale.ROOT, "0x%x, %d bits, %dK", table, inputBits, kib);
    }
  }
}
