package org.smmulator.drm.msm.gem;

import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/** The events of {@code msm_gpu_trace.h} that tell of buffers. */
public sealed interface GemTrace extends TraceEvent {
  @Override
  default String system() {
    return "drm_msm_gpu";
  }

  /** {@code msm_gem_shrink}: pages were taken back, in the four stages of the shrinker. */
  record Shrink(long nrToScan, long purged, long evicted, long activePurged, long activeEvicted)
      implements GemTrace {
    @Override
    public String name() {
      return "msm_gem_shrink";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT,
          "nr_to_scan=%d pg, purged=%d pg, evicted=%d pg, active_purged=%d pg, active_evicted=%d"
              + " pg",
          nrToScan,
          purged,
          evicted,
          activePurged,
          activeEvicted);
    }
  }
}
