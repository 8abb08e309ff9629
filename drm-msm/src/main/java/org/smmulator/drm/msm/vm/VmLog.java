package org.smmulator.drm.msm.vm;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.trace.Dmesg;

/**
 * The last changes of an address space that its client manages, for who looks for the reason of a
 * crash. Kernel: {@code vm_log()} in {@code msm_gem_vma.c}.
 */
public final class VmLog {
  /**
   * A change. Kernel: {@code struct msm_gem_vm_log_entry}.
   *
   * @param op {@code map}, or why something was unmapped
   * @param queueId the queue that asked for it; 0 if none did
   */
  public record Entry(String op, int queueId, long iova, long sizeBytes) {}

  private final @Nullable Entry[] entries;
  private final Dmesg dmesg;
  private int next;

  /** Makes an empty log of {@code 1 << shift} entries. */
  VmLog(int shift, Dmesg dmesg) {
    this.entries = new @Nullable Entry[1 << shift];
    this.dmesg = dmesg;
  }

  /** Notes a change, in the place of the oldest. */
  void add(String op, int queueId, long iova, long sizeBytes) {
    entries[next] = new Entry(op, queueId, iova, sizeBytes);
    next = (next + 1) % entries.length;
  }

  /**
   * The changes, the oldest first. As in Linux the newest is missing until the log is full. Kernel:
   * {@code crashstate_get_vm_logs()}.
   */
  ImmutableList<Entry> entries() {
    boolean full = entries[next] != null;
    int count = full ? entries.length : Math.max(0, next - 1);
    ImmutableList.Builder<Entry> all = ImmutableList.builderWithExpectedSize(count);
    for (int i = 0; i < count; i++) {
      Entry entry = entries[full ? (next + i) % entries.length : i];
      if (entry != null) {
        all.add(entry);
      }
    }
    return all.build();
  }

  /** Prints it, unless nothing has changed yet. Kernel: {@code msm_gem_vm_unusable()}. */
  void print() {
    if (entries[0] == null) {
      return;
    }
    dmesg.err("vm-log:");
    for (Entry entry : entries()) {
      // As a client sees it: the range of addresses ends before the next.
      dmesg.err(
          "  - %s:%d: 0x%016x-0x%016x",
          entry.op, entry.queueId, entry.iova, entry.iova + entry.sizeBytes);
    }
  }
}
