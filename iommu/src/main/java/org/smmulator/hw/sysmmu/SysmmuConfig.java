package org.smmulator.hw.sysmmu;

import static com.google.common.base.Preconditions.checkArgument;

import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * The choices of the silicon.
 *
 * @param major the version, 1 to 7
 * @param minor the version behind the dot
 * @param virtualMachines whether a v7 has registers for virtual machines
 * @param prefetches whether a walk of v3.3 or later reads the next megabyte's entry too
 */
public record SysmmuConfig(
    int major, int minor, boolean virtualMachines, boolean prefetches, Tlb tlb) {
  private static final int FIRST_CACHE_OF_DESCRIPTORS = 3 << 7 | 3;

  /**
   * The TLB, and what using it costs in nanoseconds.
   *
   * @param entries a power of two, at least 8; or {@link #UNBOUNDED}. A v2 has 64 sets of 8 ways
   *     whatever this says
   * @param hitNs a translation that hits
   * @param walkStepNs each entry that a walk reads from memory
   * @param invalidateNs each invalidation
   */
  public record Tlb(int entries, long hitNs, long walkStepNs, long invalidateNs) {
    /** A capacity: entries are never evicted. */
    public static final int UNBOUNDED = 0;

    public Tlb {
      checkArgument(
          entries == UNBOUNDED || (entries >= 8 && Integer.bitCount(entries) == 1),
          "%s TLB entries",
          entries);
    }
  }

  public SysmmuConfig {
    checkArgument(1 <= major && major <= 7 && major != 4, "there is no sysmmu v%s", major);
    checkArgument(0 <= minor && minor < 1 << 7, "there is no sysmmu v%s.%s", major, minor);
    checkArgument(!virtualMachines || major == 7, "v%s has no virtual machines", major);
  }

  SysmmuVariant variant() {
    return SysmmuVariant.of(major, virtualMachines);
  }

  /** Returns whether entries of tables hold addresses of 36 bits, moved down by four. */
  boolean wideEntries() {
    return major >= 5;
  }

  /** Returns whether there is a cache of first-level entries. */
  boolean cachesDescriptors() {
    return (major << 7 | minor) >= FIRST_CACHE_OF_DESCRIPTORS;
  }

  /** The value of VERSION. */
  int versionRegister() {
    return major == 1 && minor == 0
        ? SysmmuRegs.VERSION_1_0_IN_DISGUISE
        : SysmmuRegs.VERSION_MAJOR.of(major) | SysmmuRegs.VERSION_MINOR.of(minor);
  }
}
