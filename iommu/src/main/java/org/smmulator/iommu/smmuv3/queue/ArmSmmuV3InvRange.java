package org.smmulator.iommu.smmuv3.queue;

import org.smmulator.regs.smmuv3.Cmd;

/**
 * Which commands invalidate a range of addresses. Arm IHI 0070, 4.4.1. Kernel: {@code
 * arm_smmu_cmdq_batch_add_range()}.
 *
 * @param byRange whether the SMMU has range commands, IDR3.RIL
 */
public record ArmSmmuV3InvRange(boolean byRange) {
  private static final int ENTRY_SHIFT = 3;
  private static final int NUM_BITS = 5;
  private static final int NUM_MASK = (1 << NUM_BITS) - 1;

  /**
   * Returns whether it is better to invalidate everything under a tag: a size of zero means that,
   * and without range commands it takes fewer of them.
   */
  public boolean isTooBig(long sizeBytes, long granuleBytes) {
    if (sizeBytes == 0) {
      return true;
    }
    long mostCommands = granuleBytes >>> ENTRY_SHIFT;
    return !byRange && Long.compareUnsigned(sizeBytes, mostCommands * granuleBytes) >= 0;
  }

  /**
   * Adds the commands.
   *
   * @param first the first word, with a tag in it
   * @param granuleBytes the size of each leaf
   * @param pageShift log2 of the smallest page of the table
   */
  public void add(
      ArmSmmuV3CmdqBatch to,
      long first,
      boolean leaf,
      long iova,
      long sizeBytes,
      long granuleBytes,
      int pageShift) {
    long second = leaf ? Cmd.TLBI_LEAF.mask() : 0;
    if (byRange) {
      addRanges(to, first, second, iova, sizeBytes, granuleBytes, pageShift);
    } else {
      for (long done = 0; done < sizeBytes; done += granuleBytes) {
        to.add(first, second | (iova + done & Cmd.TLBI_VA.mask()));
      }
    }
  }

  // Each command names at most 31 units of a power of two of pages, so a range takes as many
  // commands as its number of pages has groups of five bits that are not zero.
  private static void addRanges(
      ArmSmmuV3CmdqBatch to,
      long first,
      long second,
      long iova,
      long sizeBytes,
      long granuleBytes,
      int pageShift) {
    long pages = sizeBytes >>> pageShift;
    long hint = second | Cmd.TLBI_TG.of((pageShift - 10) / 2);
    if (Cmd.TLBI_LEAF.isSet(second)) {
      hint |= Cmd.TLBI_TTL.of(levelOf(granuleBytes, pageShift));
    } else if ((pages & NUM_MASK) == 1) {
      pages++; // keeps clear of NUM and SCALE both being zero, which upsets some hardware
    }
    long at = iova;
    while (pages != 0) {
      int scale = Long.numberOfTrailingZeros(pages);
      long num = pages >>> scale & NUM_MASK;
      to.add(
          first | Cmd.TLBI_SCALE.of(scale) | Cmd.TLBI_NUM.of(num - 1),
          hint | (at & Cmd.TLBI_VA.mask()));
      at += num << (scale + pageShift);
      pages -= num << scale;
    }
  }

  private static int levelOf(long granuleBytes, int pageShift) {
    int log2 = Long.SIZE - 1 - Long.numberOfLeadingZeros(granuleBytes);
    return 4 - (log2 - ENTRY_SHIFT) / (pageShift - ENTRY_SHIFT);
  }
}
