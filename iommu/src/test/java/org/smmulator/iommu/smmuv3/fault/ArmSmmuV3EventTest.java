package org.smmulator.iommu.smmuv3.fault;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.regs.smmuv3.Evt;

/** The log's words for an event. Kernel: {@code arm_smmu_dump_event()}. */
class ArmSmmuV3EventTest {
  private static final int IMPLEMENTATION_DEFINED = 0xe0;

  @Test
  void anEventThatTheDriverDoesNotKnowIsUnknown() {
    ArmSmmuV3Event event =
        new ArmSmmuV3Event(Evt.ID.of(IMPLEMENTATION_DEFINED) | Evt.SID.of(0x20), 0, 0, 0);

    assertThat(event.describe("2.display"))
        .isEqualTo("event: UNKNOWN client: 2.display sid: 0x20 ssid: 0x0");
  }

  /** Records as Arm IHI 0070 lays them out, field by field. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0000002000005813|0000118e80001234|12345678|000ffffffffff123"
            + "|F_PERMISSION client: dma sid: 0x20 ssid: 0x5 iova: 0x12345678 ipa: 0xffffffffff000"
            + "|priv inst read s2 \"Stage 1 translation table fetch\" ttd_read stall stag: 0x1234",
        "0000002000005013|0000010000000000|12345678|0"
            + "|F_PERMISSION client: dma sid: 0x20 ssid: 0x0 iova: 0x12345678 ipa: 0x0"
            + "|unpriv data write s1 \"Stage 1 translation table fetch\" ttd_write stag: 0x0",
        "8000000000000010|0000020200000001|0|0"
            + "|F_TRANSLATION client: dma sid: 0x80000000 ssid: 0x0 iova: 0x0 ipa: 0x0"
            + "|priv data write s1 \"Input address caused fault\" stag: 0x1",
        "0000000100000009|0|0|fff000000000000f"
            + "|F_CD_FETCH client: dma sid: 0x1 ssid: 0x0 fetch_addr: 0x8"
            + "|unpriv data write s1 \"CD fetch\" stag: 0x0",
      })
  void eachFieldIsWhereTheManualHasIt(
      String first, String second, String third, String fourth, String event, String access) {
    ArmSmmuV3Event found =
        ArmSmmuV3Event.of(new long[] {hex(first), hex(second), hex(third), hex(fourth)});

    assertThat(found.describe("dma")).isEqualTo("event: " + event);
    assertThat(found.describeAccess()).isEqualTo(access);
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  /** The cases of {@code arm_smmu_handle_event()}. */
  @Test
  void theseEventsAreAboutOneStream() {
    List<Integer> found =
        IntStream.range(0, 0x40)
            .filter(id -> new ArmSmmuV3Event(id, 0, 0, 0).isAboutOneStream())
            .boxed()
            .toList();

    assertThat(found).containsExactly(0x04, 0x06, 0x08, 0x0a, 0x10, 0x11, 0x12, 0x13).inOrder();
  }

  /** Kernel: {@code class_tt} of {@code arm_smmu_decode_event()}. */
  @Test
  void onlyAPermissionFaultSaysWhetherTheWalkReadOrWrote() {
    long ofTheTable = Evt.CLASS.of(Evt.CLASS_TT) | Evt.TT_READ.mask();

    assertThat(new ArmSmmuV3Event(Evt.ID.of(Evt.F_PERMISSION), ofTheTable, 0, 0).describeAccess())
        .contains(" ttd_read ");
    assertThat(new ArmSmmuV3Event(Evt.ID.of(Evt.F_TRANSLATION), ofTheTable, 0, 0).describeAccess())
        .doesNotContain("ttd_");
  }
}
