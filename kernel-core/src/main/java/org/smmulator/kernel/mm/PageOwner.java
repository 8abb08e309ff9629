package org.smmulator.kernel.mm;

import org.smmulator.kernel.task.Task;

/** An account of pages: who holds them, and for what. Made by {@link PageAllocator#owner}. */
public final class PageOwner {
  static final int NO_ID = 0;

  private final Holder holder;
  private final String what;
  private final PageZone zone;

  /** The allocator's number for this owner while it holds pages. */
  int id = NO_ID;

  long pagesInUse;

  PageOwner(Holder holder, String what, PageZone zone) {
    this.holder = holder;
    this.what = what;
    this.zone = zone;
  }

  /** The one that pages are held by: when it is gone, pages that it still holds have leaked. */
  public sealed interface Holder {
    /** Returns {@code task} as a holder, under the name that it has now. */
    static Holder of(Task task) {
      return new OfProcess(task.pid(), task.toString());
    }

    /** A process: it should hold nothing after its death. */
    record OfProcess(int pid, String name) implements Holder {}

    /** A device, for its driver or its IOMMU: it should hold nothing when both are unbound. */
    record OfDevice(String name) implements Holder {}

    /** The kernel: it may hold pages as long as the machine lives. */
    record OfKernel() implements Holder {}
  }

  public Holder holder() {
    return holder;
  }

  /** Returns the purpose of the pages: {@code pagetable}. */
  public String what() {
    return what;
  }

  public PageZone zone() {
    return zone;
  }

  public long pagesInUse() {
    return pagesInUse;
  }

  /** Returns the account's name for people: {@code pagetable of painter[101]}. */
  public String name() {
    return switch (holder) {
      case Holder.OfProcess process -> what + " of " + process.name();
      case Holder.OfDevice device -> what + " of " + device.name();
      case Holder.OfKernel _ -> what;
    };
  }

  @Override
  public String toString() {
    return name();
  }
}
