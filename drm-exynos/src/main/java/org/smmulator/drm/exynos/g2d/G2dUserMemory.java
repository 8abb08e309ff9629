package org.smmulator.drm.exynos.g2d;

import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PinnedPages;
import org.smmulator.uapi.exynos.G2dUserptr;

/**
 * Memory of clients that lists use as images. What a file has used stays pinned and mapped for its
 * next list, up to {@link #MAX_POOL} bytes of all files together; more is let go when its list is
 * done. Kernel: {@code g2d_userptr_get_dma_addr()}, {@code g2d_userptr_put_dma_addr()}.
 *
 * <p>Upstream takes the first piece's address if the memory is in several for the engine, forgets a
 * range for ever that was asked for with another size while no list used it, and begins to count
 * anew for all files when one is closed. Here there must be one piece, a range that nobody uses is
 * let go at once, and each file gives back what it had.
 */
final class G2dUserMemory {
  /** {@code MAX_POOL}. */
  static final long MAX_POOL = 64L << 20;

  private final ExynosMapping.Shared mapping;
  private long pooledBytes;

  G2dUserMemory(ExynosMapping.Shared mapping) {
    this.mapping = mapping;
  }

  /** One range of a file. Kernel: {@code struct g2d_cmdlist_userptr}. */
  final class Range {
    private final G2dFile file;
    private final G2dUserptr asked;
    private final PinnedPages pinned;
    private final ScatterList pieces;
    private final CoherentBuffer memory;
    private int users = 1;
    private boolean pooled;

    private Range(
        G2dFile file,
        G2dUserptr asked,
        PinnedPages pinned,
        ScatterList pieces,
        CoherentBuffer memory) {
      this.file = file;
      this.asked = asked;
      this.pinned = pinned;
      this.pieces = pieces;
      this.memory = memory;
    }

    /** The address at which the engine finds it. */
    long dmaAddress() {
      return pieces.dmaAddress(0);
    }

    /** The list that used it is done. */
    void put() {
      users--;
      if (users == 0 && !pooled) {
        free();
      }
    }

    private long pinnedBytes() {
      return (long) pinned.pages().length() * PageAllocator.PAGE_SIZE;
    }

    private void leavePool() {
      if (pooled) {
        pooled = false;
        pooledBytes -= pinnedBytes();
      }
    }

    private void free() {
      file.ranges().remove(this);
      file.space().unmap(memory);
      mapping.unmapPieces(pieces);
      pinned.close();
    }
  }

  /**
   * Finds or makes the range of {@code asked}, which the caller puts.
   *
   * @throws ErrnoException EINVAL for no size; EFAULT if it is not all writable memory of the
   *     process's own, or the engine would see it in pieces; ENOMEM
   */
  Range get(G2dFile file, Caller caller, G2dUserptr asked) throws ErrnoException {
    if (asked.size() == 0) {
      throw EINVAL.because("invalid userptr size.");
    }
    for (Range known : List.copyOf(file.ranges())) {
      if (known.asked.userptr() != asked.userptr()) {
        continue;
      }
      if (known.asked.size() == asked.size()) {
        known.users++;
        return known;
      }
      known.leavePool();
      file.ranges().remove(known);
      if (known.users == 0) {
        known.free();
      }
    }
    Range made = make(file, caller, asked);
    file.ranges().add(made);
    if (pooledBytes + made.pinnedBytes() < MAX_POOL) {
      pooledBytes += made.pinnedBytes();
      made.pooled = true;
    }
    return made;
  }

  private Range make(G2dFile file, Caller caller, G2dUserptr asked) throws ErrnoException {
    PinnedPages pinned = caller.memory().pin(asked.userptr(), asked.size());
    ScatterList pieces = piecesOf(pinned.pages(), asked);
    try {
      mapping.mapPieces(pieces);
    } catch (ErrnoException e) {
      pinned.close();
      throw e;
    }
    try {
      if (pieces.mappedCount() != 1) {
        throw EFAULT.because("the memory is in %d pieces", pieces.mappedCount());
      }
      long first = pieces.dmaAddress(0) & -PageAllocator.PAGE_SIZE;
      long bytes = (long) pinned.pages().length() * PageAllocator.PAGE_SIZE;
      CoherentBuffer memory = new CoherentBuffer(pinned.pages(), first, bytes);
      file.space().map(caller.task(), memory, IommuProt.READ | IommuProt.WRITE);
      return new Range(file, asked, pinned, pieces, memory);
    } catch (ErrnoException e) {
      mapping.unmapPieces(pieces);
      pinned.close();
      throw e;
    }
  }

  private static ScatterList piecesOf(ImmutableLongArray pages, G2dUserptr asked) {
    ScatterList pieces = new ScatterList();
    long inPage = asked.userptr() & PageAllocator.PAGE_SIZE - 1;
    long left = asked.size();
    for (int i = 0; i < pages.length(); i++) {
      long bytes = Math.min(left, PageAllocator.PAGE_SIZE - inPage);
      pieces.add(pages.get(i) + inPage, bytes);
      left -= bytes;
      inPage = 0;
    }
    return pieces;
  }

  /** The file is closed, and its lists are done. Kernel: {@code g2d_userptr_free_all()}. */
  void close(G2dFile file) {
    for (Range range : new ArrayList<>(file.ranges())) {
      range.leavePool();
      range.free();
    }
  }
}
