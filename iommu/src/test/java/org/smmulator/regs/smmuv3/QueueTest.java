package org.smmulator.regs.smmuv3;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** How the indexes of a queue go round: a queue of four entries, as the manual's 3.5.1 draws it. */
final class QueueTest {
  private static final int LOG2 = 2;

  @Test
  void goingRoundChangesTheWrapBitOnly() {
    assertThat(Queue.next(0b011, LOG2)).isEqualTo(0b100);
    assertThat(Queue.next(0b111, LOG2)).isEqualTo(0b000);
    assertThat(Queue.index(0b110, LOG2)).isEqualTo(2);
  }

  @Test
  void goingOnKeepsWhatStandsAboveTheWrapBit() {
    assertThat(Queue.next(Queue.OVERFLOW | 0b111, LOG2)).isEqualTo(Queue.OVERFLOW);
  }

  @Test
  void equalIndexesAreEmptyOrFullByTheWrapBit() {
    assertThat(Queue.isEmpty(0b101, 0b101, LOG2)).isTrue();
    assertThat(Queue.isFull(0b101, 0b101, LOG2)).isFalse();
    assertThat(Queue.isFull(0b101, 0b001, LOG2)).isTrue();
    assertThat(Queue.isEmpty(0b101, 0b001, LOG2)).isFalse();
  }

  @Test
  void anOverflowIsNeitherFullNorEmpty() {
    assertThat(Queue.isEmpty(Queue.OVERFLOW | 1, 1, LOG2)).isTrue();
    assertThat(Queue.isFull(Queue.OVERFLOW | 0b101, 0b001, LOG2)).isTrue();
  }

  @Test
  void fieldsSitWhereTheManualHasThem() {
    assertThat(Cmd.SID.of(0xffff_ffffL)).isEqualTo(0xffff_ffff_0000_0000L);
    assertThat(Cmd.SSID.mask()).isEqualTo(0xffff_f000L);
    assertThat(Ste.S1CTXPTR.mask()).isEqualTo(0x000f_ffff_ffff_ffc0L);
    assertThat(Ste.VTCR_MASK).isEqualTo(0x0007_ffff_0000_0000L);
    assertThat(Cd.ASID.get(0xabcd_0000_0000_0000L)).isEqualTo(0xabcd);
    assertThat(Evt.CLASS.of(Evt.CLASS_IN)).isEqualTo(2L << 40);
  }
}
