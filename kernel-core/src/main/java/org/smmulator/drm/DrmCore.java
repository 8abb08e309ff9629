package org.smmulator.drm;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.kernel.KernelServices;

/** The state that all DRM devices of a machine share: minor numbers, and the kernel's services. */
@Singleton
public final class DrmCore {
  private final KernelServices kernel;
  private final FenceContexts fences;
  private final ReservationClass reservations;
  private int nextMinor;
  private long nextClientId = 1;

  @Inject
  public DrmCore(KernelServices kernel) {
    this.kernel = kernel;
    this.fences = new FenceContexts(kernel.scheduler());
    this.reservations = new ReservationClass(kernel.lockdep());
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

  int takeMinor() {
    return nextMinor++;
  }

  long takeClientId() {
    return nextClientId++;
  }
}
