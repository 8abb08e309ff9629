package org.smmulator.iommu.smmuv3.queue;

/**
 * Commands that go to the queue together, ended by one CMD_SYNC. Kernel: {@code struct
 * arm_smmu_cmdq_batch}.
 *
 * <p>Made by {@link ArmSmmuV3Cmdq#batch}, used once, reused by the queue after {@link #submit}.
 */
public final class ArmSmmuV3CmdqBatch {
  /** Kernel: {@code CMDQ_BATCH_ENTRIES}. */
  public static final int CAPACITY = 64;

  private final ArmSmmuV3Cmdq queue;
  private final long[] words = new long[2 * CAPACITY];
  private int count;

  ArmSmmuV3CmdqBatch(ArmSmmuV3Cmdq queue) {
    this.queue = queue;
  }

  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public long first(int index) {
    return words[2 * index];
  }

  public long second(int index) {
    return words[2 * index + 1];
  }

  /** Adds a command of the two words; a full batch leaves for the queue first. */
  public void add(long first, long second) {
    if (count == CAPACITY) {
      queue.issue(this, false);
      count = 0;
    }
    words[2 * count] = first;
    words[2 * count + 1] = second;
    count++;
  }

  public void add(long first) {
    add(first, 0);
  }

  /** Issues the commands and waits for their completion. */
  public void sync() {
    queue.issue(this, true);
    count = 0;
  }

  /** Drops the commands. */
  void clear() {
    count = 0;
  }

  /** As {@link #submit}, if the batch has commands left. */
  public void end() {
    if (isEmpty()) {
      queue.giveBack(this);
    } else {
      submit();
    }
  }

  /** As {@link #sync}; the batch must not be used again. */
  public void submit() {
    sync();
    queue.giveBack(this);
  }
}
