package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.scenario.exynos.Errnos.check;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppFormat;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.uapi.exynos.IppGetLimits;
import org.smmulator.uapi.exynos.IppGetResources;
import org.smmulator.uapi.exynos.IppLimit;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.uapi.exynos.IppTaskTransform;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * The errno of each wrong call of image post processing, and which of two mistakes is found first.
 * Kernel: exynos_drm_ipp.c, and the limits of exynos_drm_gsc.c.
 */
class IppErrnoTest {
  private static final long UNMAPPED = 0xdead_0000L;
  private static final int SOURCE = IppCommit.TASK_BUFFER | IppCommit.TYPE_SOURCE;
  private static final int TEST_ONLY = IppCommit.TEST_ONLY;

  private Tm2 tm2;
  private ExynosDevice device;
  private ExynosIpp ipp;
  private ExynosBuffer buffer;

  @BeforeEach
  void boot() throws Exception {
    tm2 = Tm2.boot();
    device = tm2.open(tm2.machine.host("tester"));
    ipp = new ExynosIpp(device);
    buffer = device.newBuffer(1 << 20, 0);
  }

  @AfterEach
  void close() {
    tm2.close();
  }

  private IppPicture picture(Format format, int width, int height) {
    return new IppPicture(buffer, format, width, height);
  }

  private IppRequest good() {
    return new IppRequest().from(picture(Format.NV12, 64, 16)).to(picture(Format.XRGB8888, 64, 16));
  }

  private void refuses(String what, Errno expected, IppRequest request) {
    check(what, expected, () -> ipp.commit(0, TEST_ONLY, request, 0));
  }

  private void accepts(String what, IppRequest request) {
    try {
      ipp.commit(0, TEST_ONLY, request, 0);
    } catch (ErrnoException e) {
      throw new AssertionError(what + ": " + e.reason(), e);
    }
  }

  @Test
  void processorsAreListedIfThereIsRoomForAll() throws Exception {
    assertThat(ipp.processors().asList()).containsExactly(0, 1, 2).inOrder();
    assertThat(ipp.getResources(new IppGetResources(2, 0, UNMAPPED)).countIpps()).isEqualTo(3);
    check("no room", Errno.EFAULT, () -> ipp.getResources(new IppGetResources(3, 0, UNMAPPED)));
  }

  @Test
  void capabilitiesAndFormats() throws Exception {
    IppGetCaps told = ipp.getCaps(new IppGetCaps(2, 0, 0, 0, 0));
    assertThat(told.capabilities()).isEqualTo(0xf);
    assertThat(told.formatsCount()).isEqualTo(17);
    assertThat(ipp.formats(0).get(0).fourcc()).isEqualTo(0x3432_5241); // AR24
    assertThat(ipp.formats(0).get(16).modifier()).isEqualTo(0x0400_0000_0000_0002L);
    check("no processor", Errno.ENOENT, () -> ipp.getCaps(new IppGetCaps(3, 0, 0, 99, UNMAPPED)));
    check("no room", Errno.EFAULT, () -> ipp.getCaps(new IppGetCaps(0, 0, 0, 17, UNMAPPED)));
  }

  @Test
  void limits() throws Exception {
    int nv12 = Format.NV12.fourcc();
    assertThat(ipp.limits(0, nv12, IppFormat.SOURCE))
        .containsExactly(
            new IppLimit(
                0x1_0001, new IppLimit.Range(32, 8191, 16), new IppLimit.Range(16, 8191, 2)),
            new IppLimit(0x2_0001, new IppLimit.Range(16, 4800, 1), new IppLimit.Range(8, 3344, 1)),
            new IppLimit(0x3_0001, new IppLimit.Range(32, 2047, 0), new IppLimit.Range(8, 8191, 0)),
            new IppLimit(
                2, new IppLimit.Range(4096, 524288, 0), new IppLimit.Range(4096, 524288, 0)))
        .inOrder();
    check(
        "both types, before the processor is looked for",
        Errno.EINVAL,
        () -> ipp.getLimits(new IppGetLimits(9, nv12, 0, 3, 0, 0)));
    check(
        "no processor, before the format",
        Errno.ENOENT,
        () -> ipp.getLimits(new IppGetLimits(9, 7, 0, 1, 0, 0)));
    check(
        "no format, before the pointer",
        Errno.EINVAL,
        () -> ipp.getLimits(new IppGetLimits(0, 7, 0, 1, 9, UNMAPPED)));
    check(
        "a modifier that this format has not",
        Errno.EINVAL,
        () -> ipp.getLimits(new IppGetLimits(0, nv12, 1, 1, 0, 0)));
    check(
        "no room", Errno.EFAULT, () -> ipp.getLimits(new IppGetLimits(0, nv12, 0, 1, 4, UNMAPPED)));
  }

