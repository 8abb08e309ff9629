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
    int[] interlaced = FULL_HD.clone();
    interlaced[17] |= 1 << 7;
    int[] noPulse = FULL_HD.clone();
    noPulse[9] = 0;
    int[] tiny = FULL_HD.clone();
    tiny[2] = 40;
    tiny[4] = 0x01;
    for (int[] each : new int[][] {stereo, interlaced, noPulse, tiny}) {
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
    assertThat(names(edid)).isEqualTo("1920x1080@60 1920x1080@60 1280x720@60");
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
}
