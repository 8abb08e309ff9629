package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqBatch;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3InvRange;

/** Commands, word by word, and which of them invalidate a range. */
class ArmSmmuV3CmdqEntTest {
  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.run(machine::probe);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void firstWordsHaveTheirFieldsWhereTheManualHasThem() {
    assertThat(ArmSmmuV3CmdqEnt.invalidateSte(0x1234)).isEqualTo(0x0000_1234_0000_0003L);
    assertThat(ArmSmmuV3CmdqEnt.invalidateCd(0x1234, 0x56)).isEqualTo(0x0000_1234_0005_6005L);
    assertThat(ArmSmmuV3CmdqEnt.invalidateAsid(0xabcd)).isEqualTo(0xabcd_0000_0000_0011L);
    assertThat(ArmSmmuV3CmdqEnt.invalidateVmid(0xabcd)).isEqualTo(0x0000_abcd_0000_0028L);
    assertThat(ArmSmmuV3CmdqEnt.invalidateAtc(0x1234, 7)).isEqualTo(0x0000_1234_0000_7840L);
    assertThat(ArmSmmuV3CmdqEnt.resume(0x1234, 1)).isEqualTo(0x0000_1234_0000_1044L);
    assertThat(ArmSmmuV3CmdqEnt.answerPri(0x1234, true, 7)).isEqualTo(0x0000_1234_0000_7841L);
    assertThat(ArmSmmuV3CmdqEnt.sync()).isEqualTo(0x0000_0000_0fc0_2046L);
  }

  @Test
  void anAtcSpanIsTheSmallestAlignedPowerOfTwo() {
    assertThat(ArmSmmuV3CmdqEnt.atcSpan(0, 0)).isEqualTo(52);
    assertThat(ArmSmmuV3CmdqEnt.atcSpan(0x5000, 0x1000)).isEqualTo(0x5000);
    // Pages 3 to 4 need 0 to 7; pages 8 to 11 are a span of their own.
    assertThat(ArmSmmuV3CmdqEnt.atcSpan(0x3000, 0x2000)).isEqualTo(3);
    assertThat(ArmSmmuV3CmdqEnt.atcSpan(0x8000, 0x4000)).isEqualTo(0x8002);
  }

  @Test
  void withoutRangesEachGranuleTakesACommand() throws Exception {
    assertThat(commands(false, true, 0x10_0000, 0x3000, 0x1000))
        .containsExactly("7000000000012 100001", "7000000000012 101001", "7000000000012 102001")
        .inOrder();
    assertThat(new ArmSmmuV3InvRange(false).isTooBig(511 * 0x1000, 0x1000)).isFalse();
    assertThat(new ArmSmmuV3InvRange(false).isTooBig(512 * 0x1000, 0x1000)).isTrue();
    assertThat(new ArmSmmuV3InvRange(false).isTooBig(0, 0x1000)).isTrue();
  }

  @Test
  void aRangeTakesACommandForEachGroupOfFiveBits() throws Exception {
    // 0x63 pages: 3 of scale 0, then 3 of scale 5. TG 1 and TTL 3: leaves of 4 KiB at level 3.
    assertThat(commands(true, true, 0x10_0000, 0x63_000, 0x1000))
        .containsExactly("7000000002012 100701", "7000000502012 103701")
        .inOrder();
    // 512 pages that were one block: scale 9, one unit, level 2.
    assertThat(commands(true, true, 0x20_0000, 0x20_0000, 0x20_0000))
        .containsExactly("7000000900012 200601");
    assertThat(new ArmSmmuV3InvRange(true).isTooBig(1L << 40, 0x1000)).isFalse();
  }

  @Test
  void aRangeOfTablesSaysNoLevelAndIsNeverOnePage() throws Exception {
    // One page becomes two: NUM and SCALE must not both be zero.
    assertThat(commands(true, false, 0x10_0000, 0x1000, 0x1000))
        .containsExactly("7000000100012 100400");
  }

  private ImmutableList<String> commands(
      boolean ranges, boolean leaf, long iova, long sizeBytes, long granuleBytes) throws Exception {
    ImmutableList.Builder<String> made = ImmutableList.builder();
    machine.kernel.run(() -> {
      ArmSmmuV3CmdqBatch batch = machine.state().cmdq().batch();
      new ArmSmmuV3InvRange(ranges)
          .add(batch, ArmSmmuV3CmdqEnt.invalidateVa(7), leaf, iova, sizeBytes, granuleBytes, 12);
      for (int i = 0; i < batch.count(); i++) {
        made.add("%x %x".formatted(batch.first(i), batch.second(i)));
      }
    });
    return made.build();
  }
}
