package org.smmulator.drm.exynos.g2d;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.PendingEvent;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.G2dEvent;

/**
 * One of the slots of the pool: a list of commands, and the buffers that it keeps. Kernel: {@code
 * struct g2d_cmdlist_node}.
 *
 * <p>In memory a list is a number of pairs, the pairs, and a link to the next list. Upstream keeps
 * buffers in an array with a place for each base register: a list that names one register twice
 * loses a reference, and one with more than six names writes past its end. Here a list keeps
 * whatever it names.
 */
public final class G2dCmdlistNode {
  /** {@code G2D_CMDLIST_SIZE}. */
  static final int BYTES = 1024;

  /** {@code G2D_CMDLIST_DATA_NUM}: words of a list without its head and its link. */
  static final int DATA_WORDS = BYTES / Integer.BYTES - 2;

  private static final long NS_A_SECOND = 1_000_000_000;
  private static final long NS_A_MICROSECOND = 1_000;

  private final Dram dram;
  private final CoherentBuffer pool;
  private final long offset;
  private final List<GemObject> buffers = new ArrayList<>();
  private final List<G2dUserMemory.Range> ranges = new ArrayList<>();
  private EngineTurns.@Nullable Space space;
  private @Nullable PendingEvent event;
  private int last;

  /** Makes the slot at {@code offset} of the pool. */
  G2dCmdlistNode(Dram dram, CoherentBuffer pool, long offset) {
    this.dram = dram;
    this.pool = pool;
    this.offset = offset;
  }

  /**
   * Lets the jobs of a file fetch the list, and nobody else's if the slot has a page of its own.
   *
   * @throws ErrnoException what {@link EngineTurns.Space#map} gives
   */
  void lendTo(EngineTurns.Space file, Task caller) throws ErrnoException {
    file.map(caller, page(), IommuProt.READ);
    space = file;
  }

  /** Ends {@link #lendTo}. */
  void takeBack() {
    if (space != null) {
      space.unmap(page());
      space = null;
    }
  }

  private CoherentBuffer page() {
    return new CoherentBuffer(pool.paAt(offset), dmaAddress(), PageAllocator.PAGE_SIZE);
  }

  /** The address at which the engine finds the list. */
  long dmaAddress() {
    return pool.dmaAddress() + offset;
  }

  /** Writes {@code words} of {@code count}, the head and an empty link. */
  void write(int[] words, int count) {
    last = count;
    for (int i = 0; i < count; i++) {
      put(i, words[i]);
    }
    dram.putInt(pool.paAt(offset), count / 2);
    put(last, 0);
  }

  void linkTo(G2dCmdlistNode next) {
    put(last, (int) next.dmaAddress());
  }

  private void put(int word, int value) {
    dram.putInt(pool.paAt(offset + Integer.BYTES + (long) Integer.BYTES * word), value);
  }

  /** Keeps a reference of the caller's until {@link #release}. */
  void keep(GemObject buffer) {
    buffers.add(buffer);
  }

  /**
   * Promises to tell the client when the list is done.
   *
   * @throws ErrnoException ENOMEM if there is no room for the event
   */
  void promiseEvent(DrmFile file, long userData) throws ErrnoException {
    int bytes = CStruct.sizeof(G2dEvent.LAYOUT);
    MemorySegment told = MemorySegment.ofArray(new long[bytes / Long.BYTES]);
    new G2dEvent(G2dEvent.TYPE, bytes, userData, 0, 0, 0).write(told, 0);
    event = file.events().reserve(told);
  }

  /** Returns whether the client is still to be told. */
  boolean hasEvent() {
    return event != null;
  }

  /**
   * Tells the client. Callable from a hard interrupt. Kernel: {@code g2d_finish_event()}.
   *
   * @param cmdlistNo how many lists of the job are done
   */
  void sendEvent(long nowNs, int cmdlistNo) {
    PendingEvent promised = event;
    event = null;
    if (promised != null) {
      MemorySegment told = promised.event();
      told.set(CStruct.U32, G2dEvent.TV_SEC_OFFSET, (int) (nowNs / NS_A_SECOND));
      told.set(
          CStruct.U32, G2dEvent.TV_USEC_OFFSET, (int) (nowNs % NS_A_SECOND / NS_A_MICROSECOND));
      told.set(CStruct.U32, G2dEvent.CMDLIST_NO_OFFSET, cmdlistNo);
      promised.send();
    }
  }

  /** Keeps a reference of the caller's until {@link #release}. */
  void keep(G2dUserMemory.Range range) {
    ranges.add(range);
  }

  /** Gives the buffers back. Kernel: {@code g2d_unmap_cmdlist_gem()}. */
  void release() {
    takeBack();
    if (event != null) {
      event.cancel(); // the list was not done
      event = null;
    }
    buffers.forEach(GemObject::put);
    buffers.clear();
    ranges.forEach(G2dUserMemory.Range::put);
    ranges.clear();
  }
}
