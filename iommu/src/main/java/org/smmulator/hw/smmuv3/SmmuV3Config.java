package org.smmulator.hw.smmuv3;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.ImmutableIntArray;
import java.util.EnumSet;
import org.smmulator.hw.vmsa.Tables.Updates;
import org.smmulator.hw.vmsa.Tlb;

/**
 * The choices of the silicon: everything that the ID registers tell, and costs.
 *
 * @param sidBits how wide a stream id is: at most 32
 * @param ssidBits how wide a substream id is: at most 20; 0 if there are none
 * @param granules a mask of {@link #GRANULE_4K}, {@link #GRANULE_16K}, {@link #GRANULE_64K}
 * @param outputBits the width of a physical address: one of 32, 36, 40, 42, 44, 48, 52
 * @param updates the changes that walks may make in the descriptors of stage 1
 * @param stallMax how many transactions may be stalled at a time; more wait for a place
 */
public record SmmuV3Config(
    int sidBits,
    int ssidBits,
    Queues queues,
    ImmutableSet<Feature> features,
    int granules,
    int outputBits,
    Updates updates,
    StallModel stallModel,
    int stallMax,
    Costs costs) {
  /** A granule's bit is its size. */
  public static final int GRANULE_4K = 1 << 12;

  public static final int GRANULE_16K = 1 << 14;
  public static final int GRANULE_64K = 1 << 16;

  private static final ImmutableIntArray SIZE_CODES =
      ImmutableIntArray.of(32, 36, 40, 42, 44, 48, 52);

  /** The features that an SMMU has or lacks, each a field of the ID registers. */
  public enum Feature {
    STAGE_1,
    STAGE_2,
    /** The stream table may have two levels: IDR0.ST_LEVEL. */
    TWO_LEVEL_STREAMS,
    /** Tables of context descriptors may have two levels: IDR0.CD2L. */
    TWO_LEVEL_CONTEXTS,
    /** Input addresses of 52 bits, for tables of 64 KiB granule: IDR5.VAX. */
    WIDE_INPUT,
    /** ASIDs and VMIDs of 16 bits, not 8. */
    WIDE_TAGS,
    /** Streams may belong to the hypervisor: IDR0.HYP. */
    EL2,
    /** One command invalidates a range: IDR3.RIL. */
    RANGE_INVALIDATION,
    /**
     * Stage 2 may override the cacheability of stage 1: IDR3.FWB. Without effect, as caches are not
     * modelled.
     */
    FORCED_WRITE_BACK,
    /** IDR0.COHACC. Accesses are coherent without it too, as caches are not modelled. */
    COHERENT,
    /** Devices may ask for translations. */
    ATS,
    /** Devices may ask for pages. */
    PRI,
    /** Completion and interrupts can be told by a write to memory. */
    MSI
  }

  /** The treatment of faulting transactions: stall, terminate, or as configured. */
  public enum StallModel {
    /** Each context descriptor decides. */
    CHOICE,
    NONE,
    /** All do. */
    FORCE
  }

  /**
   * The largest queues, as logarithms of their numbers of entries: at most 19.
   *
   * @param pagesLog2 of the PRI queue
   */
  public record Queues(int commandsLog2, int eventsLog2, int pagesLog2) {
    public Queues {
      checkArgument(isLength(commandsLog2), "2^%s commands", commandsLog2);
      checkArgument(isLength(eventsLog2), "2^%s events", eventsLog2);
      checkArgument(isLength(pagesLog2), "2^%s page requests", pagesLog2);
    }

    private static boolean isLength(int log2) {
      return 0 <= log2 && log2 <= 19;
    }
  }

  /**
   * The TLB, and costs in nanoseconds.
   *
   * @param tlbEntries a power of two, at least 8; or {@link Tlb#UNBOUNDED}
   * @param walkEntries how many pointers to tables the walk cache holds: as {@code tlbEntries}, or
   *     {@link Tlb#NONE}
   * @param hitNs a translation that hits
   * @param walkStepNs each descriptor, stream table entry or context descriptor that is fetched
   * @param commandNs from one command to the next
   * @param updateNs from a write to CR0, GBPA or IRQ_CTRL until it is in effect; and what a
   *     device's page request and its answer take to travel
   */
  public record Costs(
      int tlbEntries, int walkEntries, long hitNs, long walkStepNs, long commandNs, long updateNs) {
    public Costs {
      checkArgument(Tlb.isCapacity(tlbEntries), "%s TLB entries", tlbEntries);
      checkArgument(Tlb.isWalkCapacity(walkEntries), "%s entries of the walk cache", walkEntries);
    }
  }

  public SmmuV3Config {
    checkArgument(0 < sidBits && sidBits <= 32, "%s stream id bits", sidBits);
    checkArgument(0 <= ssidBits && ssidBits <= 20, "%s substream id bits", ssidBits);
    checkArgument(
        features.contains(Feature.STAGE_1) || features.contains(Feature.STAGE_2),
        "no stage of translation");
    checkArgument(
        granules != 0 && (granules & ~(GRANULE_4K | GRANULE_16K | GRANULE_64K)) == 0,
        "granules 0x%s",
        Integer.toHexString(granules));
    checkArgument(SIZE_CODES.contains(outputBits), "no register can say %s bits", outputBits);
    checkArgument(
        0 <= stallMax && stallMax <= 0xffff && (stallMax > 0 || stallModel == StallModel.NONE),
        "%s stalled transactions",
        stallMax);
    checkArgument(
        features.contains(Feature.ATS) || !features.contains(Feature.PRI),
        "page requests without ATS");
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  boolean hasGranule(int shift) {
    return (granules & 1 << shift) != 0;
  }

  int outputCode() {
    return SIZE_CODES.indexOf(outputBits);
  }

  /** The widest input address, for tables of this granule. */
  int inputBits(int granuleShift) {
    return has(Feature.WIDE_INPUT) && granuleShift == 16 ? 52 : 48;
  }

  int tagMask() {
    return has(Feature.WIDE_TAGS) ? 0xffff : 0xff;
  }

  /**
   * Names what differs from the default: an SMMU with every feature but {@link Feature#WIDE_INPUT}
   * and {@link Feature#FORCED_WRITE_BACK}, ids of 16 bits, queues of 256 entries, all granules, 48
   * output bits, no updates of descriptors, up to 4 stalled transactions where a context descriptor
   * asks for it, and a TLB without bounds.
   */
  public static final class Builder {
    private int sidBits = 16;
    private int ssidBits = 16;
    private Queues queues = new Queues(8, 8, 8);
    private final EnumSet<Feature> features =
        EnumSet.complementOf(EnumSet.of(Feature.WIDE_INPUT, Feature.FORCED_WRITE_BACK));
    private int granules = GRANULE_4K | GRANULE_16K | GRANULE_64K;
    private int outputBits = 48;
    private Updates updates = Updates.NONE;
    private StallModel stallModel = StallModel.CHOICE;
    private int stallMax = 4;
    private Costs costs = new Costs(Tlb.UNBOUNDED, Tlb.UNBOUNDED, 2, 20, 50, 100);

    public Builder sidBits(int bits) {
      sidBits = bits;
      return this;
    }

    public Builder ssidBits(int bits) {
      ssidBits = bits;
      return this;
    }

    public Builder queues(Queues lengths) {
      queues = lengths;
      return this;
    }

    public Builder with(Feature feature) {
      features.add(feature);
      return this;
    }

    public Builder without(Feature feature) {
      features.remove(feature);
      return this;
    }

    /** {@link #with} or {@link #without} {@code feature}. */
    public Builder set(Feature feature, boolean present) {
      return present ? with(feature) : without(feature);
    }

    public Builder granules(int mask) {
      granules = mask;
      return this;
    }

    public Builder outputBits(int bits) {
      outputBits = bits;
      return this;
    }

    public Builder updates(Updates possible) {
      updates = possible;
      return this;
    }

    public Builder stalls(StallModel model, int max) {
      stallModel = model;
      stallMax = max;
      return this;
    }

    public Builder costs(Costs ofSilicon) {
      costs = ofSilicon;
      return this;
    }

    /** Changes how many leaves and how many pointers to tables the TLB holds. */
    public Builder tlb(int entries, int walkEntries) {
      return costs(
          new Costs(
              entries,
              walkEntries,
              costs.hitNs(),
              costs.walkStepNs(),
              costs.commandNs(),
              costs.updateNs()));
    }

    public SmmuV3Config build() {
      return new SmmuV3Config(
          sidBits,
          ssidBits,
          queues,
          Sets.immutableEnumSet(features),
          granules,
          outputBits,
          updates,
          stallModel,
          stallMax,
          costs);
    }
  }
}