  @Test
  void flagsAndIds() {
    check(
        "an unknown flag, before the processor",
        Errno.EINVAL,
        () -> ipp.commit(new IppCommit(9, 8, 0, 0, 0, 0)));
    check("a reserved word", Errno.EINVAL, () -> ipp.commit(new IppCommit(9, 0, 1, 0, 0, 0)));
    check(
        "an event of a test",
        Errno.EINVAL,
        () -> ipp.commit(new IppCommit(9, IppCommit.EVENT | TEST_ONLY, 0, 0, 0, 0)));
    check(
        "no processor, before the parameters",
        Errno.ENOENT,
        () -> ipp.commit(new IppCommit(9, 0, 0, 8, UNMAPPED, 0)));
  }

  @Test
  void parameters() {
    check(
        "an id that cannot be read",
        Errno.EFAULT,
        () -> ipp.commit(new IppCommit(0, TEST_ONLY, 0, 8, UNMAPPED, 0)));
    refuses("an unknown id", Errno.EINVAL, good().word(7).word(0));
    refuses("a rectangle of neither", Errno.EINVAL, good().word(IppCommit.TASK_RECTANGLE).word(0));
    refuses("a parameter that is cut off", Errno.EINVAL, good().word(SOURCE));
    refuses("a tail of two bytes is asked for as an id", Errno.EINVAL, new IppRequest().word(0));
    accepts("an alpha", good().word(IppCommit.TASK_ALPHA).word(128));
    refuses("no parameters at all: there is no format", Errno.EINVAL, new IppRequest());
  }

  @Test
  void rectangles() {
    refuses("one column too far", Errno.EINVAL, good().fromRect(1, 0, 64, 16));
    refuses("one line too far", Errno.EINVAL, good().toRect(0, 1, 64, 16));
    refuses("a sum that wraps", Errno.EINVAL, good().fromRect(-16, 0, 32, 16));
    refuses("narrower than 16", Errno.EINVAL, good().fromRect(0, 0, 15, 16));
    refuses("lower than 8", Errno.EINVAL, good().toRect(0, 0, 64, 7));
    accepts("a part", good().fromRect(3, 1, 16, 8).toRect(1, 1, 32, 9));
  }

  @Test
  void formatsAndPictures() {
    IppPicture to = picture(Format.XRGB8888, 64, 16);
    IppTaskBuffer from = picture(Format.NV12, 64, 16).asParameter(SOURCE);
    refuses(
        "an unknown format of the source, before the destination's handle",
        Errno.EINVAL,
        new IppRequest()
            .buffer(
                new IppTaskBuffer(SOURCE, 7, 64, 16, from.gemId(), from.offset(), from.pitch(), 0))
            .to(to));
    refuses(
        "a modifier that XRGB8888 has not",
        Errno.EINVAL,
        new IppRequest()
            .buffer(
                new IppTaskBuffer(
                    SOURCE,
                    Format.XRGB8888.fourcc(),
                    64,
                    16,
                    from.gemId(),
                    from.offset(),
                    from.pitch(),
                    4L << 56 | 2))
            .to(to));
    refuses("no line", Errno.EINVAL, new IppRequest().from(picture(Format.NV12, 64, 0)).to(to));
    refuses("no source", Errno.EINVAL, new IppRequest().to(to));
    refuses("no destination", Errno.EINVAL, new IppRequest().from(picture(Format.NV12, 64, 16)));
    refuses(
        "fewer than 32 pixels from line to line",
        Errno.EINVAL,
        new IppRequest().from(picture(Format.NV12, 16, 16)).to(to));
    refuses(
        "no multiple of 16 pixels",
        Errno.EINVAL,
        new IppRequest().from(picture(Format.NV12, 72, 16)).to(to));
    refuses(
        "more than 8191 lines",
        Errno.EINVAL,
        new IppRequest().from(picture(Format.XRGB8888, 32, 8192)).to(to));
  }

