package org.smmulator.kernel.mm;

import static org.smmulator.kernel.errno.Errno.ENOMEM;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The mappings of an address space, by address. Kernel: the maple tree of {@code mm_struct}, and
 * {@code vm_unmapped_area()} top-down.
 */
final class VmaMap {
  /** Mappings lie below: the top of the address space less room for a stack. */
  private static final long TOP = UserTable.LIMIT - (128L << 20);

  /** Kernel: {@code mmap_min_addr}. Page zero stays empty, so that a null pointer faults. */
  private static final long BOTTOM = 0x1_0000;

  private final TreeMap<Long, Vma> byStart = new TreeMap<>();
  private final GapTree gaps = new GapTree();

  Collection<Vma> all() {
    return byStart.values();
  }

  /** The mapping that {@code va} lies in. */
  @Nullable Vma at(long va) {
    Map.Entry<Long, Vma> entry = byStart.floorEntry(va);
    return entry != null && va < entry.getValue().end() ? entry.getValue() : null;
  }

  /** The mappings that touch {@code start}..{@code end - 1}, lowest first. */
  List<Vma> overlapping(long start, long end) {
    List<Vma> found = new ArrayList<>();
    Vma first = at(start);
    if (first != null && first.start() < start) {
      found.add(first);
    }
    found.addAll(byStart.subMap(start, end).values());
    return found;
  }

  void add(Vma vma) {
    byStart.put(vma.start(), vma);
    gaps.add(vma.start(), vma.end());
  }

  void remove(Vma vma) {
    byStart.remove(vma.start());
    gaps.remove(vma.start());
  }

  /**
   * Finds the highest free stretch.
   *
   * @throws ErrnoException ENOMEM if there is none
   */
  long findFree(long sizeBytes) throws ErrnoException {
    long end = gaps.highestGapEnd(sizeBytes, BOTTOM, TOP);
    if (end == 0) {
      throw ENOMEM.because("no room for 0x%x bytes in the address space", sizeBytes);
    }
    return end - sizeBytes;
  }
}
