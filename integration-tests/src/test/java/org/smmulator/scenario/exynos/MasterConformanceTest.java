package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.scenario.exynos.Errnos.check;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeCreateLease;
import org.smmulator.uapi.drm.mode.ModeGetLease;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.mode.ModeListLessees;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmLease;
import org.smmulator.userspace.LibDrmMode;

/**
 * Masters may set modes, and those to whom a master leases. The cases are those of IGT's {@code
 * core_setmaster} and {@code kms_lease}.
 */
class MasterConformanceTest {
  private static final int O_CLOEXEC = 02000000;
  private static final int O_NONBLOCK = 04000;

  private static LibDrmMode open(KmsTrial t, Client client) throws ErrnoException {
    LibDrmMode mode = t.open(client);
    mode.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);
    return mode;
  }

  /** As libdrm's {@code drmIsMaster()} asks: nobody has the magic 0, which only a master learns. */
  private static boolean isMaster(LibDrmMode mode) {
    try {
      mode.drm().authMagic(0);
      return true;
    } catch (ErrnoException e) {
      return e.errno() != EACCES;
    }
  }

  // ---- masters

  @Test
  void whoOpensFirstIsTheMasterAndMayLeaveAndComeBack() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      LibDrmMode second = open(t, t.board.machine.host("second"));
      LibDrmMode root = open(t, t.board.machine.hostRoot("root"));
      assertThat(isMaster(t.mode)).isTrue();
      assertThat(isMaster(second)).isFalse();

      check("who was never one", EACCES, second::setMaster);
      check("while there is one", EBUSY, root::setMaster);
      check("of none to leave", EINVAL, root::dropMaster);
      t.mode.dropMaster();
      check("twice", EINVAL, t.mode::dropMaster);
      assertThat(isMaster(t.mode)).isFalse();
      root.setMaster();
      check("another is", EBUSY, t.mode::setMaster);
      root.dropMaster();
      t.mode.setMaster();
      t.mode.setMaster(); // it is already

      assertThat(isMaster(t.mode)).isTrue();
    }
  }

  @Test
  void aChildWithTheMastersFileIsMasterButCannotLeaveOrCome() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      String node = t.board.drm().primaryPath();
      t.compositor.exit();
      List<String> told = new ArrayList<>();
      Client _ =
          t.board.machine.spawn(
              "parent",
              own -> {
                try {
                  int fd = own.open(node);
                  int _ =
                      own.fork(child -> {
                        LibDrmMode shared = new LibDrmMode(new LibDrm(child, fd));
                        told.add("master " + isMaster(shared));
                        told.add("drop " + Errnos.of(shared::dropMaster));
                        told.add("set " + Errnos.of(shared::setMaster));
                      });
                } catch (ErrnoException e) {
                  throw new IllegalStateException(e);
                }
              });

      t.board.machine.settle();

      assertThat(told).containsExactly("master true", "drop EACCES", "set EACCES").inOrder();
    }
  }

  // ---- leases

  private static LibDrmLease leases(LibDrmMode mode) {
    return new LibDrmLease(mode.drm());
  }

  private static List<Integer> display(KmsTrial t) throws ErrnoException {
    return ImmutableList.of(t.crtc, t.connector, t.plane(1));
  }

  private static LibDrmMode lease(KmsTrial t) throws ErrnoException {
    return lease(t, t.mode);
  }

  private static LibDrmMode lease(KmsTrial t, LibDrmMode from) throws ErrnoException {
    int fd = leases(from).create(display(t), 0).fd();
    LibDrmMode lessee = new LibDrmMode(new LibDrm(from.drm().client(), fd));
    lessee.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);
    return lessee;
  }

  private static void create(KmsTrial t, long ids, int count, int flags) throws ErrnoException {
    new ModeCreateLease(ids, count, flags, 0, 0).write(t.drm.struct(), 0);
    t.drm.ioctl("CREATE_LEASE", ModeIoctl.CREATE_LEASE, ModeCreateLease.LAYOUT.byteSize());
  }

  @Test
  void aLeaseIsOfAWholeDisplay() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2");
        Client.Scratch scratch = t.compositor.scratch()) {
      LibDrmLease library = leases(t.mode);
      long ids = scratch.bytes(4096);
      t.compositor.store32(ids, 0);
      int encoder = t.mode.resources().encoders().getFirst();
      List<Integer> all = display(t);
      List<Integer> twice = List.of(t.crtc, t.connector, t.plane(1), t.plane(1));
      List<Integer> withEncoder = List.of(t.crtc, t.connector, t.plane(1), encoder);

      check("nowhere", EFAULT, () -> create(t, 0, 1, 0));
      check("nothing", ENOENT, () -> create(t, ids, 1, 0));
      check("nothing, and then nowhere", EFAULT, () -> create(t, ids, 64 << 10, 0));
      check("too many", ENOMEM, () -> create(t, ids, 0x4000_0001, 0));
      check("flags", EINVAL, () -> library.create(all, -1));
      t.mode.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 0);
      check("no CRTC", EINVAL, () -> library.create(List.of(t.connector), 0));
      check("no connector", EINVAL, () -> library.create(List.of(t.crtc), 0));
      t.compositor.close(library.create(List.of(t.crtc, t.connector), 0).fd());
      check("the plane comes anyway", ENOSPC, () -> library.create(all, 0));
      t.mode.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);
      check("no plane", EINVAL, () -> library.create(List.of(t.crtc, t.connector), 0));
      check("twice", ENOSPC, () -> library.create(twice, 0));
      check("an encoder", EINVAL, () -> library.create(withEncoder, 0));
      t.compositor.close(library.create(all, O_CLOEXEC | O_NONBLOCK).fd());

      LibDrmMode lessee = lease(t);
      check("a lessee", EINVAL, () -> leases(lessee).create(all, 0));
      check("leased", EBUSY, () -> library.create(all, 0));
      t.compositor.close(lessee.drm().fd());
      t.compositor.close(library.create(all, 0).fd());
    }
  }

  @Test
  void aLesseeShowsPicturesOnWhatItHasAndNothingElse() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      LibDrmMode lessee = lease(t);

      assertThat(isMaster(lessee)).isTrue();
      assertThat(leases(lessee).objects()).containsExactlyElementsIn(display(t));
      assertThat(leases(lessee).lessees()).isEmpty();
      assertThat(leases(t.mode).lessees()).hasSize(1);
      assertThat(lessee.planes()).containsExactly(t.plane(1));
      check("a plane that is not leased", ENOENT, () -> lessee.plane(t.plane(0)));
      assertThat(lessee.encoder(lessee.resources().encoders().getFirst()).possibleCrtcs())
          .isEqualTo(1);

      DumbBuffer buffer = lessee.createDumb(Tm2.WIDTH, Tm2.HEIGHT, 32);
      buffer.store32(0, 0x12_3456);
      int fb = lessee.addFb(Tm2.WIDTH, Tm2.HEIGHT, KmsTrial.XRGB, buffer.handle(), buffer.pitch());
      lessee.setCrtc(t.crtc, fb, t.connector, Tm2.MODE);

      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0x12_3456);
      assertWithMessage("its owner sees it").that(t.mode.crtc(t.crtc).fbId()).isEqualTo(fb);
    }
  }

  @Test
  void aLeaseThatIsRevokedOrClosedIsGone() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      LibDrmLease library = leases(t.mode);
      LibDrmLease.Lease made = library.create(display(t), 0);
      LibDrmMode lessee = new LibDrmMode(new LibDrm(t.compositor, made.fd()));

      check("none", ENOENT, () -> library.revoke(0));
      check("by the lessee", EACCES, () -> leases(lessee).revoke(made.lesseeId()));
      library.revoke(made.lesseeId());
      check("revoked", ENOENT, () -> lessee.crtc(t.crtc));
      assertThat(lessee.resources().crtcs()).isEmpty();
      t.compositor.close(made.fd());
      check("closed", ENOENT, () -> library.revoke(made.lesseeId()));
      assertThat(library.lessees()).isEmpty();
    }
  }

  @Test
  void theListsOfLeasesWantRoomAndNoPadding() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      LibDrmMode lessee = lease(t);

      check("lessees nowhere", EFAULT, () -> list(t.drm, 1, 0));
      check("lessees, padding", EINVAL, () -> list(t.drm, 0, -1));
      check("objects nowhere", EFAULT, () -> objects(lessee.drm(), 3, 0));
      check("objects, padding", EINVAL, () -> objects(lessee.drm(), 0, -1));
    }
  }

  private static void list(LibDrm drm, int room, int pad) throws ErrnoException {
    new ModeListLessees(room, pad, 0).write(drm.struct(), 0);
    drm.ioctl("LIST_LESSEES", ModeIoctl.LIST_LESSEES, ModeListLessees.LAYOUT.byteSize());
  }

  private static void objects(LibDrm drm, int room, int pad) throws ErrnoException {
    new ModeGetLease(room, pad, 0).write(drm.struct(), 0);
    drm.ioctl("GET_LEASE", ModeIoctl.GET_LEASE, ModeGetLease.LAYOUT.byteSize());
  }

  @Test
  void aLesseeIsMasterAsLongAsItsOwnerIs() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      LibDrmMode lessee = lease(t);
      LibDrmMode second = open(t, t.board.machine.hostRoot("second"));
      check("not a master's", EACCES, () -> lease(t, second));

      t.mode.dropMaster();
      second.setMaster();
      assertThat(isMaster(lessee)).isFalse();
      LibDrmMode seconds = lease(t, second);
      assertThat(isMaster(seconds)).isTrue();
      second.drm().client().close(second.drm().fd()); // leaves, too
      assertThat(isMaster(seconds)).isFalse();
      t.mode.setMaster();

      assertThat(isMaster(lessee)).isTrue();
      assertThat(isMaster(t.mode)).isTrue();
    }
  }
}
