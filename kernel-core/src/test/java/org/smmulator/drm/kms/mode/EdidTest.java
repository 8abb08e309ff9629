package org.smmulator.drm.kms.mode;

import static com.google.common.truth.Truth.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.smmulator.uapi.drm.mode.ModeInfo;

/** EDIDs byte by byte; offsets are those of VESA's E-EDID 1.3. */
class EdidTest {
  private static final byte[] HEADER = {0, -1, -1, -1, -1, -1, -1, 0};

  /** 148.5 MHz, 1920 + 280 by 1080 + 45, hsync 88 + 44, vsync 4 + 5, both positive. */
  private static final int[] FULL_HD = {
    0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58, 0x2c, 0x45, 0, 0, 0, 0, 0, 0, 0x1e
  };

  private static byte[] base(int revision, int features, int[]... timings) {
    byte[] made = new byte[128];
    System.arraycopy(HEADER, 0, made, 0, HEADER.length);
    made[18] = 1;
    made[19] = (byte) revision;
    made[21] = 52;
    made[22] = 29;
    made[24] = (byte) features;
    for (int i = 0; i < timings.length; i++) {
      put(made, 54 + 18 * i, timings[i]);
    }
    return summed(made, 0);
  }

  private static void put(byte[] to, int at, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      to[at + i] = (byte) bytes[i];
    }
  }

  private static byte[] summed(byte[] made, int block) {
    int sum = 0;
    for (int i = 0; i < 127; i++) {
      sum += made[block + i];
    }
    made[block + 127] = (byte) -sum;
    return made;
  }

  private static byte[] withCta(byte[] base, int... bytes) {
    byte[] made = Arrays.copyOf(base, 256);
    made[126] = 1;
    put(made, 128, bytes);
    return summed(summed(made, 0), 128);
  }

  private static String names(byte[] edid) {
    return String.join(
        " ",
        Edid.of(edid).modes().stream()
            .map(mode -> mode.info().name() + "@" + mode.info().vrefresh())
            .toList());
  }

  @Test
  void aDetailedTimingIsReadFieldByField() {
    Edid edid = Edid.of(base(3, 2, FULL_HD));

    assertThat(edid.isValid()).isTrue();
    assertThat(edid.widthMm()).isEqualTo(520);
    assertThat(edid.heightMm()).isEqualTo(290);
    assertThat(edid.modes()).hasSize(1);
    assertThat(edid.modes().getFirst().info())
        .isEqualTo(
            new ModeInfo(
                148_500,
                1920,
                2008,
                2052,
                2200,
                0,
                1080,
                1084,
                1089,
                1125,
                0,
                60,
                ModeInfo.FLAG_PHSYNC | ModeInfo.FLAG_PVSYNC,
                ModeInfo.TYPE_DRIVER | ModeInfo.TYPE_PREFERRED,
                "1920x1080"));
  }

  @Test
  void theFirstIsPreferredIfAFeatureSaysSoOrFromRevision4On() {
    assertThat(preferred(3, 0)).isEqualTo(0);
    assertThat(preferred(3, 2)).isEqualTo(ModeInfo.TYPE_PREFERRED);
    assertThat(preferred(4, 0)).isEqualTo(ModeInfo.TYPE_PREFERRED);
  }

  private static int preferred(int revision, int features) {
    ModeInfo mode = Edid.of(base(revision, features, FULL_HD)).modes().getFirst().info();
    return mode.type() & ModeInfo.TYPE_PREFERRED;
  }

  @Test
  void timingsThatLinuxIgnoresAreLeftOut() {
    int[] stereo = FULL_HD.clone();
    stereo[17] |= 1 << 5;
    int[] noPulse = FULL_HD.clone();
    noPulse[9] = 0;
    int[] tiny = FULL_HD.clone();
    tiny[2] = 40;
    tiny[4] = 0x01;
    for (int[] each : new int[][] {stereo, noPulse, tiny}) {
      assertThat(names(base(3, 2, each))).isEmpty();
    }
  }

  @Test
  void aPulseThatIsLongerThanTheBlankIsCut() {
    int[] timing = FULL_HD.clone();
    timing[9] = 0xff;

    ModeInfo mode = Edid.of(base(3, 2, timing)).modes().getFirst().info();

    assertThat(mode.hsyncStart()).isEqualTo(2008);
    assertThat(mode.hsyncEnd()).isEqualTo(2200);
  }

  @Test
  void establishedTimingsAreBits() {
    byte[] edid = base(3, 0);
    edid[35] = 1 << 5;
    edid[36] = 1 << 3;
    edid[37] = (byte) 0x80;

    assertThat(names(summed(edid, 0))).isEqualTo("1152x864@75 1024x768@60 640x480@60");
  }

  @Test
  void aCtaBlockNumbersTimingsAndHasDetailedOnes() {
    byte[] edid = withCta(base(3, 0), 2, 3, 8, 0, 0x43, 0x84, 16, 250);
    put(edid, 128 + 8, FULL_HD);
    edid = summed(edid, 128);

    assertThat(Edid.of(edid).isValid()).isTrue();
    // both again at 59.94 Hz
    assertThat(names(edid))
        .isEqualTo("1920x1080@60 1920x1080@60 1920x1080@60 1280x720@60 1280x720@60");
  }

  @Test
  void aDataBlockThatEndsBeyondItsBlockIsLeftOut() {
    int[] block = new int[126];
    Arrays.fill(block, 4, 126, 0x20); // blocks of another kind, and empty
    block[0] = 2;
    block[1] = 3;
    block[2] = 0;
    block[125] = 0x5f; // a video block of 31 bytes, of which one is there

    assertThat(names(withCta(base(3, 0), block))).isEmpty();
  }

  @Test
  void anEdidIsValidIfAllItsBlocksAre() {
    byte[] good = base(3, 2, FULL_HD);

    assertThat(Edid.of(good).isValid()).isTrue();
    assertThat(Edid.of(new byte[0]).isValid()).isFalse();
    assertThat(Edid.of(Arrays.copyOf(good, 127)).isValid()).isFalse();
    assertThat(Edid.of(Arrays.copyOf(good, 256)).isValid()).isFalse(); // it promises none
    for (int i = 0; i < 8; i++) {
      byte[] header = good.clone();
      header[i] ^= 1;
      assertThat(Edid.of(summed(header, 0)).isValid()).isFalse();
    }
    byte[] version = good.clone();
    version[18] = 2;
    assertThat(Edid.of(summed(version, 0)).isValid()).isFalse();
    byte[] sum = good.clone();
    sum[127]++;
    assertThat(Edid.of(sum).isValid()).isFalse();
  }

  @Test
  void onlyACtaBlockMayHaveAWrongChecksum() {
    byte[] cta = withCta(base(3, 2, FULL_HD), 2, 3);
    cta[255]++;
    assertThat(Edid.of(cta).isValid()).isTrue();
    byte[] other = withCta(base(3, 2, FULL_HD), 0x70);
    assertThat(Edid.of(other).isValid()).isTrue();
    other[255]++;
    assertThat(Edid.of(other).isValid()).isFalse();
  }

  @Test
  void aStandardTimingIsOneOfVesasOrComputed() {
    byte[] edid = base(3, 0);
    // 1280x1024 (5:4) at 60 Hz, 1600x1200 (4:3) at 75, 1440x900 (16:10) at 60, one that VESA has
    // not
    put(edid, 38, 0x81, 0x80, 0xa9, 0x4f, 0x95, 0x00, 0x40, 0x40, 1, 1, 1, 1, 1, 1, 1, 1);

    assertThat(names(summed(edid, 0)))
        .isEqualTo("1600x1200@75 1280x1024@60 1440x900@60 760x570@60");
  }

  @Test
  void aMonitorThatIsDigitalGetsTheStandardTimingWithTheShortBlank() {
    byte[] edid = base(3, 0);
    edid[20] = (byte) 0x80;
    put(edid, 38, 0x95, 0x00, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

    ModeInfo mode = Edid.of(summed(edid, 0)).modes().getFirst().info();

    assertThat(mode.name()).isEqualTo("1440x900");
    assertThat(mode.clock()).isEqualTo(88_750); // VESA DMT 0x2e
    assertThat(mode.htotal()).isEqualTo(1600);
  }

  @Test
  void aDescriptorHasMoreEstablishedAndMoreStandardTimings() {
    byte[] edid = base(4, 0);
    put(edid, 54, 0, 0, 0, 0xf7, 0, 10, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    put(edid, 72, 0, 0, 0, 0xfa, 0, 0x61, 0x40, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x0a);
    put(edid, 38, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

    assertThat(names(summed(edid, 0))).isEqualTo("1024x768@60 848x480@60");
  }

  @Test
  void anInterlacedTimingIsThatOfAWholeFrameAndItsNameSaysSo() {
    // 74.25 MHz, 1920 + 280 by 540 + 22 a field, hsync 88 + 44, vsync 2 + 5
    int[] field = {
      0x01, 0x1d, 0x80, 0x18, 0x71, 0x1c, 0x16, 0x20, 0x58, 0x2c, 0x25, 0, 0, 0, 0, 0, 0, 0x9e
    };

    ModeInfo mode = Edid.of(base(3, 2, field)).modes().getFirst().info();

    assertThat(mode.name()).isEqualTo("1920x1080i");
    assertThat(mode.vtotal()).isEqualTo(1125);
    assertThat(mode.vsyncStart()).isEqualTo(1084);
    assertThat(mode.vrefresh()).isEqualTo(60);
    assertThat(CtaTimings.vicOf(new DisplayMode(mode))).isEqualTo(5);
  }

  @Test
  void aMonitorOfHdmiHasItsOwnBlock() {
    byte[] edid = withCta(base(3, 0), 2, 3, 10, 0, 0x65, 0x03, 0x0c, 0x00, 0x10, 0x00);

    assertThat(Edid.of(edid).isHdmi()).isTrue();
    assertThat(Edid.of(base(3, 0)).isHdmi()).isFalse();
  }

  private static String timing(ModeInfo mode) {
    return "%d: %d %d %d %d, %d %d %d %d"
        .formatted(
            mode.clock(),
            mode.hdisplay(),
            mode.hsyncStart(),
            mode.hsyncEnd(),
            mode.htotal(),
            mode.vdisplay(),
            mode.vsyncStart(),
            mode.vsyncEnd(),
            mode.vtotal());
  }

  /** The numbers are those of kernels' logs, and of the programs {@code gtf} and {@code cvt}. */
  @Test
  void timingsThatNoTableHasAreComputed() {
    assertThat(timing(ComputedTimings.gtf(1600, 900, 60)))
        .isEqualTo("118963: 1600 1696 1864 2128, 900 901 904 932");
    assertThat(timing(ComputedTimings.gtf(1024, 576, 60)))
        .isEqualTo("46970: 1024 1064 1168 1312, 576 577 580 597");
    assertThat(timing(ComputedTimings.cvt(1600, 900, 60)))
        .endsWith(": 1600 1696 1856 2112, 900 903 908 934");
    assertThat(timing(ComputedTimings.cvt(1280, 800, 60)))
        .endsWith(": 1280 1352 1480 1680, 800 803 809 831");
  }

  @Test
  void aMonitorWithAFormulaGetsStandardTimingsThatNoTableHas() {
    byte[] old = base(1, 0);
    byte[] gtf = base(3, 0);
    byte[] cvt = base(4, 0);
    for (byte[] each : new byte[][] {old, gtf, cvt}) {
      put(each, 38, 0x61, 0xc0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1); // 1024x576 at 60 Hz
    }

    assertThat(names(summed(cvt, 0))).isEqualTo("1024x576@60");
    assertThat(Edid.of(summed(gtf, 0)).modes().getFirst().info().clock()).isEqualTo(46_970);
    assertThat(Edid.of(gtf).modes().getFirst().info().htotal()).isEqualTo(1312);
    assertThat(Edid.of(cvt).modes().getFirst().info().vsyncStart()).isEqualTo(579); // CVT's porch
    assertThat(names(summed(old, 0))).isEmpty(); // a monitor of revision 1 knows no formula
  }

  @Test
  void aDescriptorOfCvtCodesNamesSizesAndRates() {
    byte[] edid = base(3, 0);
    // 1280x720 (16:9) at 75 and 60 Hz
    put(edid, 54, 0, 0, 0, 0xf8, 0, 1, 0x67, 0x14, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    assertThat(names(summed(edid, 0))).isEqualTo("1280x720@75 1280x720@60");
  }
}
