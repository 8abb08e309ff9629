package org.smmulator.drm.msm;

import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.hw.dram.Dram;

/**
 * A ring's timeline: what the GPU has written last to a word in memory. Kernel: {@code struct
 * msm_fence_context}.
 *
 * <p>Numbers are 32 bits and wrap; they start shortly before the wrap so that it happens soon.
 */
final class MsmFenceContext {
  private static final int FIRST = 0xffffff00;

  private final FenceContexts contexts;
  private final Dram dram;
  private final String name;
  private final long context;
  private final long fencePa;
  private int lastFence = FIRST;
  private int completedFence = FIRST;

  MsmFenceContext(FenceContexts contexts, Dram dram, String name, long fencePa) {
    this.contexts = contexts;
    this.dram = dram;
    this.name = name;
    this.context = contexts.alloc(1);
    this.fencePa = fencePa;
    dram.putIntRelease(fencePa, FIRST);
  }

  /** Returns whether {@code a} is later than {@code b}, across a wrap. */
  static boolean isAfter(int a, int b) {
    return a - b > 0;
  }

  /** The number that the last submit was given. */
  int lastFence() {
    return lastFence;
  }

  /** Reads the sequence number that the GPU wrote last. */
  int written() {
    return dram.getIntAcquire(fencePa);
  }

  /** Pretends that the GPU had written {@code seqno}. */
  void overwrite(int seqno) {
    dram.putIntRelease(fencePa, seqno);
  }

  /** Notes that everything up to {@code seqno} is done. Kernel: {@code msm_update_fence()}. */
  void update(int seqno) {
    if (isAfter(seqno, completedFence)) {
      completedFence = seqno;
    }
  }

  /** The next number's fence. */
  Fence next() {
    return new HwFence(++lastFence);
  }

  private boolean isCompleted(int seqno) {
    return !isAfter(seqno, completedFence) || !isAfter(seqno, written());
  }

  private final class HwFence extends Fence {
    HwFence(int number) {
      super(contexts, "msm", name, context, Integer.toUnsignedLong(number));
    }

    @Override
    protected boolean hasEnded() {
      return isCompleted((int) seqno());
    }
  }
}
