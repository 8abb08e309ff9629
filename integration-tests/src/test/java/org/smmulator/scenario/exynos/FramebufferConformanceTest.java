package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.scenario.exynos.Errnos.check;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeFbCmd;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrmFramebuffers;

/**
 * Framebuffers as any display driver has them: what ADDFB and ADDFB2 take and refuse, what GETFB
 * and GETFB2 tell to whom, and how long one lives. The cases are those of IGT's {@code
 * kms_addfb_basic}, {@code kms_getfb} and {@code dumb_buffer}, as far as they are no driver's own.
 */
class FramebufferConformanceTest {
  private static final int SIDE = 1024;
  private static final int NEVER = 0xbad;
  private static final long OTHER_VENDOR = 0x0100_0000_0000_0001L;
  private static final long SAMSUNG_TILES = 0x0400_0000_0000_0001L;

  /** A framebuffer to ask for, in which one thing is changed at a time. */
  private static final class Wanted {
    int width = SIDE;
    int height = SIDE;
    int fourcc = KmsTrial.XRGB;
    int flags;
    final int[] handles = new int[4];
    final int[] pitches = new int[4];
    final int[] offsets = new int[4];
    final long[] modifiers = new long[4];

    Wanted(int handle, int pitch) {
      handles[0] = handle;
      pitches[0] = pitch;
    }

    ModeFbCmd2 struct() {
      return new ModeFbCmd2(
          0,
          width,
          height,
          fourcc,
          flags,
          ImmutableIntArray.copyOf(handles),
          ImmutableIntArray.copyOf(pitches),
          ImmutableIntArray.copyOf(offsets),
          ImmutableLongArray.copyOf(modifiers));
    }
  }

  /** Changes one thing. */
  private interface Change {
    void make(Wanted wanted);
  }

  private static int make(KmsTrial t, DumbBuffer from, Change change) throws ErrnoException {
    Wanted wanted = new Wanted(from.handle(), from.pitch());
    change.make(wanted);
    return t.mode.addFb(wanted.struct());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void planesThatTheFormatLacksAreEmpty(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      DumbBuffer bo = t.mode.createDumb(SIDE, SIDE, 32);
      Change flag = wanted -> wanted.flags = ModeFbCmd2.MODIFIERS;

      t.mode.rmFb(make(t, bo, flag));
      check("handle", EINVAL, () -> make(t, bo, and(flag, w -> w.handles[1] = bo.handle())));
      check("pitch", EINVAL, () -> make(t, bo, and(flag, w -> w.pitches[1] = 512)));
      check("offset", EINVAL, () -> make(t, bo, and(flag, w -> w.offsets[1] = 512)));
      check("modifier", EINVAL, () -> make(t, bo, and(flag, w -> w.modifiers[1] = OTHER_VENDOR)));
      check("no flag", EINVAL, () -> make(t, bo, w -> w.modifiers[0] = OTHER_VENDOR));
      check("tiles", EINVAL, () -> make(t, bo, and(flag, w -> w.modifiers[0] = SAMSUNG_TILES)));

      // Clients of the time before modifiers left there what was on the stack.
      t.mode.rmFb(make(t, bo, w -> w.pitches[1] = 512));
      // The driver looks at no modifier; a plane refuses to show it.
      t.mode.rmFb(make(t, bo, and(flag, w -> w.modifiers[0] = OTHER_VENDOR)));
    }
  }

