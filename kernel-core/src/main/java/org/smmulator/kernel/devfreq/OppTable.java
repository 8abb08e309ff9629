package org.smmulator.kernel.devfreq;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.primitives.Longs;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The rates at which a device can run, from {@code operating-points-v2} of its node. Kernel: {@code
 * struct opp_table}, {@code drivers/opp/of.c}.
 *
 * @param hz the rates, the slowest first; empty if the node names no table
 */
public record OppTable(ImmutableList<Long> hz) {
  private static final String RATE = "opp-hz";

  /** Reads the table of {@code device}. Kernel: {@code dev_pm_opp_of_add_table()}. */
  public static OppTable of(DtNode device) {
    @Nullable DtNode table = device.reference("operating-points-v2");
    if (table == null) {
      return new OppTable(ImmutableList.of());
    }
    ImmutableSortedSet.Builder<Long> rates = ImmutableSortedSet.naturalOrder();
    for (DtNode point : table.children()) {
      if (point.has(RATE)) {
        rates.add(rate(point));
      }
    }
    return new OppTable(rates.build().asList());
  }

  private static long rate(DtNode point) {
    byte[] bytes = point.bytes(RATE);
    if (bytes.length < Long.BYTES) {
      throw point.wrong(RATE, "expected 64 bits");
    }
    return Longs.fromByteArray(bytes);
  }

  public boolean isEmpty() {
    return hz.isEmpty();
  }

  /** The slowest rate. The table is not empty. */
  public long lowestHz() {
    return hz.getFirst();
  }

  /** The fastest rate. The table is not empty. */
  public long highestHz() {
    return hz.getLast();
  }

  /** The slowest rate that is at least {@code wantedHz}; else the fastest. */
  public long atLeast(long wantedHz) {
    for (long rate : hz) {
      if (rate >= wantedHz) {
        return rate;
      }
    }
    return highestHz();
  }

  /** The fastest rate that is at most {@code wantedHz}; else the slowest. */
  public long atMost(long wantedHz) {
    for (long rate : hz.reverse()) {
      if (rate <= wantedHz) {
        return rate;
      }
    }
    return lowestHz();
  }
}
