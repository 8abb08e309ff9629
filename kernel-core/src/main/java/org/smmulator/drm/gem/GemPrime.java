package org.smmulator.drm.gem;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileTable.ReservedFd;
import org.smmulator.kernel.mm.VmaBacking;

/**
 * One open file's shared buffers: what it has exported or imported gets the same handle again.
 * Kernel: {@code struct drm_prime_file_private}.
 *
 * <p>It holds a reference to each file of a buffer, until the handle goes.
 */
public final class GemPrime {
  /**
   * Makes an object of a buffer that is not of this device. Kernel: {@code
   * drm_driver.gem_prime_import}.
   */
  public interface Importer {
    /**
     * Imports the buffer.
     *
     * @return with a reference, which the caller gives back
     * @throws ErrnoException the driver's
     */
    GemObject importBuffer(DmaBuf buffer) throws ErrnoException;
  }

  /** An object behind a file, which holds a reference to it. */
  private record ExportedGem(GemObject object) implements DmaBuf.Exporter {
    /** Kernel: {@code drm_gem_map_attach()}. */
    @Override
    public void attach() throws ErrnoException {
      try (var _ = object.reservation().lockAlone()) {
        object.pinForOthers();
      }
    }

    /** Kernel: {@code drm_gem_map_detach()}. */
    @Override
    public void detach() {
      try (var _ = object.reservation().lockAlone()) {
        object.unpinForOthers();
      }
    }

    /** Kernel: {@code drm_gem_map_dma_buf()}, which leaves the caches as they are. */
    @Override
    public ScatterList map(Device device, DmaApi dma, DmaDirection direction)
        throws ErrnoException {
      ScatterList pieces = object.pieces();
      dma.mapSgtable(device, pieces, direction, DmaAttr.SKIP_CPU_SYNC);
      return pieces;
    }

    /** Kernel: {@code drm_gem_unmap_dma_buf()}. */
    @Override
    public void unmap(Device device, DmaApi dma, ScatterList pieces, DmaDirection direction) {
      dma.unmapSg(device, pieces, direction, DmaAttr.SKIP_CPU_SYNC);
    }

    @Override
    public VmaBacking mmap() {
      return object;
    }

    /** Kernel: {@code drm_gem_dmabuf_release()}. */
    @Override
    public void release() {
      object.put();
    }
  }

  private final GemHandles handles;
  private final TreeMap<Integer, DmaBuf> byHandle = new TreeMap<>();

  // Looked up by buffer, never iterated; a buffer may have several handles, and the first counts.
  private final IdentityHashMap<DmaBuf, List<Integer>> byBuffer = new IdentityHashMap<>();

  GemPrime(GemHandles handles) {
    this.handles = handles;
  }

  // ---- out

  /**
   * Makes a descriptor for the buffer behind {@code handle}: of the same file as before, as long as
   * that exists. Kernel: {@code drm_gem_prime_handle_to_fd()}.
   *
   * @param flags how a new file is open
   * @return the descriptor
   * @throws ErrnoException EMFILE; ENOENT if the handle stands for nothing; the driver's
   */
  public int handleToFd(FenceContexts fences, Caller caller, int handle, int flags)
      throws ErrnoException {
    ReservedFd fd = caller.files().reserve();
    try (GemObject object = handles.lookup(handle)) {
      return bufferOf(fences, object, handle, flags).get().install(fd);
    } catch (ErrnoException e) {
      fd.put();
      throw e;
    }
  }

  /** Kernel: {@code drm_gem_prime_handle_to_dmabuf()}. */
  private DmaBuf bufferOf(FenceContexts fences, GemObject object, int handle, int flags)
      throws ErrnoException {
    DmaBuf known = byHandle.get(handle);
    if (known != null) {
      return known;
    }
    DmaBuf buffer = object.dmaBuf();
    if (buffer == null) {
      buffer = export(fences, object, flags);
    }
    add(buffer, handle);
    return buffer;
  }

  /** Kernel: {@code export_and_register_object()}. */
  private static DmaBuf export(FenceContexts fences, GemObject object, int flags)
      throws ErrnoException {
    if (object.handleCount() == 0) {
      throw ENOENT.because("the object has lost its handles");
    }
    String name = object.exportName();
    object.get();
    DmaBuf made =
        new DmaBuf(
            fences, object.sizeBytes(), object.reservation(), new ExportedGem(object), name, flags);
    object.setDmaBuf(made);
    made.put(); // the object and who asked hold it
    return made;
  }

  // ---- in

  /**
   * Returns the handle of the buffer behind {@code fd}, a new one if the file knows it not yet.
   * Kernel: {@code drm_gem_prime_fd_to_handle()}.
   *
   * @param ofDevice the mmap offsets of the device, by which its own objects are known
   * @param importer for a buffer of another device
   * @throws ErrnoException EBADF if {@code fd} is not open; EINVAL if it stands for something else;
   *     the importer's; ENOMEM
   */
  public int fdToHandle(Caller caller, int fd, GemOffsets ofDevice, Importer importer)
      throws ErrnoException {
    DmaBuf buffer = DmaBuf.lookup(caller, fd);
    try {
      List<Integer> known = byBuffer.get(buffer);
      return known == null ? importNew(buffer, ofDevice, importer) : known.getFirst();
    } finally {
      buffer.put();
    }
  }

  private int importNew(DmaBuf buffer, GemOffsets ofDevice, Importer importer)
      throws ErrnoException {
    try (GemObject object = objectOf(buffer, ofDevice, importer)) {
      if (object.dmaBuf() == null) {
        object.setDmaBuf(buffer);
      }
      try {
        int handle = handles.create(object);
        add(buffer, handle);
        return handle;
      } catch (ErrnoException e) {
        if (object.handleCount() == 0) {
          object.unshare();
        }
        throw e;
      }
    }
  }

  /** Kernel: {@code drm_gem_prime_import_dev()}: an object of the device itself is just that. */
  private static GemObject objectOf(DmaBuf buffer, GemOffsets ofDevice, Importer importer)
      throws ErrnoException {
    if (buffer.exporter() instanceof ExportedGem(GemObject object) && object.isOf(ofDevice)) {
      object.get();
      return object;
    }
    return importer.importBuffer(buffer);
  }

  // ---- the table

  /** Kernel: {@code drm_prime_add_buf_handle()}. */
  private void add(DmaBuf buffer, int handle) {
    byHandle.put(handle, buffer.get());
    byBuffer.computeIfAbsent(buffer, _ -> new ArrayList<>(1)).add(handle);
  }

  /** The handle goes away. Kernel: {@code drm_prime_remove_buf_handle()}. */
  void remove(int handle) {
    DmaBuf buffer = byHandle.remove(handle);
    @Nullable List<Integer> others = buffer == null ? null : byBuffer.get(buffer);
    if (buffer != null && others != null) {
      others.remove(Integer.valueOf(handle));
      if (others.isEmpty()) {
        byBuffer.remove(buffer);
      }
      buffer.put();
    }
  }
}