  private IppRequest withPlanes(int[] handles, int[] pitches, int[] offsets) {
    return new IppRequest()
        .buffer(
            new IppTaskBuffer(
                SOURCE,
                Format.YUV420.fourcc(),
                64,
                16,
                ImmutableIntArray.copyOf(handles),
                ImmutableIntArray.copyOf(offsets),
                ImmutableIntArray.copyOf(pitches),
                0))
        .to(picture(Format.XRGB8888, 64, 16));
  }

  private int[] handles() {
    int[] all = new int[4];
    Arrays.fill(all, buffer.handle());
    return all;
  }

  @Test
  void planes() {
    int[] none = new int[4];
    accepts("pitches of 0 are as short as can be", withPlanes(handles(), none, none));
    int[] shortLine = {63, 32, 32, 0};
    refuses("a short line", Errno.EINVAL, withPlanes(handles(), shortLine, none));
    int[] apart = {64, 32, 64, 0};
    refuses("pitches that differ", Errno.EINVAL, withPlanes(handles(), apart, none));
    int[] noThird = handles();
    noThird[2] = 0;
    refuses("handle 0, before pitches that differ", Errno.ENOENT, withPlanes(noThird, apart, none));
    int[] wrong = handles();
    wrong[1] = 99;
    refuses("a handle that stands for nothing", Errno.ENOENT, withPlanes(wrong, none, none));
    int[] late = {0, (1 << 20) - 8 * 32 + 1, 0, 0};
    refuses("one byte beyond the buffer", Errno.EINVAL, withPlanes(handles(), none, late));
    int[] justInside = {0, (1 << 20) - 8 * 32, 0, 0};
    accepts("the last byte of the buffer", withPlanes(handles(), none, justInside));
    wrong[2] = 99;
    refuses(
        "the plane that ends late is found before the next one's handle",
        Errno.EINVAL,
        withPlanes(new int[] {buffer.handle(), buffer.handle(), 99, 0}, none, late));
  }

  @Test
  void scales() {
    refuses(
        "less than a sixteenth",
        Errno.EINVAL,
        new IppRequest().from(picture(Format.RGB565, 544, 256)).to(picture(Format.RGB565, 32, 16)));
    refuses(
        "more than eight times",
        Errno.EINVAL,
        new IppRequest().from(picture(Format.RGB565, 32, 16)).to(picture(Format.RGB565, 272, 16)));
    accepts(
        "eight times",
        new IppRequest().from(picture(Format.RGB565, 32, 16)).to(picture(Format.RGB565, 256, 128)));
  }

  @Test
  void turnedPicturesHaveOtherLimits() {
    refuses(
        "a source of less than 32 columns",
        Errno.EINVAL,
        good().fromRect(0, 0, 31, 16).transform(IppTaskTransform.ROTATE_90));
    accepts(
        "a quarter",
        new IppRequest()
            .from(picture(Format.RGB565, 64, 32))
            .to(picture(Format.RGB565, 32, 64))
            .transform(IppTaskTransform.ROTATE_90));
  }

  @Test
  void aTaskThatTheScalerCannotDoEndsWithItsErrno() {
    check(
        "between an eighth and a sixteenth",
        Errno.EINVAL,
        () ->
            ipp.commit(
                0,
                0,
                new IppRequest()
                    .from(picture(Format.RGB565, 512, 256))
                    .to(picture(Format.RGB565, 32, 16)),
                0));
    assertThat(tm2.log()).contains("failed to make ratio and shift.");
  }

  @Test
  void eventsRunOutOfRoomAndAFailureGivesItBack() throws Exception {
    for (int i = 0; i < 200; i++) {
      check(
          "a task that ends with an error takes no room for ever",
          Errno.EINVAL,
          () ->
              ipp.commit(
                  0,
                  IppCommit.EVENT,
                  new IppRequest()
                      .from(picture(Format.RGB565, 512, 256))
                      .to(picture(Format.RGB565, 32, 16)),
                  0));
    }
    int told = 0;
    while (told < 200) {
      try {
        ipp.commit(0, IppCommit.EVENT, good(), told);
      } catch (ErrnoException e) {
        assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
        break;
      }
      told++;
    }
    assertThat(told).isEqualTo(4096 / 40);
    assertThat(device.nextEvent().userData()).isEqualTo(0);
    ipp.commit(0, IppCommit.EVENT, good(), 7);
  }
}
