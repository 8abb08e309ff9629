package org.smmulator.machine.faults;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.mm.PageZone;

/**
 * One thing that goes wrong in a machine. What it counts, and the times in it, begin when the fault
 * is armed. Devices have the names that they have in {@code /sys/devices}.
 */
public sealed interface Fault {
  /** The fault as a report names it: {@code lost interrupt of 5000000.gpu}. */
  String words();

  /** Those of a sequence of events that a fault meets: {@code times} of them from the nth on. */
  record Occurrences(long nth, long times) {
    /** The next one alone. */
    public static final Occurrences FIRST = new Occurrences(1, 1);

    /** All from now on. */
    public static final Occurrences ALL = new Occurrences(1, Long.MAX_VALUE);

    /** Returns whether event {@code number}, counted from 1, is one of them. */
    boolean has(long number) {
      return number >= nth && number - nth < times;
    }
  }

  /** A stretch of virtual time. */
  record Period(long afterNs, long forNs) {}

  /** The subject of an invalidation, and so its sender and who should hear it. */
  enum Invalidation {
    /** The translations of an IOMMU, which its driver invalidates. */
    TLB,
    /** The translations of an SMMU, which a GPU's command processor invalidates itself. */
    GPU_TLB,
    /** The translations that a device with ATS keeps. Arm IHI 0070: CMD_ATC_INV. */
    DEVICE_TLB,
    /** The context descriptors of PASIDs. Arm IHI 0070: CMD_CFGI_CD. */
    PASID;

    private String words() {
      return switch (this) {
        case TLB -> "TLB invalidation";
        case GPU_TLB -> "TLB invalidation of the GPU";
        case DEVICE_TLB -> "device TLB invalidation";
        case PASID -> "PASID invalidation";
      };
    }
  }

  /**
   * An invalidation never reaches the hardware; whoever waits for it is told that it is done.
   *
   * @param iommu the IOMMU that should have heard it; null for every one of the board
   */
  record LostInvalidation(@Nullable String iommu, Invalidation of, Occurrences when)
      implements Fault {
    @Override
    public String words() {
      return "lost %s of %s".formatted(of.words(), iommu == null ? "any IOMMU" : iommu);
    }
  }

  /**
   * A device raises its interrupt, or stores the message that is one, and the interrupt controller
   * sees nothing.
   */
  record LostInterrupt(String device, Occurrences when) implements Fault {
    @Override
    public String words() {
      return "lost interrupt of " + device;
    }
  }

  /**
   * The interrupt controller sees an interrupt later: that of a pin if the device still raises it
   * then, a message in any case.
   */
  record LateInterrupt(String device, Occurrences when, long byNs) implements Fault {
    @Override
    public String words() {
      return "late interrupt of " + device;
    }
  }

  /** The clock of a device's registers stands still: whoever accesses them meets a bus error. */
  record StoppedClock(String device, Period when) implements Fault {
    @Override
    public String words() {
      return "stopped clock of " + device;
    }
  }

  /**
   * An allocation fails. Kernel: {@code should_fail()} in {@code lib/fault-inject.c}.
   *
   * @param of the allocator; null for any
   */
  record FailedAllocation(long nth, @Nullable Site of) implements Fault {
    @Override
    public String words() {
      return "failed allocation of "
          + (of == null ? "anything" : of.name().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Somebody holds nearly all memory.
   *
   * @param leftBytes how much is left, if there is so much
   */
  record MemoryPressure(PageZone zone, long leftBytes, Period when) implements Fault {
    @Override
    public String words() {
      return "memory pressure in the %s zone".formatted(zone.name().toLowerCase(Locale.ROOT));
    }
  }
}
