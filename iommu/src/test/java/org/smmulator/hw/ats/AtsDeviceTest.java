package org.smmulator.hw.ats;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.ats.AtsCompletion.COMPLETER_ABORT;
import static org.smmulator.hw.ats.AtsCompletion.UNSUPPORTED_REQUEST;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** What a device asks, keeps and forgets; the IOMMU is a list of answers. */
class AtsDeviceTest {
  private static final int SID = 9;
  private static final long UNTRANSLATED = 0xdead_0000L;
  private static final int CONTROL = 4;
  private static final int ON = 1 << 31;

  /** Grants what {@link #grant} says; adds {@link #offset} to every address. */
  private final class Iommu implements AtsPort {
    @Override
    public void connect(int streamId, AtcPort device) {
      said.add("connected " + streamId);
    }

    @Override
    public long translationRequest(int streamId, int substreamId, long iova, int access) {
      said.add("asks 0x%x of %d".formatted(iova, substreamId));
      return refusal != 0
          ? refusal
          : AtsCompletion.of(iova + offset, shift, grant | (access & PRIVILEGED));
    }

    @Override
    public long translated(int streamId, long pa, int access) {
      return pa;
    }

    @Override
    public Answer pageRequest(int streamId, int substreamId, long iova, int pages, int access) {
      said.add("wants %d at 0x%x".formatted(pages, iova));
      grant |= pages == 1 ? access : 0;
      return pages == 1 ? Answer.SUCCESS : Answer.INVALID;
    }

    @Override
    public void invalidationCompleted(int streamId, int tag) {
      said.add("done " + tag);
    }
  }

  private final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  private final List<String> said = new ArrayList<>();
  private long offset = 0x10_0000;
  private int shift = 12;
  private int grant = READ | WRITE;
  private long refusal;
  private AtsDevice device;

  @BeforeEach
  void make() {
    device = made(0);
  }

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  void outOfResetEveryAccessIsTheIommusToTranslate() {
    AtsDevice off =
        new AtsDevice(
            new AtsDevice.Config(4, 0, 10),
            time,
            new Iommu(),
            (s, ss, iova, a) -> UNTRANSLATED,
            SID);

    assertThat(off.translate(SID, NO_SUBSTREAM, 0x1000, READ)).isEqualTo(UNTRANSLATED);
    assertThat(said).containsExactly("connected 9");
  }

  @Test
  void itsCapabilityIsAnAtsCapability() {
    assertThat(device.mmio().read32(0)).isEqualTo(0x1_000f);
    device.mmio().write32(CONTROL, -1);
    assertThat(device.mmio().read32(CONTROL)).isEqualTo(0x801f_0060);
  }

  @Test
  void whatWasAnsweredIsNotAskedAgain() {
    assertThat(read(0x1008)).isEqualTo(0x10_1008);
    assertThat(read(0x1ff0)).isEqualTo(0x10_1ff0);

    assertThat(said).containsExactly("asks 0x1008 of -1");
  }

  @Test
  void oneAnswerMayCoverManyPages() {
    offset = 0x4000_0000L;
    shift = 21;

    assertThat(read(0x20_5008)).isEqualTo(0x4020_5008L);
    assertThat(read(0x3f_f000)).isEqualTo(0x403f_f000L);
    assertThat(said).hasSize(1);

    assertThat(read(0x40_0000)).isEqualTo(0x4040_0000L);
    assertThat(said).hasSize(2);
  }

  @Test
  void pasidsAndPrivilegeAreToldApart() {
    var _ = read(0x1000);
    var _ = device.translate(SID, 3, 0x1000, READ);
    var _ = device.translate(SID, 3, 0x1000, READ | PRIVILEGED);
    var _ = device.translate(SID, 3, 0x1000, WRITE | PRIVILEGED);

    assertThat(said).hasSize(3);
  }

  @Test
  void theOldestMakesRoomForTheFifth() {
    for (long page = 1; page <= 5; page++) {
      var _ = read(page << 12);
    }
    said.clear();

    var _ = read(0x5000);
    var _ = read(0x2000);
    assertThat(said).isEmpty();
    var _ = read(0x1000);
    assertThat(said).containsExactly("asks 0x1000 of -1");
  }

