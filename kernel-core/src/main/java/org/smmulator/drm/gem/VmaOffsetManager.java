package org.smmulator.drm.gem;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import java.util.TreeMap;
import org.smmulator.drm.mm.DrmMm;
import org.smmulator.drm.mm.InsertMode;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * Offsets from 4 GiB on that stand for nothing but the buffer. Kernel: {@code struct
 * drm_vma_offset_manager}.
 */
public final class VmaOffsetManager implements GemOffsets {
  /** {@code DRM_FILE_PAGE_OFFSET_START}: the first offset is 4 GiB. */
  private static final long START_PAGE = 0x100000;

  /** {@code DRM_FILE_PAGE_OFFSET_SIZE}. */
  private static final long PAGES = (0xffffffffL >>> PageAllocator.PAGE_SHIFT) * 256;

  private final DrmMm pages = new DrmMm(START_PAGE, PAGES);
  private final TreeMap<Long, GemObject> byOffset = new TreeMap<>();
  private final FaultInjector faults;

  /** Makes an empty space of offsets, which {@code faults} may make seem full. */
  public VmaOffsetManager(FaultInjector faults) {
    this.faults = faults;
  }

  @Override
  public long of(GemObject object) throws ErrnoException {
    if (!object.offsetNode.isAllocated()) {
      if (faults.shouldFail(Site.MMAP_OFFSET)) {
        throw ENOSPC.because("no offset for %d bytes", object.sizeBytes());
      }
      pages.insert(
          object.offsetNode,
          object.sizeBytes() >>> PageAllocator.PAGE_SHIFT,
          1,
          START_PAGE,
          START_PAGE + PAGES,
          InsertMode.BEST);
      byOffset.put(offset(object), object);
    }
    return offset(object);
  }

  @Override
  public GemObject find(long offset, long sizeBytes) throws ErrnoException {
    GemObject object = byOffset.get(offset);
    if (object == null) {
      throw EINVAL.because("no object is at offset %#x", offset);
    }
    if (sizeBytes > object.sizeBytes()) {
      throw EINVAL.because("%d bytes of an object of %d", sizeBytes, object.sizeBytes());
    }
    return object;
  }

  @Override
  public void remove(GemObject object) {
    if (object.offsetNode.isAllocated()) {
      byOffset.remove(offset(object));
      pages.remove(object.offsetNode);
    }
  }

  @Override
  public String describe() {
    return pages.print();
  }

  private static long offset(GemObject object) {
    return object.offsetNode.start() << PageAllocator.PAGE_SHIFT;
  }
}
