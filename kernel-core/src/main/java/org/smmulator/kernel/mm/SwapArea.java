package org.smmulator.kernel.mm;

import static com.google.common.base.Preconditions.checkState;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Room outside of memory for the bytes of pages. Kernel: {@code mm/swapfile.c}.
 *
 * <p>No device reaches it, and a slot is read by nobody but who filled it.
 *
 * <p>Left out: the disk, and so the time that it takes.
 */
public final class SwapArea {
  private final CpuMemory cpu;
  private final List<@Nullable MemorySegment> slots = new ArrayList<>();
  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
  private long capacityPages;
  private long usedPages;

  SwapArea(CpuMemory cpu) {
    this.cpu = cpu;
  }

  /** Adds room for {@code pages}, as the system call of that name does. */
  public void swapOn(long pages) {
    capacityPages += pages;
  }

  /** How many more pages there is room for. Kernel: {@code get_nr_swap_pages()}. */
  public long freePages() {
    return capacityPages - usedPages;
  }

  /** Takes a slot, which there is, for a page that is stored later. */
  public int take() {
    checkState(freePages() > 0, "swap is full");
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) PageAllocator.PAGE_SIZE]);
    usedPages++;
    Integer recycled = freeSlots.pollFirst();
    if (recycled == null) {
      slots.add(bytes);
      return slots.size() - 1;
    }
    slots.set(recycled, bytes);
    return recycled;
  }

  /** Stores the page at {@code pa} in a slot. */
  public void store(int slot, long pa) {
    cpu.copyOut(pa, bytesOf(slot), 0, PageAllocator.PAGE_SIZE);
  }

  /** Fills the page at {@code pa} with what {@code slot} holds, and keeps the slot. */
  public void load(int slot, long pa) {
    cpu.copyIn(pa, bytesOf(slot), 0, PageAllocator.PAGE_SIZE);
  }

  private MemorySegment bytesOf(int slot) {
    return Objects.requireNonNull(slots.get(slot), "the slot is free");
  }

  /** Gives a slot back. */
  public void free(int slot) {
    checkState(slots.set(slot, null) != null, "the slot is free");
    freeSlots.addLast(slot);
    usedPages--;
  }
}
