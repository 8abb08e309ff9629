package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppEvent;
import org.smmulator.uapi.exynos.IppTaskTransform;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosEvent;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/** Pictures that the G-Scaler makes for clients, of what the 2D engine has drawn. */
class GscTest {
  private static final int RED = 0xffff_0000;
  private static final int NEAR_RED = 0xfffe_0000;

  private static ExynosBuffer drawn(ExynosDevice device, int width, int height, int color)
      throws Exception {
    ExynosBuffer buffer = device.newBuffer(4L * width * height, 1);
    G2dList.fill(new Image(buffer, width), 0, 0, width, height, color).submit(device);
    device.exec(false);
    return buffer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aPictureBecomesYccAndRedAgain(String board) throws Exception {
    try (Tm2 tm2 = Tm2.on(board)) {
      ExynosDevice device = tm2.open(tm2.machine.host("painter"));
      ExynosIpp ipp = new ExynosIpp(device);
      ExynosBuffer red = drawn(device, 64, 32, RED);
      for (Format middle :
          new Format[] {
            Format.NV12,
            Format.NV21,
            Format.NV16,
            Format.NV61,
            Format.YUYV,
            Format.YVYU,
            Format.UYVY,
            Format.VYUY,
            Format.YUV420,
            Format.YVU420,
            Format.YUV422
          }) {
        IppPicture ycc = new IppPicture(device.newBuffer(8192, 1), middle, 64, 32);
        IppPicture again =
            new IppPicture(device.newBuffer(4 * 64 * 32, 1), Format.XRGB8888, 64, 32);

        ipp.commit(
            0, 0, new IppRequest().from(new IppPicture(red, Format.XRGB8888, 64, 32)).to(ycc), 0);
        ipp.commit(0, 0, new IppRequest().from(ycc).to(again), 0);

        assertThat(again.buffer().load32(0)).isEqualTo(NEAR_RED);
        assertThat(again.buffer().load32(4 * (64 * 32 - 1))).isEqualTo(NEAR_RED);
      }
    }
  }

  @Test
  void onePictureIsTheSameOnAllThreeScalers() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = tm2.open(tm2.machine.host("painter"));
      ExynosIpp ipp = new ExynosIpp(device);
      ExynosBuffer small = drawn(device, 64, 32, RED);
      for (int id = 0; id < 3; id++) {
        ExynosBuffer large = device.newBuffer(4 * 128 * 64, 0);
        ipp.commit(
            id,
            0,
            new IppRequest()
                .from(new IppPicture(small, Format.XRGB8888, 64, 32))
                .to(new IppPicture(large, Format.XRGB8888, 128, 64)),
            0);
        assertThat(large.load32(0)).isEqualTo(RED);
        assertThat(large.load32(4 * (128 * 64 - 1))).isEqualTo(RED);
      }
    }
  }

  @Test
  void aQuarterTurnIsCounterClockwise() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = tm2.open(tm2.machine.host("painter"));
      ExynosBuffer lying = drawn(device, 64, 32, RED);
      G2dList.fill(new Image(lying, 64), 63, 0, 1, 1, 0xff00_00ff).submit(device); // top right
      device.exec(false);
      ExynosBuffer standing = device.newBuffer(4 * 64 * 32, 0);

      new ExynosIpp(device)
          .commit(
              0,
              0,
              new IppRequest()
                  .from(new IppPicture(lying, Format.XRGB8888, 64, 32))
                  .to(new IppPicture(standing, Format.XRGB8888, 32, 64))
                  .transform(IppTaskTransform.ROTATE_90),
              0);

      assertThat(standing.load32(0)).isEqualTo(0xff00_00ff); // top left
      assertThat(standing.load32(4)).isEqualTo(RED);
    }
  }

  @Test
  void aSmallerPictureIsTheMeanOfTheLarger() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = tm2.open(tm2.machine.host("painter"));
      ExynosBuffer stripes = device.newBuffer(4 * 256 * 64, 0);
      for (int line = 0; line < 64; line += 2) {
        G2dList.fill(new Image(stripes, 256), 0, line, 256, 1, 0xffc8_c8c8).submit(device);
      }
      device.exec(false);
      ExynosBuffer small = device.newBuffer(4 * 64 * 16, 0);

      new ExynosIpp(device)
          .commit(
              0,
              0,
              new IppRequest()
                  .from(new IppPicture(stripes, Format.XRGB8888, 256, 64))
                  .to(new IppPicture(small, Format.XRGB8888, 64, 16)),
              0);

      assertThat(small.load32(4 * (8 * 64 + 32))).isEqualTo(0xff64_6464);
    }
  }

  @Test
  void anEventTellsTheEndOfATaskThatNobodyWaitsFor() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = tm2.open(tm2.machine.host("painter"));
      IppPicture red = new IppPicture(drawn(device, 64, 32, RED), Format.XRGB8888, 64, 32);
      IppPicture copy = new IppPicture(device.newBuffer(8192, 0), Format.XRGB8888, 64, 32);
      for (int i = 1; i <= 3; i++) {
        new ExynosIpp(device)
            .commit(
                1,
                IppCommit.NONBLOCK | IppCommit.EVENT,
                new IppRequest().from(red).to(copy),
                0xdeed_0000_0000L + i);
      }

      for (int i = 1; i <= 3; i++) {
        IppEvent event = ((ExynosEvent.OfIpp) device.nextEvent()).event();
        assertThat(event.length()).isEqualTo(40);
        assertThat(event.userData()).isEqualTo(0xdeed_0000_0000L + i);
        assertThat(event.sequence()).isEqualTo(i);
        assertThat(event.ippId()).isEqualTo(0);
      }
      assertThat(copy.buffer().load32(0)).isEqualTo(RED);
    }
  }

  @Test
  void anEventTellsEachListOfAJobThatAsksForIt() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      ExynosDevice device = tm2.open(tm2.machine.host("painter"));
      Image image = Tm2.image(device);
      G2dList.fill(image, 0, 0, 1, 1, 1).submit(device, 0x11);
      G2dList.fill(image, 1, 0, 1, 1, 2).submit(device);
      G2dList.fill(image, 2, 0, 1, 1, 3).submit(device, 0x33);
      device.exec(true);

      var first = ((ExynosEvent.OfG2d) device.nextEvent()).event();
      var second = ((ExynosEvent.OfG2d) device.nextEvent()).event();

      assertThat(first.length()).isEqualTo(32);
      assertThat(first.userData()).isEqualTo(0x11);
      assertThat(first.cmdlistNo()).isEqualTo(1);
      assertThat(second.userData()).isEqualTo(0x33);
      assertThat(second.cmdlistNo()).isEqualTo(3);
      tm2.machine.settle();
      assertThat(Tm2.pixel(image, 2, 0)).isEqualTo(3);
    }
  }

  @Test
  void aFileThatIsClosedIsToldNothingAndLeavesNothing() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      var client = tm2.machine.host("painter");
      ExynosDevice device = tm2.open(client);
      IppPicture red = new IppPicture(drawn(device, 64, 32, RED), Format.XRGB8888, 64, 32);
      IppPicture copy = new IppPicture(device.newBuffer(8192, 0), Format.XRGB8888, 64, 32);
      for (int i = 0; i < 20; i++) {
        new ExynosIpp(device)
            .commit(
                i % 3,
                IppCommit.NONBLOCK | IppCommit.EVENT,
                new IppRequest().from(red).to(copy),
                i);
        G2dList.fill(new Image(copy.buffer(), 64), 0, 0, 1, 1, i).submit(device, i);
      }
      device.exec(true);

      client.exit();
      tm2.machine.settle();
      tm2.machine.shutDown();

      assertThat(tm2.machine.leakedPages()).isEmpty();
    }
  }
}
