package org.smmulator.kernel.mm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a process's address space. Kernel: {@code struct vm_area_struct}.
 *
 * @param end the first address behind it
 * @param backing what stands behind it; null for anonymous memory
 * @param offset where in the backing it starts, in bytes
 * @param name what {@code /proc/PID/maps} calls it; empty for anonymous memory
 */
record Vma(long start, long end, int prot, @Nullable VmaBacking backing, long offset, String name) {
  /**
   * Returns whether the access is allowed; on this architecture what can be written can be read.
   */
  boolean allows(boolean write) {
    return write ? (prot & Prot.WRITE) != 0 : prot != Prot.NONE;
  }

  /** The part of it that lies in {@code from}..{@code to - 1}. */
  Vma part(long from, long to) {
    long partOffset = backing == null ? 0 : offset + (from - start);
    return new Vma(from, to, prot, backing, partOffset, name);
  }

  boolean isBackedBy(VmaBacking wanted) {
    return backing != null && backing.isBackedBy(wanted);
  }

  boolean isSharedWithDevices() {
    return backing != null && backing.isSharedWithDevices();
  }

  /** The line of {@code /proc/PID/maps}. */
  String show() {
    String line =
        String.format(
            Locale.ROOT,
            "%08x-%08x %s%s %08x 00:00 0 ",
            start,
            end,
            Prot.show(prot),
            backing == null ? "p" : "s",
            offset);
    return name.isEmpty() ? line : String.format(Locale.ROOT, "%-73s%s", line, name);
  }
}
