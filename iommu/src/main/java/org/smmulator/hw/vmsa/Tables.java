package org.smmulator.hw.vmsa;

/**
 * One set of tables, as a base register and its control registers describe it: which addresses they
 * resolve, and how a walk goes through them. Worked out once, not at each walk.
 */
public final class Tables {
  /** The layout of the descriptors. */
  public enum Format {
    /** Stage 1, VMSAv8-64. */
    STAGE_1,
    /** Stage 1, AArch32's long descriptors. */
    STAGE_1_AARCH32,
    /** Stage 1, AArch32's short descriptors, in which AP[0] is an access right. */
    STAGE_1_SHORT,
    /** The same with SCTLR.AFE: AP[0] is the access flag. */
    STAGE_1_SHORT_AF,
    /** Stage 2: the same for VMSAv8-64 and AArch32. */
    STAGE_2;

    boolean isShort() {
      return this == STAGE_1_SHORT || this == STAGE_1_SHORT_AF;
    }
  }

  /** The changes that a walk may make in the descriptors of stage 1. Arm ARM, FEAT_HAFDBS. */
  public enum Updates {
    NONE,
    /** An access flag that is clear is set instead of faulting. */
    ACCESS_FLAG,
    /** Moreover, a write makes a page writable that is marked with DBM. */
    ACCESS_FLAG_AND_DIRTY
  }

  static final int LAST_LEVEL = 3;

  private static final long ADDRESS_47_0 = (1L << 48) - 1;
  private static final long ADDRESS_51_48_IN_15_12 = 0xf000;
  private static final int SHORT_ROOT_SHIFT = 20;
  private static final int SHORT_MAX_OUTPUT_BITS = 40;
  private static final long NO_ADDRESS = 1;

  final Format format;
  final Updates updates;

  /** The first table, aligned to its size: an IPA for a stage 1 that is nested, else physical. */
  final long root;

  final int startLevel;

  /** The lowest address bit that indexes the first table, and how many bits do. */
  final int startShift;

  final int rootBits;
  final int granuleShift;

  /** How many bits an output address may have. */
  final int outputBits;

  /** The bits of a descriptor that are output address bits in place. */
  final long lowMask;

  /** The bits of a descriptor that are output address bits 51:48. */
  final long highMask;

  // The addresses that the tables resolve, both ends included, as signed numbers; and the level of
  // the fault of any other.
  private final long first;
  private final long last;
  private final int outsideLevel;

  /** No tables: every address faults at {@code faultLevel}. */
  public static Tables none(Format format, int faultLevel) {
    return new Tables(format, faultLevel);
  }

  private Tables(Format format, int faultLevel) {
    this.format = format;
    updates = Updates.NONE;
    root = 0;
    startLevel = faultLevel;
    startShift = 0;
    rootBits = 0;
    granuleShift = 0;
    outputBits = 0;
    lowMask = 0;
    highMask = 0;
    first = NO_ADDRESS;
    last = 0;
    outsideLevel = faultLevel;
  }

  private Tables(Builder said) {
    format = said.format;
    updates = said.updates;
    granuleShift = said.granuleShift;
    startLevel = said.startLevel;
    startShift =
        format.isShort()
            ? SHORT_ROOT_SHIFT
            : granuleShift + (granuleShift - 3) * (LAST_LEVEL - startLevel);
    rootBits = said.inputBits - startShift;
    outputBits = said.outputBits;
    lowMask = ADDRESS_47_0 & -1L << granuleShift;
    highMask = said.wideOutput && granuleShift == 16 ? ADDRESS_51_48_IN_15_12 : 0;
    root = said.base & (format.isShort() ? -4L : -8L) << Math.max(rootBits, 0);
    first = said.first;
    last = said.last;
    outsideLevel = said.outsideLevel;
  }

  /** True if there are tables. */
  public boolean exist() {
    return first <= last;
  }

  /** True if the tables resolve {@code address}. */
  public boolean cover(long address) {
    return first <= address && address <= last;
  }

  /** The level of the translation fault of an address that the tables do not {@link #cover}. */
  public int outsideLevel() {
    return outsideLevel;
  }

  /** The level at which leaves of {@code 1 << shift} bytes are. */
  public int levelOf(int shift) {
    if (format.isShort()) {
      return shift >= SHORT_ROOT_SHIFT ? 1 : 2;
    }
    return exist() ? LAST_LEVEL - (shift - granuleShift) / (granuleShift - 3) : LAST_LEVEL;
  }

  /** The fields of registers that describe tables; whatever is not said has a default. */
  public static final class Builder {
    private final Format format;
    private final long base;
    private final int inputBits;
    private int granuleShift = 12;
    private int startLevel;
    private int outputBits = 48;
    private boolean wideOutput;
    private Updates updates = Updates.NONE;
    private long first;
    private long last;
    private int outsideLevel;

    /**
     * Starts from tables at {@code base} that resolve the lowest {@code inputBits} bits of an
     * address, for addresses without a sign; an address outside faults at level 0. Long descriptors
     * start at the level that follows from {@code inputBits}, short ones at level 1.
     */
    public Builder(Format format, long base, int inputBits, int granuleShift) {
      this.format = format;
      this.base = base;
      this.inputBits = inputBits;
      this.granuleShift = granuleShift;
      int stride = granuleShift - 3;
      int levels = (inputBits - granuleShift + stride - 1) / stride;
      startLevel = format.isShort() ? 1 : LAST_LEVEL + 1 - levels;
      last = (1L << inputBits) - 1;
      if (format.isShort()) {
        outputBits(SHORT_MAX_OUTPUT_BITS);
      }
    }

    /** The tables are for the addresses that begin with ones. */
    public Builder upper() {
      return range(-1L << inputBits, -1);
    }

    /** The tables resolve the addresses {@code from} to {@code to}. */
    public Builder range(long from, long to) {
      first = from;
      last = to;
      return this;
    }

    /** An address that the tables do not cover faults at {@code level}, not at 0. */
    public Builder outsideLevel(int level) {
      outsideLevel = level;
      return this;
    }

    /** The walk starts at {@code level}; in stage 2 its table may be several in a row. */
    public Builder startLevel(int level) {
      startLevel = level;
      return this;
    }

    /** An output address has {@code bits} bits; short descriptors have no more than 40. */
    public Builder outputBits(int bits) {
      outputBits = format.isShort() ? Math.min(bits, SHORT_MAX_OUTPUT_BITS) : bits;
      return this;
    }

    /** Descriptors of 64 KiB tables have bits 51:48 of an output address: FEAT_LPA. */
    public Builder wideOutput() {
      wideOutput = true;
      return this;
    }

    public Builder updates(Updates possible) {
      updates = possible;
      return this;
    }

    public Tables build() {
      return new Tables(this);
    }
  }
}
