package org.smmulator.kernel.devfreq;

import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/** The events of {@code include/trace/events/devfreq.h}. */
public sealed interface DevfreqTrace extends TraceEvent {
  @Override
  default String system() {
    return "devfreq";
  }

  /** {@code devfreq_monitor}: a device was looked at. */
  record Monitor(String device, long hz, int pollingMs, long load) implements DevfreqTrace {
    @Override
    public String name() {
      return "devfreq_monitor";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT,
          "dev_name=%-30s freq=%-12d polling_ms=%-3d load=%-2d",
          device,
          hz,
          pollingMs,
          load);
    }
  }

  /** {@code devfreq_frequency}: a device runs at another rate. */
  record Frequency(String device, long hz, long previousHz, long load) implements DevfreqTrace {
    @Override
    public String name() {
      return "devfreq_frequency";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT,
          "dev_name=%-30s freq=%-12d prev_freq=%-12d load=%-2d",
          device,
          hz,
          previousHz,
          load);
    }
  }
}
