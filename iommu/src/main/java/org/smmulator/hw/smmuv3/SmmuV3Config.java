package org.smmulator.hw.smmuv3;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tlb;

/** What was decided when the silicon was made: everything that the ID registers tell, and costs. */
public record SmmuV3Config(
    Streams streams, Queues queues, Stages stages, Faults faults, Costs costs) {
  /**
   * How streams find their configuration.
   *
   * @param sidBits how wide a stream id is: at most 32
   * @param ssidBits how wide a substream id is: at most 20; 0 if there are none
   * @param twoLevelStreams whether the stream table may have two levels
   * @param twoLevelContexts whether tables of context descriptors may have two levels
   */
  public record Streams(
      int sidBits, int ssidBits, boolean twoLevelStreams, boolean twoLevelContexts) {
    public Streams {
      checkArgument(0 < sidBits && sidBits <= 32, "%s stream id bits", sidBits);
      checkArgument(0 <= ssidBits && ssidBits <= 20, "%s substream id bits", ssidBits);
    }
  }

  /**
   * How long the queues may be, as logarithms of their numbers of entries: at most 19.
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
   * What translation can do.
   *
   * @param granules a mask of {@link #GRANULE_4K}, {@link #GRANULE_16K}, {@link #GRANULE_64K}
   * @param outputBits the width of a physical address: one of 32, 36, 40, 42, 44, 48, 52
   * @param wideInput whether addresses of 52 bits come in, for tables of 64 KiB granule
   * @param wideTags whether ASIDs and VMIDs have 16 bits, not 8
   * @param el2 whether streams may belong to the hypervisor
   * @param updates what walks may write into the descriptors of stage 1
   * @param rangeInvalidation whether one command invalidates a range
   * @param forcedWriteBack whether stage 2 may override the cacheability of stage 1, IDR3.FWB; its
   *     effect does not show, as caches are not modelled
   * @param coherent what IDR0.COHACC says; accesses are coherent anyway, as caches are not modelled
   */
  public record Stages(
      boolean stage1,
      boolean stage2,
      int granules,
      int outputBits,
      boolean wideInput,
      boolean wideTags,
      boolean el2,
      Tables.Updates updates,
      boolean rangeInvalidation,
      boolean forcedWriteBack,
      boolean coherent) {
    /** A granule's bit is its size. */
    public static final int GRANULE_4K = 1 << 12;

    public static final int GRANULE_16K = 1 << 14;
    public static final int GRANULE_64K = 1 << 16;

    private static final ImmutableIntArray SIZE_CODES =
        ImmutableIntArray.of(32, 36, 40, 42, 44, 48, 52);

    public Stages {
      checkArgument(stage1 || stage2, "no stage of translation");
      checkArgument(
          granules != 0 && (granules & ~(GRANULE_4K | GRANULE_16K | GRANULE_64K)) == 0,
          "granules 0x%s",
          Integer.toHexString(granules));
      checkArgument(SIZE_CODES.contains(outputBits), "no register can say %s bits", outputBits);
    }

    boolean has(int granuleShift) {
      return (granules & 1 << granuleShift) != 0;
    }

    int outputCode() {
      return SIZE_CODES.indexOf(outputBits);
    }

    /** How wide an address that comes in may be, for tables of this granule. */
    int inputBits(int granuleShift) {
      return wideInput && granuleShift == 16 ? 52 : 48;
    }

    int tagMask() {
      return wideTags ? 0xffff : 0xff;
    }
  }

  /** Whether faulting transactions may wait for software. */
  public enum StallModel {
    /** Each context descriptor decides. */
    CHOICE,
    NONE,
    /** All do. */
    FORCE
  }

  /**
   * What becomes of faults.
   *
   * @param stallMax how many transactions may be stalled at a time; more wait for a place
   * @param ats whether devices may ask for translations
   * @param pri whether devices may ask for pages
   * @param msi whether completion and interrupts can be told by a write to memory
   */
  public record Faults(StallModel stallModel, int stallMax, boolean ats, boolean pri, boolean msi) {
    public Faults {
      checkArgument(
          0 <= stallMax && stallMax <= 0xffff && (stallMax > 0 || stallModel == StallModel.NONE),
          "%s stalled transactions",
          stallMax);
      checkArgument(ats || !pri, "page requests without ATS");
    }
  }

  /**
   * What things cost, in nanoseconds.
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
      checkArgument(
          walkEntries == Tlb.NONE || Tlb.isCapacity(walkEntries),
          "%s entries of the walk cache",
          walkEntries);
    }
  }
}
