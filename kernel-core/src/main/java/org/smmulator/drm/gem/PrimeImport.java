package org.smmulator.drm.gem;

import com.google.common.primitives.ImmutableLongArray;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.DmaBufAttachment;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * A buffer of somebody else that an object of ours stands for: attached, mapped for the device, and
 * held by a reference. Kernel: {@code drm_gem_object.import_attach}.
 */
public final class PrimeImport {
  private static final DmaDirection DIRECTION = DmaDirection.BIDIRECTIONAL;

  private final DmaBufAttachment attachment;
  private final ScatterList pieces;

  private PrimeImport(DmaBufAttachment attachment, ScatterList pieces) {
    this.attachment = attachment;
    this.pieces = pieces;
  }

  /**
   * Attaches {@code device}. Kernel: {@code drm_gem_prime_import_dev()}.
   *
   * @throws ErrnoException the exporter's; nothing is held then
   */
  public static PrimeImport of(DmaBuf buffer, Device device, DmaApi dma) throws ErrnoException {
    DmaBufAttachment attachment = buffer.attach(device, dma);
    buffer.get();
    try {
      return new PrimeImport(attachment, attachment.map(DIRECTION));
    } catch (ErrnoException e) {
      attachment.detach();
      buffer.put();
      throw e;
    }
  }

  public DmaBuf buffer() {
    return attachment.buffer();
  }

  /** The memory, as the CPU and as the device sees it. */
  public ScatterList pieces() {
    return pieces;
  }

  /** The physical address of each page. Kernel: {@code drm_prime_sg_to_page_array()}. */
  public ImmutableLongArray pages() {
    ImmutableLongArray.Builder pages = ImmutableLongArray.builder();
    for (int i = 0; i < pieces.count(); i++) {
      for (long offset = 0; offset < pieces.length(i); offset += PageAllocator.PAGE_SIZE) {
        pages.add(pieces.pa(i) + offset);
      }
    }
    return pages.build();
  }

  /** Kernel: {@code drm_prime_gem_destroy()}. */
  public void destroy() {
    attachment.unmap(pieces, DIRECTION);
    attachment.detach();
    attachment.buffer().put();
  }
}
