package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.Ste;

/**
 * First levels of the stream table and of tables of context descriptors, as they were fetched,
 * until software invalidates them by a command that is not for a leaf only. Arm IHI 0070, 4.3.
 *
 * <p>A descriptor of contexts is cached even if it leads nowhere: the kernel has "an invalid L1CD
 * can be cached". One of streams is not: 5.1 lets an SMMU cache it, but the kernel fills one in
 * without a command.
 *
 * @implNote Unverified: that no SMMU caches an L1STD whose Span is 0, as the kernel assumes.
 */
final class FirstLevels {
  private final ConfigurationCache<Long> streams = new ConfigurationCache<>();
  private final ConfigurationCache<Long> contexts = new ConfigurationCache<>();

  /** The first level that leads to the entry of {@code sid}; null if it is not cached. */
  @Nullable Long stream(int sid, int split) {
    return streams.find(ConfigurationCache.key(first(sid, split)));
  }

  void putStream(int sid, int split, long descriptor) {
    if (Ste.L1_SPAN.get(descriptor) != 0) {
      streams.put(ConfigurationCache.key(first(sid, split)), descriptor);
    }
  }

  /** The first level that leads to the descriptor of {@code ssid}; null if it is not cached. */
  @Nullable Long context(int sid, int ssid, int split) {
    return contexts.find(ConfigurationCache.key(sid, first(ssid, split)));
  }

  void putContext(int sid, int ssid, int split, long descriptor) {
    contexts.put(ConfigurationCache.key(sid, first(ssid, split)), descriptor);
  }

  /**
   * Invalidates the first levels of the streams that agree with {@code sid} in all bits but the
   * lowest {@code bits}.
   *
   * @param split how many streams, as a logarithm, have a first level in common
   */
  void invalidateStreams(int sid, int bits, int split) {
    streams.invalidateStreams(sid, Math.max(bits, split));
  }

  /** Invalidates the first levels of the contexts of such streams. */
  void invalidateContexts(int sid, int bits) {
    contexts.invalidateStreams(sid, bits);
  }

  /** Invalidates the first level of one context, whichever format the table has. */
  void invalidateContext(int sid, int ssid) {
    contexts.invalidate(ConfigurationCache.key(sid, first(ssid, Cd.L2_SPLIT_64K)));
    contexts.invalidate(ConfigurationCache.key(sid, first(ssid, Cd.L2_SPLIT_4K)));
  }

  private static int first(int id, int split) {
    return id & -(1 << split);
  }
}