  @Test
  void turnedOnAnewItKnowsNothing() {
    var _ = read(0x1000);
    device.mmio().write32(CONTROL, 0);
    device.mmio().write32(CONTROL, ON);

    var _ = read(0x1000);

    assertThat(said).hasSize(2);
  }

  @Test
  void whatIsNotGrantedIsTriedUntranslated() {
    grant = READ;
    assertThat(read(0x1000)).isEqualTo(0x10_1000);

    assertThat(device.translate(SID, NO_SUBSTREAM, 0x1000, WRITE)).isEqualTo(UNTRANSLATED);
    assertThat(read(0x1000)).isEqualTo(0x10_1000);
    assertThat(said).hasSize(2);
  }

  @Test
  void anAnswerWithoutRightsIsNotKept() {
    var _ = read(0x1000);
    grant = 0;
    assertThat(device.translate(SID, 1, 0x1000, READ)).isEqualTo(UNTRANSLATED);
    assertThat(device.translate(SID, 1, 0x1000, READ)).isEqualTo(UNTRANSLATED);

    assertThat(said).hasSize(3);
  }

  @Test
  void whoMayNotAskGivesUp() {
    refusal = UNSUPPORTED_REQUEST;
    assertThat(read(0x1000)).isEqualTo(ABORT);
    refusal = COMPLETER_ABORT;
    assertThat(read(0x1000)).isEqualTo(ABORT);
  }

  @Test
  void whoCanAskForPagesAsksForFewerIfItCannotHaveAll() {
    device = made(4);
    grant = 0;

    assertThat(read(0x1000)).isEqualTo(0x10_1000);

    assertThat(said)
        .containsExactly(
            "asks 0x1000 of -1", "wants 4 at 0x1000", "wants 1 at 0x1000", "asks 0x1000 of -1")
        .inOrder();
  }

  @Test
  void aRangeOfAnyPasidIsForgottenAndAnsweredLater() {
    fill();

    device.invalidate(7, NO_SUBSTREAM, false, 0x2000, 1);
    assertThat(said).isEmpty();
    boolean _ = time.run(() -> false);

    assertThat(said).containsExactly("done 7");
    assertThat(stillKnown()).containsExactly("-1 0x1000", "1 0x1000");
  }

  @Test
  void aRangeOfOnePasidLeavesTheOthersAndOfAllPasidsWhoHasNone() {
    fill();
    device.invalidate(7, 1, false, 0, 52);
    assertThat(stillKnown()).containsExactly("-1 0x1000", "-1 0x2000");

    fill();
    device.invalidate(7, 5, true, 0x1000, 0);
    assertThat(stillKnown()).containsExactly("-1 0x1000", "-1 0x2000", "1 0x2000");
  }

  private AtsDevice made(int pages) {
    AtsDevice made =
        new AtsDevice(
            new AtsDevice.Config(4, pages, 10),
            time,
            new Iommu(),
            (streamId, substreamId, iova, access) -> UNTRANSLATED,
            SID);
    made.mmio().write32(CONTROL, ON);
    said.clear();
    return made;
  }

  private long read(long iova) {
    return device.translate(SID, NO_SUBSTREAM, iova, READ);
  }

  private void fill() {
    refusal = 0;
    for (int pasid : new int[] {NO_SUBSTREAM, 1}) {
      for (long iova = 0x1000; iova <= 0x2000; iova += 0x1000) {
        var _ = device.translate(SID, pasid, iova, READ);
      }
    }
    said.clear();
  }

  private List<String> stillKnown() {
    refusal = UNSUPPORTED_REQUEST;
    List<String> known = new ArrayList<>();
    for (int pasid : new int[] {NO_SUBSTREAM, 1}) {
      for (long iova = 0x1000; iova <= 0x2000; iova += 0x1000) {
        if (device.translate(SID, pasid, iova, READ) != ABORT) {
          known.add("%d 0x%x".formatted(pasid, iova));
        }
      }
    }
    return known;
  }
}
