package org.smmulator.kernel.mm;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.mm.PageAllocator.MAX_ORDER;
import static org.smmulator.kernel.mm.PageAllocator.NONE;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SHIFT;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;

/**
 * One zone of one bank, as a buddy system.
 *
 * <p>Kernel: {@code struct zone}, {@code __free_one_page()}.
 */
// # What it costs
// Memory that was never handed out lies behind a frontier and has no metadata: the arrays for a
// chunk of frames are made when the frontier enters it, so booting with 8 GiB costs nothing.
//
// # Frames
// A frame is a page's number from the zone's first aligned block. The free lists are links in int
// arrays, by frame; a free block's first frame carries its order.
//
// # Zeroing
// A frame that was never used is zero already. Only frames that were freed once are wiped when they
// are handed out again.
//
// # Giving memory back to the host
// A large block that is free as a whole is discarded, if as many frames as half of it were freed
// since it was discarded last. So each discard is paid for by that many frees, and a page that is
// freed and taken again and again costs nothing.
final class BuddyZone {
  private static final int CHUNK_SHIFT = 15;
  private static final int CHUNK_FRAMES = 1 << CHUNK_SHIFT;
  private static final int END = -1;

  /** The order of the blocks that are discarded: 16 MiB. */
  private static final int DISCARD_ORDER = 12;

  private static final byte NOT_FREE = -1;

  /** Metadata for 128 MiB. */
  private static final class Chunk {
    final int[] next = new int[CHUNK_FRAMES];
    final int[] previous = new int[CHUNK_FRAMES];
    final int[] ownerId = new int[CHUNK_FRAMES];

    /** The order of the free block that starts at the frame, plus one; 0 for none. */
    final byte[] freeOrder = new byte[CHUNK_FRAMES];

    final boolean[] usedBefore = new boolean[CHUNK_FRAMES];
  }

  private final PageZone zone;
  private final long start;
  private final long end;

  /** Address of frame 0: aligned to the largest block, so that buddies are a bit apart. */
  private final long origin;

  private final @Nullable Chunk[] chunks;
  private final int[] heads = new int[MAX_ORDER + 1];

  /** By large block: the frames that were freed since it was discarded. */
  private final int[] freedFrames;

  /** The first frame that was never handed out. */
  private int frontier;

  private final int frames;

  BuddyZone(PageZone zone, long start, long end) {
    this.zone = zone;
    this.start = start;
    this.end = end;
    this.origin = start & -(PAGE_SIZE << MAX_ORDER);
    this.frames = (int) ((end - origin) >>> PAGE_SHIFT);
    this.frontier = (int) ((start - origin) >>> PAGE_SHIFT);
    this.chunks = new Chunk[(frames >>> CHUNK_SHIFT) + 1];
    this.freedFrames = new int[(frames >>> DISCARD_ORDER) + 1];
    java.util.Arrays.fill(heads, END);
  }

  PageZone zone() {
    return zone;
  }

  boolean contains(long pa) {
    return pa >= start && pa < end;
  }

  int ownerId(long pa) {
    int frame = frame(pa);
    return frame >= frontier ? PageOwner.NO_ID : chunk(frame).ownerId[in(frame)];
  }

  long alloc(int order, int ownerId, Dram dram) {
    int block = takeBlock(order);
    if (block == END) {
      return NONE;
    }
    for (int frame = block; frame < block + (1 << order); frame++) {
      Chunk chunk = chunk(frame);
      chunk.ownerId[in(frame)] = ownerId;
      if (chunk.usedBefore[in(frame)]) {
        dram.zero(pa(frame), PAGE_SIZE);
      }
    }
    return pa(block);
  }

  void free(long pa, int order, int ownerId, Dram dram) {
    int block = frame(pa);
    for (int frame = block; frame < block + (1 << order); frame++) {
      Chunk chunk = chunk(frame);
      checkState(
          ownerId != PageOwner.NO_ID && chunk.ownerId[in(frame)] == ownerId,
          "page 0x%s is freed by who does not own it",
          Long.toHexString(pa(frame)));
      chunk.ownerId[in(frame)] = PageOwner.NO_ID;
      chunk.usedBefore[in(frame)] = true;
    }
    int merged = putBlock(block, order);
    for (int large = block >>> DISCARD_ORDER;
        large << DISCARD_ORDER < block + (1 << order);
        large++) {
      freedFrames[large] += Math.min(1 << order, 1 << DISCARD_ORDER);
      if (merged >= DISCARD_ORDER && freedFrames[large] >= 1 << (DISCARD_ORDER - 1)) {
        freedFrames[large] = 0;
        dram.discard(pa(large << DISCARD_ORDER), PAGE_SIZE << DISCARD_ORDER);
      }
    }
  }

