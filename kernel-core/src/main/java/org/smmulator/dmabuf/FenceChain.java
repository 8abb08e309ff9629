package org.smmulator.dmabuf;

import static com.google.common.base.Preconditions.checkArgument;

import org.jspecify.annotations.Nullable;

/**
 * A point of a timeline that clients number: it signals when its own fence has, and every point
 * before it. Kernel: {@code struct dma_fence_chain}.
 *
 * <p>Points before it whose fences have signalled are dropped when somebody walks past. A number
 * that is not later than the last starts a timeline of its own.
 */
public final class FenceChain extends Fence {
  private final Fence contained;
  private final long prevSeqno;
  private @Nullable Fence previous;

  private FenceChain(
      FenceContexts contexts,
      long context,
      long seqno,
      @Nullable Fence previous,
      Fence contained,
      long prevSeqno) {
    super(contexts, "dma_fence_chain", "unbound", context, seqno);
    checkArgument(!(contained instanceof FenceChain), "a chain that contains the chain %s", this);
    this.previous = previous;
    this.contained = contained;
    this.prevSeqno = prevSeqno;
  }

  /**
   * Puts a point behind {@code previous}, if there is one. Kernel: {@code dma_fence_chain_init()}.
   *
   * @param contained no chain itself
   */
  public static FenceChain after(
      FenceContexts contexts, @Nullable Fence previous, Fence contained, long seqno) {
    if (previous instanceof FenceChain last) {
      if (last.isLater(seqno, last.seqno())) {
        return new FenceChain(contexts, last.context(), seqno, last, contained, last.seqno());
      }
      long valid = isUnsignedLess(seqno, last.seqno()) ? last.seqno() : seqno;
      return new FenceChain(contexts, contexts.alloc(1), valid, last, contained, 0);
    }
    return new FenceChain(contexts, contexts.alloc(1), seqno, previous, contained, 0);
  }

  /** The fence of this point alone. */
  public Fence contained() {
    return contained;
  }

  /** The number of the point before it on its timeline; 0 if it began one. */
  public long prevSeqno() {
    return prevSeqno;
  }

  /** The fence of {@code point} alone if it is one of a chain, else itself. */
  static Fence containedIn(Fence point) {
    return point instanceof FenceChain chain ? chain.contained : point;
  }

  /**
   * The last fence before {@code from} whose own work has not ended; null if there is none, or
   * {@code from} is no chain. Forgets those that have. Kernel: {@code dma_fence_chain_walk()}.
   */
  public static @Nullable Fence walk(Fence from) {
    if (!(from instanceof FenceChain chain)) {
      return null;
    }
    Fence before = chain.previous;
    while (before != null && containedIn(before).isSignaled()) {
      before = before instanceof FenceChain signaled ? signaled.previous : null;
      chain.previous = before;
    }
    return before;
  }

  /**
   * Finds the fence after which {@code seqno} has been reached. Kernel: {@code
   * dma_fence_chain_find_seqno()}.
   *
   * @param seqno 0 for {@code head} itself, whatever it is
   * @return the stub if the point is reached already; null if {@code head} is no chain, or does not
   *     go so far yet (the kernel's EINVAL)
   */
  public static @Nullable Fence find(Fence head, long seqno) {
    if (seqno == 0) {
      return head;
    }
    if (!(head instanceof FenceChain chain) || isUnsignedLess(chain.seqno(), seqno)) {
      return null;
    }
    Fence at = chain;
    while (at instanceof FenceChain point
        && point.context() == chain.context()
        && !isUnsignedLess(point.prevSeqno, seqno)) {
      at = walk(point);
    }
    return at == null ? chain.contexts().stub() : at;
  }

  private static boolean isUnsignedLess(long one, long other) {
    return Long.compareUnsigned(one, other) < 0;
  }

  // ---- as a fence

  /** Numbers have 64 bits and do not wrap. Kernel: {@code dma_fence_init64()}. */
  @Override
  boolean isLater(long one, long other) {
    return Long.compareUnsigned(one, other) > 0;
  }

  @Override
  protected boolean hasEnded() {
    for (Fence at = this; at != null; at = walk(at)) {
      if (!containedIn(at).isSignaled()) {
        return false;
      }
    }
    return true;
  }

  /** Waits for one fence after the other, the newest first, as the kernel does. */
  @Override
  protected boolean enableSignaling() {
    for (Fence at = this; at != null; at = walk(at)) {
      if (containedIn(at).addCallback(this::rearm)) {
        return true;
      }
    }
    return false;
  }

  private void rearm() {
    if (!enableSignaling()) {
      signal();
    }
  }

  @Override
  protected boolean outlivesItsSignal() {
    return true;
  }

  @Override
  protected void deadlineHinted(long deadlineNs) {
    for (Fence at = this; at != null; at = walk(at)) {
      containedIn(at).setDeadline(deadlineNs);
    }
  }
}
