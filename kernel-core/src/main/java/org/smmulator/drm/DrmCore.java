package org.smmulator.drm;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.drm.gem.GemOffsets;
import org.smmulator.kernel.KernelServices;

/** The state that all DRM devices of a machine share: minor numbers, and the kernel's services. */
@Singleton
public final class DrmCore {
  private final KernelServices kernel;
  private final Provider<GemOffsets> offsets;
  private final FenceContexts fences;
  private final ReservationClass reservations;
  private final BitSet minors = new BitSet();
  private long nextClientId = 1;

  /**
   * Makes the core.
   *
   * @param offsets makes the strategy by which a device's buffers get their mmap offsets
   */
  @Inject
  public DrmCore(KernelServices kernel, Provider<GemOffsets> offsets) {
    this.kernel = kernel;
    this.offsets = offsets;
    this.fences = new FenceContexts(kernel.scheduler(), kernel.clock());
    this.reservations = new ReservationClass(kernel.lockdep());
    DrmNodes.addClass(kernel.nodes());
  }

  public KernelServices kernel() {
    return kernel;
  }

  public FenceContexts fences() {
    return fences;
  }

  public ReservationClass reservations() {
    return reservations;
  }

  GemOffsets newOffsets() {
    return offsets.get();
  }

  /**
   * Prints as {@code DRM_ERROR()} does.
   *
   * @param function the kernel's function that prints
   */
  @FormatMethod
  public void error(String function, @FormatString String format, @Nullable Object... args) {
    kernel.dmesg().err("[drm:%s] *ERROR* %s", function, String.format(Locale.ROOT, format, args));
  }

  /** Takes the lowest free number. Kernel: {@code drm_minor_alloc()}. */
  int takeMinor() {
    int lowest = minors.nextClearBit(0);
    minors.set(lowest);
    return lowest;
  }

  /** Kernel: {@code drm_minor_alloc_release()}. */
  void giveMinorBack(int minor) {
    minors.clear(minor);
  }

  long takeClientId() {
    return nextClientId++;
  }
}
