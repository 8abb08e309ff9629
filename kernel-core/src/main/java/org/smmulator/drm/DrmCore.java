package org.smmulator.drm;

import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** What all DRM devices of a machine share: numbers, and the kernel's services. */
public final class DrmCore {
  private final Scheduler scheduler;
  private final Lockdep lockdep;
  private final PageAllocator pages;
  private final Dram dram;
  private final Dmesg dmesg;
  private final Tracer tracer;
  private final NodeTree nodes;
  private final FenceContexts fences;
  private final ReservationClass reservations;
  private int nextMinor;
  private long nextClientId = 1;

  public DrmCore(
      Scheduler scheduler,
      Lockdep lockdep,
      PageAllocator pages,
      Dram dram,
      Dmesg dmesg,
      Tracer tracer,
      NodeTree nodes) {
    this.scheduler = scheduler;
    this.lockdep = lockdep;
    this.pages = pages;
    this.dram = dram;
    this.dmesg = dmesg;
    this.tracer = tracer;
    this.nodes = nodes;
    this.fences = new FenceContexts(scheduler);
    this.reservations = new ReservationClass(lockdep);
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  public Lockdep lockdep() {
    return lockdep;
  }

  public PageAllocator pages() {
    return pages;
  }

  public Dram dram() {
    return dram;
  }

  public Dmesg dmesg() {
    return dmesg;
  }

  public Tracer tracer() {
    return tracer;
  }

  NodeTree nodes() {
    return nodes;
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
