package org.smmulator.kernel.devfreq;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.devfreq.DevfreqProfile.Status;

/** The governor's arithmetic, with the thresholds that msm gives it. */
class SimpleOndemandTest {
  private final SimpleOndemand governor = new SimpleOndemand(50, 10);

  /** Busy and total time in microseconds, the rate now, and the rate that is wanted. */
  @ParameterizedTest
  @CsvSource({
    "50000, 50000, 300, 9223372036854775807", // all the time
    "25001, 50000, 300, 9223372036854775807", // above 50 %
    "25000, 50000, 300, 300", // exactly 50 %: stays
    "20001, 50000, 300, 300", // above 40 %: stays
    "20000, 50000, 450, 400", // 40 % of 450 is 180, at 45 % of the wanted rate
    "5000, 50000, 450, 100",
    "0, 50000, 450, 0",
    "0, 0, 450, 9223372036854775807", // nothing is known
    "0, 50000, 0, 9223372036854775807",
    "0, 16777216, 450, 0", // 2^24: scaled down before the products
  })
  void theRateFollowsTheLoad(long busyUs, long totalUs, long hz, long wantedHz) {
    assertThat(governor.target(new Status(totalUs, busyUs, hz))).isEqualTo(wantedHz);
  }

  @Test
  void aTableRoundsUpOrDownAndNeverOutOfItself() {
    var table = new OppTable(ImmutableList.of(100L, 200L, 400L));

    assertThat(table.atLeast(0)).isEqualTo(100);
    assertThat(table.atLeast(101)).isEqualTo(200);
    assertThat(table.atLeast(401)).isEqualTo(400);
    assertThat(table.atMost(399)).isEqualTo(200);
    assertThat(table.atMost(99)).isEqualTo(100);
  }
}
