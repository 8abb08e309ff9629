package org.smmulator.drm.msm;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.smmulator.drm.msm.gem.Madvice;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.VmPlace;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Task;

/**
 * The text of {@code dri/N/gem}: every buffer, the driver's own first, and where it is mapped.
 * Tests find the ring by its name here, and then try to write there. Kernel: {@code
 * msm_gem_describe_objects()}.
 *
 * <p>An address space is shown as its table's root, 0 for the kernel's, behind the name of the task
 * that made it while that lives. Left out: the fences.
 */
final class GemListing {
  private final StringBuilder text = new StringBuilder();
  private final Sum all = new Sum();
  private final Sum active = new Sum();
  private final Sum resident = new Sum();
  private final Sum purgeable = new Sum();
  private final Sum purged = new Sum();

  private GemListing() {}

  /** Buffers of a kind, and how large they are together. */
  private static final class Sum {
    private int count;
    private long bytes;

    void add(long sizeBytes) {
      count++;
      bytes += sizeBytes;
    }
  }

  static String of(ImmutableList<KernelBuffer> own, ImmutableList<MsmGemObject> clients) {
    GemListing listing = new GemListing();
    listing.print("   flags       id ref  offset   kaddr            size     madv      name\n");
    own.forEach(listing::add);
    clients.forEach(listing::add);
    listing.total("Total:     ", listing.all);
    listing.total("Active:    ", listing.active);
    listing.total("Resident:  ", listing.resident);
    listing.total("Purgeable: ", listing.purgeable);
    listing.total("Purged:    ", listing.purged);
    return listing.text.toString();
  }

  private void add(KernelBuffer buffer) {
    all.add(buffer.sizeBytes());
    resident.add(buffer.sizeBytes());
    object(buffer.flags(), 'I', 0, 1, 0, buffer.sizeBytes(), "", buffer.name());
    print("      vmas: [gpu: vm=%016x, %08x, mapped]\n", 0L, buffer.iova());
  }

  /** Kernel: {@code msm_gem_describe()}. */
  private void add(MsmGemObject buffer) {
    long bytes = buffer.sizeBytes();
    all.add(bytes);
    if (buffer.isActive()) {
      active.add(bytes);
    }
    if (buffer.isResident()) {
      resident.add(bytes);
    }
    object(
        buffer.flags(),
        buffer.isActive() ? 'A' : 'I',
        buffer.flinkName(),
        buffer.references(),
        buffer.mmapOffsetIfMade() >>> PageAllocator.PAGE_SHIFT,
        bytes,
        madvice(buffer),
        buffer.name());
    if (!buffer.places().isEmpty()) {
      print("      vmas:");
      buffer.places().forEach(this::add);
      print("\n");
    }
  }

  private String madvice(MsmGemObject buffer) {
    if (buffer.advice() == Madvice.PURGED) {
      purged.add(buffer.sizeBytes());
      return " purged";
    }
    if (buffer.advice() == Madvice.DONTNEED) {
      purgeable.add(buffer.sizeBytes());
      return " purgeable";
    }
    return "";
  }

  private void add(VmPlace place) {
    MsmVm vm = place.vm();
    Task task = vm.task();
    print(
        " [gpu%s: vm=%016x, %08x, %smapped]",
        task == null || task.isDead() ? "" : ":" + task.comm(),
        vm.isPerProcess() ? vm.mmu().pagetableBase() : 0,
        place.iova(),
        place.isMapped() ? "" : "un");
  }

  private void object(
      int flags,
      char state,
      int flinkName,
      int references,
      long page,
      long bytes,
      String madvice,
      String name) {
    print(
        "   %08x: %c %2d (%2d) %08x %016x %08d %9s %-32s\n",
        flags, state, flinkName, references, page, 0L, bytes, madvice, name);
  }

  private void total(String what, Sum sum) {
    print("%s%4d objects, %9d bytes\n", what, sum.count, sum.bytes);
  }

  @FormatMethod
  private void print(@FormatString String format, Object... args) {
    text.append(String.format(Locale.ROOT, format, args));
  }
}
