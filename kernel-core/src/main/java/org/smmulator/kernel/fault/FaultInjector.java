package org.smmulator.kernel.fault;

import static com.google.common.base.Preconditions.checkArgument;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Makes one allocation fail on purpose, so that the path that undoes what came before it is taken.
 *
 * <p>Kernel: {@code should_fail()} in {@code lib/fault-inject.c}, armed as by a write to {@code
 * /proc/self/fail-nth}: the nth allocation from then on fails, and no other. Fail the first, the
 * second and so on, until {@link #disarm} says that nothing failed: then every error path of what
 * ran in between was taken once.
 *
 * <p>The kernel counts the allocations of one task. Here those of the machine count: a worker, or a
 * job that a scheduler runs, acts for the call under test too.
 */
@Singleton
public final class FaultInjector {
  /** The allocators that ask. */
  public enum Site {
    /** A run of pages of DRAM. Kernel: {@code fail_page_alloc}. */
    PAGE,
    /** A range of I/O virtual addresses. */
    IOVA,
    /** A context bank of an SMMUv2. */
    CONTEXT_BANK,
    /** An ASID of SMMUv3s. */
    ASID,
    /** A VMID of an SMMUv3. */
    VMID,
    /** A PASID of the machine. */
    PASID,
    /** A stream mapping entry of an SMMUv2. */
    STREAM_ENTRY,
    /** A handle of an open DRM file. */
    HANDLE,
    /** An offset at which a DRM device's file shows a buffer. */
    MMAP_OFFSET,
    /** A submit queue of an open msm file. */
    SUBMIT_QUEUE,
    /** A file descriptor. */
    DESCRIPTOR,
    /** A blob of a DRM device with displays. */
    BLOB,
    /** A framebuffer of such a device. */
    FRAMEBUFFER,
    /** A monitor's description of itself. */
    EDID,
    /** A plane, CRTC, encoder or connector of a device with displays. */
    MODE_OBJECT
  }

  /** Hears of memory that is given back, and may write there what a new owner would. */
  public interface FreedPages {
    void freed(long pa, long sizeBytes);
  }

  /** How many more allocations until one fails; 0 while nothing is to fail. */
  private long countdown;

  /** The allocator that counts; null if all do. */
  private @Nullable Site only;

  private Runnable onFailure = () -> {};
  private @Nullable Site failed;
  private @Nullable FreedPages listener;

  @Inject
  public FaultInjector() {}

  /**
   * Makes the {@code nth} allocation from now on fail.
   *
   * @param nth 1 for the next one
   */
  public void failNth(long nth) {
    failNth(nth, null, () -> {});
  }

  /**
   * Makes the {@code nth} allocation of one allocator fail, in place of what was to fail before.
   *
   * @param of the allocator; null for any
   * @param failing runs as the allocation fails
   */
  public void failNth(long nth, @Nullable Site of, Runnable failing) {
    checkArgument(nth > 0, "nth %s", nth);
    countdown = nth;
    only = of;
    onFailure = failing;
    failed = null;
  }

  /** Lets all allocations succeed again, and returns what failed; null if nothing did. */
  public @Nullable Site disarm() {
    Site result = failed;
    countdown = 0;
    failed = null;
    return result;
  }

  /**
   * Returns whether this allocation is to fail: the allocator then does what it does when nothing
   * is left. Kernel: {@code should_fail()}.
   */
  public boolean shouldFail(Site site) {
    return countdown != 0 && (only == null || only == site) && isNth(site);
  }

  /**
   * Tells {@code wanted} of each run of pages that is freed. Kernel: {@code CONFIG_PAGE_POISONING}
   * writes over them, so that whoever still uses them is found out.
   */
  public void onFree(FreedPages wanted) {
    listener = wanted;
  }

  /** A run of pages is nobody's from now on. Kernel: {@code __kernel_poison_pages()}. */
  public void freed(long pa, long sizeBytes) {
    FreedPages known = listener;
    if (known != null) {
      known.freed(pa, sizeBytes);
    }
  }

  private boolean isNth(Site site) {
    if (--countdown > 0) {
      return false;
    }
    failed = site;
    onFailure.run();
    return true;
  }
}