  private int takeBlock(int order) {
    int block = takeFromLists(order);
    if (block == END) {
      block = takeFromFrontier(order);
    }
    if (block == END && frontier < frames) {
      addFree(frontier, frames); // the rest, merged with what is free below it, may be long enough
      block = takeFromLists(order);
    }
    return block;
  }

  private int takeFromLists(int order) {
    int from = order;
    while (from <= MAX_ORDER && heads[from] == END) {
      from++;
    }
    if (from > MAX_ORDER) {
      return END;
    }
    int block = heads[from];
    unlink(block, from);
    while (from > order) {
      from--;
      link(block + (1 << from), from);
    }
    return block;
  }

  /** Moves the frontier over the next aligned block; what the alignment skips becomes free. */
  private int takeFromFrontier(int order) {
    int block = (frontier + (1 << order) - 1) & -(1 << order);
    if (block > frames - (1 << order)) {
      return END;
    }
    if (frontier < block) {
      addFree(frontier, block);
    }
    enter(block + (1 << order));
    return block;
  }

  /** Moves the frontier to {@code to}, from where it is; the frames between become free. */
  private void addFree(int from, int to) {
    enter(to);
    int at = from;
    while (at < to) {
      int aligned = Math.min(Integer.numberOfTrailingZeros(at), MAX_ORDER);
      int order = Math.min(aligned, 31 - Integer.numberOfLeadingZeros(to - at));
      int _ = putBlock(at, order);
      at += 1 << order;
    }
  }

  private void enter(int newFrontier) {
    for (int i = frontier >>> CHUNK_SHIFT; i <= (newFrontier - 1) >>> CHUNK_SHIFT; i++) {
      if (chunks[i] == null) {
        chunks[i] = new Chunk();
      }
    }
    frontier = newFrontier;
  }

  /** Adds a free block, merged with its buddies, and returns the order that it has then. */
  private int putBlock(int freed, int freedOrder) {
    int block = freed;
    int order = freedOrder;
    while (order < MAX_ORDER) {
      int buddy = block ^ (1 << order);
      if (buddy + (1 << order) > frontier || freeOrder(buddy) != order) {
        break;
      }
      unlink(buddy, order);
      block &= ~(1 << order);
      order++;
    }
    link(block, order);
    return order;
  }

  private int freeOrder(int frame) {
    Chunk chunk = chunks[frame >>> CHUNK_SHIFT];
    return chunk == null ? NOT_FREE : chunk.freeOrder[in(frame)] - 1;
  }

  private void link(int block, int order) {
    Chunk chunk = chunk(block);
    int head = heads[order];
    chunk.freeOrder[in(block)] = (byte) (order + 1);
    chunk.next[in(block)] = head;
    chunk.previous[in(block)] = END;
    if (head != END) {
      chunk(head).previous[in(head)] = block;
    }
    heads[order] = block;
  }

  private void unlink(int block, int order) {
    Chunk chunk = chunk(block);
    int next = chunk.next[in(block)];
    int previous = chunk.previous[in(block)];
    chunk.freeOrder[in(block)] = 0;
    if (previous == END) {
      heads[order] = next;
    } else {
      chunk(previous).next[in(previous)] = next;
    }
    if (next != END) {
      chunk(next).previous[in(next)] = previous;
    }
  }

  private Chunk chunk(int frame) {
    Chunk chunk = chunks[frame >>> CHUNK_SHIFT];
    checkState(chunk != null, "frame %s was never handed out", frame);
    return chunk;
  }

  private int frame(long pa) {
    return (int) ((pa - origin) >>> PAGE_SHIFT);
  }

  private long pa(int frame) {
    return origin + ((long) frame << PAGE_SHIFT);
  }

  private static int in(int frame) {
    return frame & (CHUNK_FRAMES - 1);
  }
}
