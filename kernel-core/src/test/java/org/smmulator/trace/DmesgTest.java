package org.smmulator.trace;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** The kernel's log as a ring: 128 KiB of text, or 4096 records. */
class DmesgTest {
  private static final TraceContext NOBODY =
      new TraceContext() {
        @Override
        public long nowNs() {
          return 0;
        }

        @Override
        public String comm() {
          return "swapper";
        }

        @Override
        public int pid() {
          return 0;
        }

        @Override
        public int cpu() {
          return 0;
        }
      };

  private final Dmesg dmesg = new Dmesg(NOBODY);

  @Test
  void ofShortLinesItKeepsAsManyAsItHasDescriptors() {
    for (int i = 0; i < 5000; i++) {
      dmesg.info("%d", i);
    }

    assertThat(dmesg.lines()).hasSize(4096);
    assertThat(dmesg.lines().getFirst().text()).isEqualTo("904");
    assertThat(dmesg.lines().getLast().text()).isEqualTo("4999");
  }

  @Test
  void ofLongOnesItKeepsAsManyAsFitOldestForgottenFirst() {
    String thousand = "x".repeat(1000);
    for (int i = 0; i < 300; i++) {
      dmesg.info("%03d%s", i, thousand);
    }

    // 1003 bytes are 1008 with padding, and 8 for the record's id.
    assertThat(dmesg.lines()).hasSize((128 << 10) / (1008 + 8));
    assertThat(dmesg.lines().getLast().text()).startsWith("299");
  }

  @Test
  void aLineThatIsLongerThanARecordIsCut() {
    dmesg.info("%s", "y".repeat(5000));

    assertThat(dmesg.lines().getFirst().text()).hasLength(1023);
  }
}
