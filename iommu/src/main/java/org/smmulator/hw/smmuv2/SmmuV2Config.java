package org.smmulator.hw.smmuv2;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;
import org.smmulator.regs.smmuv2.SmmuPages;

/** The choices of the silicon: everything that the ID registers tell, and costs. */
public record SmmuV2Config(
    Streams streams, Banks banks, Stage1 stage1, Stages stages, Costs costs, Options options) {
  /** The sizes that the ID registers can name; the code is the index. */
  private static final ImmutableIntArray SIZE_CODES = ImmutableIntArray.of(32, 36, 40, 42, 44, 48);

  private static final int UPSTREAM_49_CODE = 5;

  /** An SMMU of the architecture, with nothing that it leaves open. */
  public SmmuV2Config(Streams streams, Banks banks, Stage1 stage1, Stages stages, Costs costs) {
    this(streams, banks, stage1, stages, costs, Options.NONE);
  }

  /** An SMMU that does stage 1 only. */
  public SmmuV2Config(Streams streams, Banks banks, Stage1 stage1, Costs costs) {
    this(streams, banks, stage1, new Stages(Stages.Kind.ONE, stage1.outputBits()), costs);
  }

  public SmmuV2Config {
    checkArgument(
        banks.stage2Only() == 0 || stages.two(), "stage-2 banks in an SMMU without stage 2");
    checkArgument(
        stage1.granules() != 0 || options.descriptors32() != Descriptors32.NONE,
        "an SMMU that reads no tables");
    checkArgument(
        streams.idBits() <= (options.has(Options.Feature.EXTENDED_IDS) ? 16 : 15),
        "%s stream id bits",
        streams.idBits());
    checkArgument(
        !options.has(Options.Feature.EXTENDED_IDS) || streams.mappings() > 0,
        "extended stream ids need SMRs");
    options.version().check(stage1, stages, options);
  }

  /** Which architecture it follows. Kernel: {@code enum arm_smmu_arch_version}. */
  public enum Version {
    /** Without AArch64 tables, without invalidation by intermediate address. */
    V1(0),
    /**
     * The same with AArch64 tables, which came in a supplement that is named for their 64 KiB: an
     * MMU-401.
     *
     * @implNote Unverified: that it reads tables of 4 KiB too.
     */
    V1_64K(Stage1.GRANULE_4K | Stage1.GRANULE_64K),
    V2(Stage1.GRANULE_4K | Stage1.GRANULE_16K | Stage1.GRANULE_64K);

    private final int granules;

    Version(int granules) {
      this.granules = granules;
    }

    private void check(Stage1 stage1, Stages stages, Options options) {
      checkArgument((stage1.granules() & ~granules) == 0, "an SMMU of %s with such granules", this);
      if (this == V2) {
        return;
      }
      checkArgument(
          !options.has(Options.Feature.EXTENDED_IDS)
              && !options.has(Options.Feature.WIDE_VMIDS)
              && !options.has(Options.Feature.MMU500),
          "an SMMUv1 with what came with version 2");
      checkArgument(
          options.descriptors32() != Descriptors32.NONE, "an SMMUv1 without AArch32 tables");
      checkArgument(
          stage1.upstreamBits() == stage1.outputBits(), "an SMMUv1's ID registers know no UBS");
      checkArgument(
          stage1.has(Stage1.Feature.ADDRESS_OPS) || !stages.one(),
          "an SMMUv1 of stage 1 has address operations");
    }
  }

  /** Which AArch32 tables it reads. */
  public enum Descriptors32 {
    NONE,
    /** Long descriptors: LPAE. */
    LONG,
    /** Long, and, in stage 1, short ones: ARMv7's. */
    LONG_AND_SHORT
  }

  /** The version, and what is optional in it. */
  public record Options(
      Version version, Descriptors32 descriptors32, ImmutableSet<Options.Feature> features) {
    /** Optional features. */
    public enum Feature {
      /** Stream ids may have 16 bits: ID0.EXIDS. */
      EXTENDED_IDS,
      /** VMIDs may have 16 bits: ID2.VMID16. */
      WIDE_VMIDS,
      /** An MMU-500 with Qualcomm's additions, rather than the bare architecture. */
      MMU500
    }

    /** An SMMUv2 that has none of it. */
    public static final Options NONE = new Options(Version.V2, Descriptors32.NONE);

    /** An MMU-500 as it stands in Qualcomm's. */
    public static final Options MMU500 =
        new Options(Version.V2, Descriptors32.NONE, Options.Feature.MMU500);

    public Options(Version version, Descriptors32 descriptors32, Options.Feature... features) {
      this(version, descriptors32, ImmutableSet.copyOf(features));
    }

    /** The same, with {@code feature} if it is {@code present}. */
    public Options with(Options.Feature feature, boolean present) {
      return new Options(version, descriptors32, withIf(features, feature, present));
    }

    public boolean has(Options.Feature feature) {
      return features.contains(feature);
    }

    boolean isV1() {
      return version != Version.V2;
    }
  }

  /**
   * The way from streams to banks.
   *
   * @param mappings the number of SMRs; 0 if the stream id itself is the index of an S2CR
   * @param idBits how many bits of a stream id, and of a mask, are wired: at most 15, or 16 if ids
   *     may be {@linkplain Options.Feature#EXTENDED_IDS extended}
   * @param boot the streams that a boot loader has left in bypass: ids, with masks in bits 31:16
   * @param guarded whether firmware traps stores to the S2CRs: it ignores one of FAULT, and turns
   *     BYPASS into FAULT
   */
  public record Streams(int mappings, int idBits, ImmutableIntArray boot, boolean guarded) {
    /** No boot loader and no firmware: hardware as it comes out of reset. */
    public Streams(int mappings, int idBits) {
      this(mappings, idBits, ImmutableIntArray.of(), false);
    }

    public Streams {
      checkArgument(boot.length() <= mappings, "%s boot streams", boot.length());
      checkArgument(0 <= mappings && mappings <= Gr0.MAX_STREAM_MAPPINGS, "%s SMRs", mappings);
      checkArgument(0 < idBits, "%s stream id bits", idBits);
      checkArgument(
          mappings > 0 || 1 << idBits <= Gr0.MAX_STREAM_MAPPINGS,
          "%s stream id bits need SMRs",
          idBits);
    }
  }

  /**
   * The context banks.
   *
   * @param count how many there are
   * @param stage2Only how many of them, the first ones, do stage 2 only
   * @param pages the layout of the register space
   */
  public record Banks(int count, int stage2Only, SmmuPages pages) {
    public Banks {
      checkArgument(0 < count && count <= Gr1.MAX_CONTEXT_BANKS, "%s context banks", count);
      checkArgument(count <= pages.numPage(), "%s context banks do not fit %s", count, pages);
      checkArgument(0 <= stage2Only && stage2Only <= count, "%s stage-2 banks", stage2Only);
    }
  }

  /**
   * The abilities of stage 1.
   *
   * @param upstreamBits the width of the masters' addresses: one of 32, 36, 40, 42, 44, 49
   * @param outputBits the width of an address that leaves stage 1: one of 32, 36, 40, 42, 44, 48
   * @param granules of AArch64 tables: a mask of {@link #GRANULE_4K}, {@link #GRANULE_16K}, {@link
   *     #GRANULE_64K}
   */
  public record Stage1(
      int upstreamBits, int outputBits, int granules, ImmutableSet<Stage1.Feature> features) {
    /** Optional features. */
    public enum Feature {
      /** TTBR1 works. */
      SPLIT_TABLES,
      /** ATS1PR works: ID0.ATOSNS is clear. */
      ADDRESS_OPS,
      /** ID0.CTTW. Walks are coherent without it too, as caches are not modelled. */
      COHERENT_WALK
    }

    /** A granule's bit is its size. */
    public static final int GRANULE_4K = 1 << 12;

    public static final int GRANULE_16K = 1 << 14;
    public static final int GRANULE_64K = 1 << 16;

    public Stage1(int upstreamBits, int outputBits, int granules, Stage1.Feature... features) {
      this(upstreamBits, outputBits, granules, ImmutableSet.copyOf(features));
    }

    public Stage1 {
      checkArgument(
          (granules & ~(GRANULE_4K | GRANULE_16K | GRANULE_64K)) == 0,
          "granules 0x%s",
          Integer.toHexString(granules));
      int _ = sizeCode(outputBits);
      int _ = upstreamBits == 49 ? UPSTREAM_49_CODE : sizeCode(upstreamBits);
    }

    /** The same, with {@code feature} if it is {@code present}. */
    public Stage1 with(Stage1.Feature feature, boolean present) {
      return new Stage1(upstreamBits, outputBits, granules, withIf(features, feature, present));
    }

    boolean has(Stage1.Feature feature) {
      return features.contains(feature);
    }

    int outputCode() {
      return sizeCode(outputBits);
    }

    int upstreamCode() {
      return upstreamBits == 49 ? UPSTREAM_49_CODE : sizeCode(upstreamBits);
    }

    boolean has(int granuleShift) {
      return (granules & 1 << granuleShift) != 0;
    }
  }

  /**
   * The stages of translation.
   *
   * @param paBits the width of an address that leaves stage 2: one of 32, 36, 40, 42, 44, 48
   */
  public record Stages(Kind kind, int paBits) {
    /** The stages that banks can do. */
    public enum Kind {
      ONE,
      TWO,
      /** Either, but no transaction goes through both. */
      EITHER,
      NESTED
    }

    public Stages {
      int _ = sizeCode(paBits);
    }

    /** True if a bank can do stage 1. */
    public boolean one() {
      return kind != Kind.TWO;
    }

    /** True if a bank can do stage 2. */
    public boolean two() {
      return kind != Kind.ONE;
    }

    /** True if a transaction can go through both. */
    public boolean nested() {
      return kind == Kind.NESTED;
    }

    int paCode() {
      return sizeCode(paBits);
    }
  }

  /**
   * The TLB, and what using it costs in nanoseconds.
   *
   * @param entries a power of two, at least 8; or {@link Tlb#UNBOUNDED}
   * @param walkEntries how many pointers to tables the walk cache holds; as {@code entries}, or
   *     {@link Tlb#NONE}
   * @param hitNs a translation that hits
   * @param walkStepNs each descriptor that a walk reads
   * @param invalidateNs each invalidation: if {@code windowNs} is 0 the writer pays it, else it is
   *     the least time between the ends of two
   * @param windowNs how long an invalidation takes effect after it was written, at least; 0 for at
   *     once
   */
  public record Costs(
      int entries, int walkEntries, long hitNs, long walkStepNs, long invalidateNs, long windowNs) {
    public Costs {
      checkArgument(Tlb.isCapacity(entries), "%s TLB entries", entries);
      checkArgument(Tlb.isWalkCapacity(walkEntries), "%s walk entries", walkEntries);
    }

    /** A TLB without a walk cache in which an invalidation is through when its write returns. */
    public Costs(int entries, long hitNs, long walkStepNs, long invalidateNs) {
      this(entries, Tlb.NONE, hitNs, walkStepNs, invalidateNs, 0);
    }
  }

  /** The width that {@code code} names in ID2 and in TCR2.PASIZE; codes beyond the last mean it. */
  static int bitsOfCode(int code) {
    return SIZE_CODES.get(Math.min(code, SIZE_CODES.length() - 1));
  }

  private static <E extends Enum<E>> ImmutableSet<E> withIf(
      ImmutableSet<E> features, E feature, boolean present) {
    return present ? ImmutableSet.<E>builder().addAll(features).add(feature).build() : features;
  }

  private static int sizeCode(int bits) {
    int code = SIZE_CODES.indexOf(bits);
    checkArgument(code >= 0, "no register can say %s bits", bits);
    return code;
  }
}
