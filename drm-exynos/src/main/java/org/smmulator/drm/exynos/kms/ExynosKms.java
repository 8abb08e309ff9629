package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.dma.ExynosDrmPrivate;
import org.smmulator.drm.exynos.gem.ExynosGemObject;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.KmsDriver;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;

/**
 * The mode setting of the Exynos DRM device, to which components add their parts as they are bound.
 * Kernel: {@code exynos_drm_mode_config_init()}.
 */
public final class ExynosKms implements KmsDriver {
  private static final int MAX_SIZE = 4096;

  /** The destination of a controller's pictures. Kernel: {@code enum exynos_drm_output_type}. */
  enum OutputType {
    LCD,
    HDMI,
    VIDI
  }

  private final ExynosDrmPrivate state;
  private final Function<DrmFile, EngineTurns.Space> spaces;
  private final ModeConfig config;
  private final Map<OutputType, ExynosCrtcOps> controllers = new EnumMap<>(OutputType.class);

  /**
   * Makes the mode setting of {@code device}.
   *
   * @param spaces tells what a file has on the engines
   */
  public ExynosKms(
      DrmDevice device, ExynosDrmPrivate state, Function<DrmFile, EngineTurns.Space> spaces) {
    this.state = state;
    this.spaces = spaces;
    this.config = new ModeConfig(device, this);
  }

  /** The mode setting of an aggregate whose bind has begun. */
  static ExynosKms of(AggregateDevice aggregate) {
    ExynosKms made = aggregate.parent().find(ExynosKms.class);
    if (made == null) {
      throw new IllegalStateException(aggregate.parent().name() + " is not being bound");
    }
    return made;
  }

  /** The displays. */
  public ModeConfig config() {
    return config;
  }

  /**
   * Adds the planes of a controller, by which their configurations are counted.
   *
   * @param doubled whether they can show each pixel and line twice
   * @throws ErrnoException ENOMEM
   */
  ImmutableList<Plane> addPlanes(
      ImmutableList<Plane.Config> planes, ExynosCrtcOps controller, boolean doubled)
      throws ErrnoException {
    ImmutableList.Builder<Plane> made = ImmutableList.builder();
    for (int window = 0; window < planes.size(); window++) {
      made.add(config.addPlane(planes.get(window), new ExynosPlane(window, controller, doubled)));
    }
    return made.build();
  }

  /**
   * Adds the CRTC of a controller, whose pictures go to {@code type}; of two the first counts.
   * Kernel: {@code exynos_drm_crtc_create()}.
   *
   * @throws ErrnoException ENOMEM
   */
  Crtc addCrtc(OutputType type, Plane primary, ExynosCrtcOps controller) throws ErrnoException {
    Crtc made = config.addCrtc(new Crtc.Planes(primary, null), controller, 0);
    controllers.putIfAbsent(type, controller);
    return made;
  }

  /**
   * The CRTC whose pictures go to {@code type}. Kernel: {@code exynos_drm_crtc_get_by_type()}.
   *
   * @throws ErrnoException ENODEV if there is none
   */
  Crtc crtc(OutputType type) throws ErrnoException {
    return controller(type).crtc();
  }

  /**
   * The controller whose pictures go to {@code type}.
   *
   * @throws ErrnoException ENODEV if there is none
   */
  ExynosCrtcOps controller(OutputType type) throws ErrnoException {
    ExynosCrtcOps found = controllers.get(type);
    if (found == null) {
      throw ENODEV.because("no controller feeds %s", type);
    }
    return found;
  }

  @Override
  public int minSize() {
    return 0;
  }

  @Override
  public int maxSize() {
    return MAX_SIZE;
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_user_fb_create()}.
   *
   * @throws ErrnoException ENOENT for a handle; EINVAL if its buffer is too small, and for memory
   *     in pieces without an IOMMU
   */
  @Override
  public GemObject[] buffersOf(DrmFile file, PixelFormat format, ModeFbCmd2 asked)
      throws ErrnoException {
    GemObject[] buffers = new GemObject[format.planes()];
    int found = 0;
    try {
      for (int i = 0; i < buffers.length; i++) {
        ExynosGemObject buffer = ExynosGemObject.lookup(file, asked.handles().get(i));
        buffers[found++] = buffer;
        long rows = i == 0 ? asked.height() : (asked.height() + format.vsub() - 1) / format.vsub();
        long sizeBytes =
            rows * Integer.toUnsignedLong(asked.pitches().get(i))
                + Integer.toUnsignedLong(asked.offsets().get(i));
        if (sizeBytes > buffer.sizeBytes()) {
          throw EINVAL.because("plane %d ends at %d of %d", i, sizeBytes, buffer.sizeBytes());
        }
      }
      if (!state.mapping().hasIommu()) {
        checkContiguous(buffers);
      }
      return buffers;
    } catch (ErrnoException e) {
      for (int i = 0; i < found; i++) {
        buffers[i].put();
      }
      throw e;
    }
  }

  /** Kernel: {@code check_fb_gem_memory_type()}. */
  private static void checkContiguous(GemObject[] buffers) throws ErrnoException {
    for (GemObject buffer : buffers) {
      if (!((ExynosGemObject) buffer).isContiguous()) {
        throw EINVAL.because("Non-contiguous GEM memory is not supported.");
      }
    }
  }

  /** {@inheritDoc} Kernel: {@code exynos_drm_gem_dumb_create()}. */
  @Override
  public int createDumb(DrmFile file, Task caller, long sizeBytes) throws ErrnoException {
    try (ExynosGemObject made =
        ExynosGemObject.makeDumb(file.device(), state.mapping(), sizeBytes)) {
      made.mapIn(spaces.apply(file), caller);
      return file.handles().create(made);
    }
  }
}
