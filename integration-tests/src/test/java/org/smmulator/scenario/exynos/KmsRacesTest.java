package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.scenario.exynos.Errnos.check;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmLease;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/**
 * Masters, lessees and processes that go while something of theirs is on its way to the display: it
 * gets there or is taken back, the next one can show pictures, and nothing is left behind.
 */
class KmsRacesTest {
  private static final int RED = 0xff_0000;
  private static final int GREEN = 0x00_ff00;

  private static LibDrmMode open(KmsTrial t, Client client) throws ErrnoException {
    LibDrmMode mode = t.open(client);
    mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);
    return mode;
  }

  private static int picture(LibDrmMode mode, int argb) throws ErrnoException {
    DumbBuffer buffer = mode.createDumb(Tm2.WIDTH, Tm2.HEIGHT, 32);
    buffer.store32(0, argb);
    return framebuffer(mode, buffer);
  }

  /** A mapping would keep the file open. */
  private static int unmapped(LibDrmMode mode) throws ErrnoException {
    return framebuffer(mode, mode.createDumb(Tm2.WIDTH, Tm2.HEIGHT, 32));
  }

  private static int framebuffer(LibDrmMode mode, DumbBuffer of) throws ErrnoException {
    return mode.addFb(Tm2.WIDTH, Tm2.HEIGHT, KmsTrial.XRGB, of.handle(), of.pitch());
  }

  /** Somebody who comes later shows a picture; then all is given back. */
  private static void assertUsable(KmsTrial t) throws ErrnoException {
    Client client = t.board.machine.hostRoot("next");
    LibDrmMode next = open(t, client);
    try {
      next.setMaster();
    } catch (ErrnoException e) {
      assertThat(e.errno()).isEqualTo(EBUSY);
      t.mode.dropMaster();
      next.setMaster();
    }
    next.setCrtc(t.crtc, picture(next, 0x12_3456), t.connector, Tm2.MODE);
    t.board.machine.settle();
    assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0x12_3456);
    client.exit();
    t.compositor.exit();
    t.board.machine.settle();
    assertThat(t.board.log()).doesNotContain("WARNING");
    t.board.machine.shutDown();
    assertThat(t.board.machine.leakedPages()).isEmpty();
  }

  // ---- masters

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aFlipIsDoneThoughItsMasterHasLeft(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(RED));
      int green = t.picture(GREEN);
      LibDrmMode second = open(t, t.board.machine.hostRoot("second"));

      t.mode.pageFlip(t.crtc, green, ModeCrtcPageFlip.EVENT, 77);
      t.mode.dropMaster();
      second.setMaster();
      check("no master", EACCES, () -> t.mode.pageFlip(t.crtc, green, 0, 0));
      int theirs = picture(second, RED);
      check("the flip is pending", EBUSY, () -> second.pageFlip(t.crtc, theirs, 0, 0));

      assertThat(t.mode.readEvents().getFirst().userData()).isEqualTo(77);
      second.pageFlip(t.crtc, theirs, ModeCrtcPageFlip.EVENT, 78);
      assertThat(second.readEvents().getFirst().userData()).isEqualTo(78);
      second.drm().client().exit();
      assertUsable(t);
    }
  }

  /** A process that becomes the master, flips, and leaves, if it can, many times. */
  private static void flipAndLeave(Client own, String node, int[] shown) {
    try {
      LibDrmMode mode = new LibDrmMode(new LibDrm(own, own.open(node)));
      int crtc = mode.resources().crtcs().getFirst();
      int fb = picture(mode, 0xff00_0000 | own.pid());
      for (int i = 0; i < 20; i++) {
        try {
          mode.setMaster();
          try {
            mode.pageFlip(crtc, fb, ModeCrtcPageFlip.EVENT, own.pid());
            assertThat(mode.readEvents().getFirst().userData()).isEqualTo(own.pid());
            shown[0]++;
          } finally {
            mode.dropMaster();
          }
        } catch (ErrnoException e) {
          assertThat(e.errno()).isEqualTo(EBUSY);
        }
      }
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void twoMastersTakeTurnsWhateverTheScheduleIs(int seed) throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2", "schedule=random", "seed=" + seed)) {
      t.light(t.picture(RED));
      t.mode.dropMaster();
      int[] shown = {0};
      String node = t.board.drm().primaryPath();
      for (String name : List.of("first", "second", "third")) {
        Client _ =
            t.board.machine.spawn(
                name, /* root= */ true, own -> flipAndLeave(own, node, shown), _ -> {});
      }

      t.board.machine.settle();

      assertThat(shown[0]).isGreaterThan(0);
      t.mode.setMaster();
      assertUsable(t);
    }
  }

  // ---- lessees

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aLeaseIsRevokedWhileItsFlipIsPending(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(RED));
      LibDrmLease owner = new LibDrmLease(t.drm);
      LibDrmLease.Lease lease = owner.create(ImmutableList.of(t.crtc, t.connector, t.plane(1)), 0);
      LibDrmMode lessee = new LibDrmMode(new LibDrm(t.compositor, lease.fd()));
      int green = picture(lessee, GREEN);

      lessee.pageFlip(t.crtc, green, ModeCrtcPageFlip.EVENT, 9);
      owner.revoke(lease.lesseeId());

      check("revoked", ENOENT, () -> lessee.pageFlip(t.crtc, green, 0, 0));
      assertThat(lessee.readEvents().getFirst().userData()).isEqualTo(9);
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(GREEN);
      assertUsable(t);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aLesseeGoesWhileItsFlipIsPending(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      int red = t.picture(RED);
      t.light(red);
      LibDrmLease.Lease lease =
          new LibDrmLease(t.drm).create(ImmutableList.of(t.crtc, t.connector, t.plane(1)), 0);
      LibDrmMode lessee = new LibDrmMode(new LibDrm(t.compositor, lease.fd()));

      lessee.pageFlip(t.crtc, unmapped(lessee), ModeCrtcPageFlip.EVENT, 9);
      t.compositor.close(lease.fd());

      assertWithMessage("its framebuffer went with it")
          .that(t.mode.crtc(t.crtc).fbId())
          .isEqualTo(0);
      t.mode.setCrtc(t.crtc, red, t.connector, Tm2.MODE);
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(RED);
      assertUsable(t);
    }
  }

  // ---- processes that end

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void anOutFenceSignalsThoughTheCardIsClosed(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(unmapped(t.mode));
      int green = unmapped(t.mode);
      long at = t.compositor.mmapAnonymous(4096, /* PROT_READ | PROT_WRITE */ 3);
      List<Assignment> all =
          new ArrayList<>(t.planeSet(t.plane(1), green, 0, 0, Tm2.WIDTH, Tm2.HEIGHT));
      all.add(t.crtcSet("OUT_FENCE_PTR", at));

      t.mode.atomic(all, ModeAtomic.NONBLOCK | ModeCrtcPageFlip.EVENT, 1);
      t.compositor.close(t.drm.fd());

      int fence = t.compositor.load32(at);
      assertThat(t.compositor.poll(fence, /* POLLIN */ 1, 1000)).isEqualTo(1);
      t.compositor.close(fence);
      assertUsable(t);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tm2, 0",
    "tm2, 1",
    "tm2, 200",
    "tm2, 5000",
    "tm2, 16000",
    "tm2, 17000",
    "tm2, 40000",
    "snow, 1",
    "snow, 5000",
    "snow, 17000"
  })
  void aProcessIsKilledInTheMiddleOfACommit(String board, int afterUs) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      Frame frame = new Frame(t);
      t.mode.dropMaster();
      long[] commits = {0};
      Client victim =
          t.board.machine.spawn(
              "victim", /* root= */ true, own -> frame.commitForever(own, commits), _ -> {});
      t.board.machine.allowDeath(victim);
      Client _ =
          t.board.machine.spawn(
              "killer",
              /* root= */ true,
              own -> {
                while (commits[0] < 2) {
                  t.board.machine.scheduler().sleep(1_000_000);
                }
                t.board.machine.scheduler().sleep(1000L * afterUs);
                try {
                  own.kill(victim.pid());
                } catch (ErrnoException e) {
                  throw new IllegalStateException(e);
                }
              },
              _ -> {});

      t.board.machine.settle();

      assertThat(commits[0]).isAtLeast(2);
      assertThat(victim.isAlive()).isFalse();
      t.mode.setMaster();
      assertUsable(t);
    }
  }

  /** A commit of a mode and a picture, with a fence and an event, in numbers. */
  private static final class Frame {
    private final String node;
    private final List<Assignment> plane;
    private final List<Assignment> mode;
    private final Assignment fence;

    Frame(KmsTrial t) throws ErrnoException {
      node = t.board.drm().primaryPath();
      plane = t.planeSet(t.plane(1), 0, 0, 0, Tm2.WIDTH, Tm2.HEIGHT);
      mode =
          List.of(
              t.crtcSet("MODE_ID", t.modeBlob()),
              t.crtcSet("ACTIVE", 1),
              t.connectorSet("CRTC_ID", t.crtc));
      fence = t.crtcSet("OUT_FENCE_PTR", 0);
    }

    private List<Assignment> with(int fb, long fenceAt) {
      List<Assignment> all = new ArrayList<>(plane);
      all.set(0, new Assignment(plane.getFirst().object(), plane.getFirst().property(), fb));
      all.addAll(mode);
      all.add(new Assignment(fence.object(), fence.property(), fenceAt));
      return all;
    }

    /** Commits one picture after the other, until the process is killed. */
    void commitForever(Client own, long[] commits) {
      try {
        LibDrmMode card = new LibDrmMode(new LibDrm(own, own.open(node)));
        card.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);
        card.setMaster();
        int[] pictures = {picture(card, RED), picture(card, GREEN)};
        long at = own.mmapAnonymous(4096, /* PROT_READ | PROT_WRITE */ 3);
        while (true) {
          card.atomic(
              with(pictures[(int) commits[0] % 2], at),
              ModeAtomic.ALLOW_MODESET | ModeCrtcPageFlip.EVENT,
              commits[0]);
          own.close(own.load32(at));
          assertThat(card.readEvents()).isNotEmpty();
          commits[0]++;
        }
      } catch (ErrnoException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