  private static Change and(Change first, Change second) {
    return wanted -> {
      first.make(wanted);
      second.make(wanted);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aPictureFitsIntoItsBuffer(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      DumbBuffer bo = t.mode.createDumb(SIDE, SIDE, 32);
      DumbBuffer small = t.mode.createDumb(SIDE, SIDE - 1, 32);

      check("no handle", EINVAL, () -> make(t, bo, w -> w.handles[0] = 0));
      for (int pitch : new int[] {0, 32, 63, 128, 256, 1024, 999, 64 * 1024}) {
        check("pitch " + pitch, EINVAL, () -> make(t, bo, w -> w.pitches[0] = pitch));
      }
      t.mode.rmFb(make(t, bo, w -> {}));
      t.mode.rmFb(make(t, bo, w -> asRgb565(w, SIDE, 2 * SIDE)));
      check("too wide", EINVAL, () -> make(t, bo, w -> w.width = SIDE + 1));
      check("too high", EINVAL, () -> make(t, bo, w -> w.height = SIDE + 1));
      check("16 bits, too wide", EINVAL, () -> make(t, bo, w -> asRgb565(w, SIDE + 1, 2 * SIDE)));
      check("16 bits, too high", EINVAL, () -> make(t, bo, w -> asRgb565(w, SIDE, 2 * SIDE + 1)));
      check("too small", EINVAL, () -> make(t, small, w -> {}));
      t.mode.rmFb(make(t, small, w -> w.height = SIDE - 4));
    }
  }

  private static void asRgb565(Wanted wanted, int width, int height) {
    wanted.fourcc = PixelFormat.RGB565.code();
    wanted.width = width;
    wanted.height = height;
    wanted.pitches[0] = 2 * SIDE;
  }

  @Test
  void depthsOfTheTimeBeforeFourccsAreFew() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      LibDrmFramebuffers library = new LibDrmFramebuffers(t.drm);
      DumbBuffer bo = t.mode.createDumb(SIDE, SIDE, 32);
      ImmutableSet<List<Integer>> known =
          ImmutableSet.of(
              List.of(8, 8),
              List.of(16, 15),
              List.of(16, 16),
              List.of(24, 24),
              List.of(32, 24),
              List.of(32, 30),
              List.of(32, 32));

      for (int bits = 0; bits <= 40; bits++) {
        for (int depth = 0; depth <= 40; depth++) {
          ModeFbCmd asked = new ModeFbCmd(0, 512, 512, bo.pitch(), bits, depth, bo.handle());
          if (known.contains(List.of(bits, depth))) {
            int fb = library.add(asked);
            assertThat(library.get(fb).depth()).isEqualTo(depth);
            t.mode.rmFb(fb);
          } else {
            check("%d bits, depth %d".formatted(bits, depth), EINVAL, () -> library.add(asked));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aFramebufferIsToldAsItWasMade(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      LibDrmFramebuffers library = new LibDrmFramebuffers(t.drm);
      DumbBuffer bo = t.mode.createDumb(SIDE, 2 * SIDE, 32);
      int fb = make(t, bo, w -> {});

      ModeFbCmd told = library.get(fb);
      ModeFbCmd again = library.get(fb);

      assertThat(told).isEqualTo(new ModeFbCmd(fb, SIDE, SIDE, bo.pitch(), 32, 24, told.handle()));
      assertWithMessage("a handle of its own each time")
          .that(ImmutableSet.of(0, bo.handle(), told.handle(), again.handle()))
          .hasSize(4);
      check("none", ENOENT, () -> library.get(0));
      check("none, 2", ENOENT, () -> library.get2(0));
      check("no framebuffer", ENOENT, () -> library.get(t.plane(1)));
      check("no framebuffer, 2", ENOENT, () -> library.get2(t.plane(1)));

      int planes =
          make(
              t,
              bo,
              w -> {
                w.fourcc = PixelFormat.NV12.code();
                w.handles[1] = bo.handle();
                w.pitches[0] = SIDE;
                w.pitches[1] = SIDE;
                w.offsets[1] = SIDE * SIDE;
              });
      check("planes", EINVAL, () -> library.get(planes));
      ModeFbCmd2 both = library.get2(planes);
      assertThat(both.flags() & ModeFbCmd2.MODIFIERS).isNotEqualTo(0);
      assertThat(both.pitches()).isEqualTo(ImmutableIntArray.of(SIDE, SIDE, 0, 0));
      assertThat(both.offsets()).isEqualTo(ImmutableIntArray.of(0, SIDE * SIDE, 0, 0));
      assertThat(both.handles().get(0)).isNotEqualTo(0);
      assertThat(both.handles().get(1)).isNotEqualTo(0);
      assertThat(both.handles().subArray(2, 4)).isEqualTo(ImmutableIntArray.of(0, 0));

      int copy = t.mode.addFb(both);
      t.mode.rmFb(planes);
      check("removed", ENOENT, () -> library.get2(planes));
      assertThat(library.get2(copy).width()).isEqualTo(SIDE);
    }
  }

  @Test
  void whoIsNeitherMasterNorRootGetsNoHandle() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      Client user = t.board.machine.host("user");
      Client root = t.board.machine.hostRoot("root");

      LibDrmFramebuffers users = new LibDrmFramebuffers(t.open(user).drm());
      LibDrmFramebuffers roots = new LibDrmFramebuffers(t.open(root).drm());

      assertThat(users.get(fb).width()).isEqualTo(Tm2.WIDTH);
      assertThat(users.get(fb).handle()).isEqualTo(0);
      assertThat(users.get2(fb).handles()).isEqualTo(ImmutableIntArray.of(0, 0, 0, 0));
      assertThat(roots.get(fb).handle()).isNotEqualTo(0);
      check("another's, closed", ENOENT, () -> users.close(fb));
      check("another's, drawn", EACCES, () -> users.dirty(fb));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aDumbBufferIsClearAndGoesWithItsLastUse(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      DumbBuffer dirty = t.mode.createDumb(SIDE, 16, 32);
      for (long at = 0; at < dirty.sizeBytes(); at += 4096) {
        dirty.store32(at, 0x5a5a_5a5a);
      }
      check("unknown", ENOENT, () -> t.mode.mapDumb(NEVER));
      t.mode.destroyDumb(dirty.handle());
      check("destroyed", ENOENT, () -> t.mode.mapDumb(dirty.handle()));
      assertWithMessage("the mapping stays").that(dirty.load32(0)).isEqualTo(0x5a5a_5a5a);

      DumbBuffer next = t.mode.createDumb(SIDE, 16, 32);
      for (long at = 0; at < next.sizeBytes(); at += 4096) {
        assertThat(next.load32(at)).isEqualTo(0);
      }
    }
  }
}
