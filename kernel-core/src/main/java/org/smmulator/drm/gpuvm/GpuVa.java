package org.smmulator.drm.gpuvm;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemObject;

/**
 * A mapping: addresses of a GPU, and the bytes of an object behind them. A driver extends it.
 * Kernel: {@code struct drm_gpuva}.
 *
 * <p>It is in an address space ({@link GpuVm#insert}), and if it has an object, in the list of that
 * object's mappings there ({@link #link}).
 */
public class GpuVa {
  /** The driver has to map it anew. Kernel: {@code DRM_GPUVA_INVALIDATED}. */
  public static final int INVALIDATED = 1;

  /** Its addresses may be used, and nothing is behind them. Kernel: {@code DRM_GPUVA_SPARSE}. */
  public static final int SPARSE = 1 << 1;

  /** The first flag that is the driver's own. Kernel: {@code DRM_GPUVA_USERBITS}. */
  public static final int USERBITS = 1 << 2;

  private final VaRange range;
  private final @Nullable GemObject object;
  private final long offset;
  private int flags;
  private @Nullable GpuVmBo vmBo;

  /** Makes a mapping that is nowhere yet. Kernel: {@code drm_gpuva_init_from_op()}. */
  public GpuVa(GpuVaOp.Map op) {
    this.range = op.range();
    this.object = op.object();
    this.offset = op.offset();
  }

  public final VaRange range() {
    return range;
  }

  /** The object that is mapped; null if nothing is behind the addresses. */
  public final @Nullable GemObject object() {
    return object;
  }

  /** The byte of the object that is mapped first. */
  public final long offset() {
    return offset;
  }

  /** A mask of {@link #INVALIDATED}, {@link #SPARSE} and the driver's own. */
  public final int flags() {
    return flags;
  }

  public final void setFlags(int mask) {
    flags = mask;
  }

  /** The object in the address space; null while it is not linked. */
  public final @Nullable GpuVmBo vmBo() {
    return vmBo;
  }

  /**
   * Puts it into the list of its object's mappings, with a reference to {@code into}. Does nothing
   * without an object. The caller holds the object's reservation. Kernel: {@code drm_gpuva_link()}.
   */
  @SuppressWarnings("ReferenceEquality") // an object has an identity
  public final void link(GpuVmBo into) {
    if (object == null) {
      return;
    }
    checkState(into.object() == object, "linked to another object");
    object.reservation().checkLocked();
    vmBo = into.get();
    into.linked(this);
  }

  /**
   * Takes it out of that list, and gives the reference back. Does nothing without an object. The
   * caller holds the object's reservation. Kernel: {@code drm_gpuva_unlink()}.
   */
  public final void unlink() {
    GpuVmBo linked = vmBo;
    if (object == null || linked == null) {
      return;
    }
    object.reservation().checkLocked();
    vmBo = null;
    linked.unlinked(this);
    linked.put();
  }
}
