package org.smmulator.drm.exynos.ipp;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.uapi.exynos.IppTaskRect;

/**
 * A picture of a task: how it lies in memory, the part of it that counts, and its buffers. Kernel:
 * {@code struct exynos_drm_ipp_buffer}.
 */
public final class IppBuffer {
  private static final int ALL = -1;
  private static final ImmutableIntArray NO_PLANES = ImmutableIntArray.of(0, 0, 0, 0);

  private IppTaskBuffer asked = new IppTaskBuffer(0, 0, 0, 0, NO_PLANES, NO_PLANES, NO_PLANES, 0);
  private IppTaskRect rect = new IppTaskRect(0, 0, 0, ALL, ALL);
  private final int[] pitches = new int[NO_PLANES.length()];
  private PlaneLayout layout = new PlaneLayout(0, ImmutableIntArray.of(1), 1, 1);
  private final List<ExynosGemObject> buffers = new ArrayList<>();

  void describe(IppTaskBuffer buffer) {
    asked = buffer;
    for (int plane = 0; plane < pitches.length; plane++) {
      pitches[plane] = buffer.pitch().get(plane);
    }
  }

  void cropTo(IppTaskRect part) {
    rect = part;
  }

  /** A rectangle that was not given is the whole picture. */
  void completeRect() {
    rect =
        new IppTaskRect(
            rect.id(),
            rect.x(),
            rect.y(),
            rect.w() == ALL ? asked.width() : rect.w(),
            rect.h() == ALL ? asked.height() : rect.h());
  }

  /** The format: {@code DRM_FORMAT_*}. */
  public int fourcc() {
    return asked.fourcc();
  }

  public long modifier() {
    return asked.modifier();
  }

  int width() {
    return asked.width();
  }

  public int height() {
    return asked.height();
  }

  public IppTaskRect rect() {
    return rect;
  }

  int pitch(int plane) {
    return pitches[plane];
  }

  void setPitch(int plane, int bytes) {
    pitches[plane] = bytes;
  }

  int handle(int plane) {
    return asked.gemId().get(plane);
  }

  PlaneLayout layout() {
    return layout;
  }

  void setLayout(PlaneLayout found) {
    layout = found;
  }

  /** Pixels from a line to the next. */
  public int linePixels() {
    return Integer.divideUnsigned(pitches[0], layout.bytes().get(0));
  }

  /**
   * The address of a plane; 0 of one that the format does not have.
   *
   * @param plane from 0 to 2
   */
  public long dmaAddress(int plane) {
    return plane < buffers.size()
        ? buffers.get(plane).dmaAddress() + Integer.toUnsignedLong(asked.offset().get(plane))
        : 0;
  }

  /**
   * Takes references to its buffers. Kernel: {@code exynos_drm_ipp_task_setup_buffer()}.
   *
   * @throws ErrnoException ENOENT for a handle that stands for nothing; EINVAL if a plane is not in
   *     its buffer; what mapping it for the file's jobs gives
   */
  void findBuffers(DrmFile file, EngineTurns.Space space, Task caller) throws ErrnoException {
    for (int plane = 0; plane < layout.planes(); plane++) {
      ExynosGemObject found = ExynosGemObject.lookup(file, handle(plane));
      buffers.add(found);
      long bytes =
          layout.heightOf(plane, height()) * Integer.toUnsignedLong(pitches[plane])
              + Integer.toUnsignedLong(asked.offset().get(plane));
      if (Long.compareUnsigned(bytes, found.sizeBytes()) > 0) {
        throw EINVAL.because("plane %d ends at %d of %d", plane, bytes, found.sizeBytes());
      }
      found.mapIn(space, caller);
    }
  }

  /** Gives the references back. Kernel: {@code exynos_drm_ipp_task_release_buf()}. */
  void release() {
    buffers.forEach(GemObject::put);
    buffers.clear();
  }
}
