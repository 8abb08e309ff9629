package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.ENOSYS;
import static org.smmulator.kernel.errno.Errno.ENOTSUPP;
import static org.smmulator.kernel.errno.Errno.ENXIO;
import static org.smmulator.kernel.errno.Errno.EPERM;
import static org.smmulator.kernel.errno.Errno.ERANGE;
import static org.smmulator.scenario.exynos.Errnos.check;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_ENCODER;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCloseFb;
import org.smmulator.uapi.drm.mode.ModeCreateLease;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcLut;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeCursor;
import org.smmulator.uapi.drm.mode.ModeDestroyDumb;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.mode.ModeObjSetProperty;
import org.smmulator.uapi.drm.mode.ModeRevokeLease;
import org.smmulator.uapi.drm.mode.ModeSetPlane;
import org.smmulator.uapi.drm.vblank.CrtcGetSequence;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.uapi.drm.vblank.VblankIoctl;
import org.smmulator.uapi.drm.vblank.WaitVblank;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/**
 * Bad calls of mode setting, and their errnos in the order in which the kernel looks. Each row has
 * one mistake more than the row that stands for success, or two where one is to come first.
 */
class KmsErrnoTest {
  private static final int NONE = 9999;
  private static final int FAR = 0x10000;

  private static ModeCrtc set(int crtc, int fb, int x, int count, long connectors, ModeInfo mode) {
    return new ModeCrtc(connectors, count, crtc, fb, x, 0, 0, 1, mode);
  }

  private static ModeInfo mode(int clock, int width, int flags) {
    return new ModeInfo(
        clock, width, width, width, width + 8, 0, 16, 16, 16, 24, 0, 0, flags, 0, "m");
  }

  @Test
  void setCrtc() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2");
        Client.Scratch scratch = t.compositor.scratch()) {
      int fb = t.picture(1);
      int small = t.picture(32, 16, KmsTrial.XRGB, 1);
      int nv12 = nv12(t);
      long ids = scratch.bytes(8);
      t.compositor.store32(ids, t.connector);
      long wrong = scratch.bytes(8);
      t.compositor.store32(wrong, NONE);
      check("x and crtc", ERANGE, () -> t.mode.setCrtc(set(NONE, fb, FAR, 1, ids, Tm2.MODE)));
      check("crtc", ENOENT, () -> t.mode.setCrtc(set(NONE, NONE, 0, 1, ids, Tm2.MODE)));
      check("fb", ENOENT, () -> t.mode.setCrtc(set(t.crtc, NONE, 0, 1, ids, mode(0, 64, 0))));
      check("same fb", EINVAL, () -> t.mode.setCrtc(set(t.crtc, -1, 0, 1, ids, Tm2.MODE)));
      check("clock", EINVAL, () -> t.mode.setCrtc(set(t.crtc, fb, 0, 1, ids, mode(0, 64, 0))));
      check(
          "clock of 32 bits",
          ERANGE,
          () -> t.mode.setCrtc(set(t.crtc, fb, 0, 1, ids, mode(-1, 64, 0))));
      check(
          "flags",
          EINVAL,
          () -> t.mode.setCrtc(set(t.crtc, fb, 0, 1, ids, mode(100, 64, 1 << 10))));
      check("format", EINVAL, () -> t.mode.setCrtc(set(t.crtc, nv12, 0, 1, ids, Tm2.MODE)));
      check("too small", ENOSPC, () -> t.mode.setCrtc(set(t.crtc, small, 0, 0, ids, Tm2.MODE)));
      check("no connector", EINVAL, () -> t.mode.setCrtc(set(t.crtc, fb, 0, 0, ids, Tm2.MODE)));
      check("two", EINVAL, () -> t.mode.setCrtc(set(t.crtc, fb, 0, 2, ids, Tm2.MODE)));
      check("pointer", EFAULT, () -> t.mode.setCrtc(set(t.crtc, fb, 0, 1, 16, Tm2.MODE)));
      check("connector", ENOENT, () -> t.mode.setCrtc(set(t.crtc, fb, 0, 1, wrong, Tm2.MODE)));
    }
  }

  private static int nv12(KmsTrial t) throws ErrnoException {
    DumbBuffer buffer = t.mode.createDumb(64, 32, 32);
    return t.mode.addFb(
        fb(PixelFormat.NV12.code(), 0, buffer.handle(), buffer.handle(), 64, 64, 0));
  }

  private static ModeFbCmd2 fb(
      int fourcc, int flags, int handle, int second, int pitch, int secondPitch, long modifier) {
    return new ModeFbCmd2(
        0,
        64,
        16,
        fourcc,
        flags,
        ImmutableIntArray.of(handle, second, 0, 0),
        ImmutableIntArray.of(pitch, secondPitch, 0, 0),
        ImmutableIntArray.of(0, 0, 0, 0),
        ImmutableLongArray.of(modifier, 0, 0, 0));
  }

  @Test
  void pageFlip() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      int argb = t.picture(Tm2.WIDTH, Tm2.HEIGHT, KmsTrial.ARGB, 1);
      int small = t.picture(32, 16, KmsTrial.XRGB, 1);
      check("flags", EINVAL, () -> t.mode.pageFlip(NONE, fb, 0x100, 0));
      check("async", EINVAL, () -> t.mode.pageFlip(NONE, fb, ModeCrtcPageFlip.ASYNC, 0));
      check("crtc", ENOENT, () -> t.mode.pageFlip(NONE, fb, ModeCrtcPageFlip.TARGET_ABSOLUTE, 0));
      check(
          "target", EINVAL, () -> t.mode.pageFlip(t.crtc, fb, ModeCrtcPageFlip.TARGET_RELATIVE, 0));
      check("nothing shown", EBUSY, () -> t.mode.pageFlip(t.crtc, NONE, 0, 0));
      t.light(fb);
      check("fb", ENOENT, () -> t.mode.pageFlip(t.crtc, NONE, 0, 0));
      check("too small", ENOSPC, () -> t.mode.pageFlip(t.crtc, small, 0, 0));
      check("format", EINVAL, () -> t.mode.pageFlip(t.crtc, argb, 0, 0));
    }
  }

  private static void setPlane(
      KmsTrial t, int plane, int crtc, int fb, int x, int width, int sourceWidth)
      throws ErrnoException {
    new ModeSetPlane(plane, crtc, fb, 0, x, 0, width, 16, 0, 0, 16 << 16, sourceWidth << 16)
        .write(t.drm.struct(), 0);
    t.drm.ioctl("SETPLANE", ModeIoctl.SETPLANE, ModeSetPlane.LAYOUT.byteSize());
  }

  @Test
  void setPlane() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      int plane = t.plane(0);
      t.light(fb);
      check("plane", ENOENT, () -> setPlane(t, NONE, NONE, NONE, 0, 64, 64));
      check("fb", ENOENT, () -> setPlane(t, plane, NONE, NONE, 0, 64, 64));
      check("crtc", ENOENT, () -> setPlane(t, plane, NONE, fb, 0, 64, 64));
      check("format", EINVAL, () -> setPlane(t, plane, t.crtc, nv12(t), 0, -1, 128));
      check("width", ERANGE, () -> setPlane(t, plane, t.crtc, fb, 0, -1, 128));
      check("x", ERANGE, () -> setPlane(t, plane, t.crtc, fb, Integer.MAX_VALUE, 64, 128));
      check("source", ENOSPC, () -> setPlane(t, plane, t.crtc, fb, 0, 64, 128));
      check("scaled", ENOTSUPP, () -> setPlane(t, plane, t.crtc, fb, 0, 32, 64));
    }
  }

  private static void cursor(KmsTrial t, int flags, int crtc) throws ErrnoException {
    new ModeCursor(flags, crtc, 0, 0, 64, 64, 1).write(t.drm.struct(), 0);
    t.drm.ioctl("CURSOR", ModeIoctl.CURSOR, ModeCursor.LAYOUT.byteSize());
  }

  private static void gamma(KmsTrial t, int cmd, int crtc, int size) throws ErrnoException {
    new ModeCrtcLut(crtc, size, 0, 0, 0).write(t.drm.struct(), 0);
    t.drm.ioctl("GAMMA", cmd, ModeCrtcLut.LAYOUT.byteSize());
  }

  @Test
  void cursorAndGammaThatTheHardwareDoesNotHave() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      check("no flags", EINVAL, () -> cursor(t, 0, NONE));
      check("flags", EINVAL, () -> cursor(t, 4, NONE));
      check("crtc", ENOENT, () -> cursor(t, ModeCursor.BO, NONE));
      check("picture", ENXIO, () -> cursor(t, ModeCursor.BO | ModeCursor.MOVE, t.crtc));
      check("move", EFAULT, () -> cursor(t, ModeCursor.MOVE, t.crtc));
      check("get of none", ENOENT, () -> gamma(t, ModeIoctl.GETGAMMA, NONE, 1));
      check("get", EINVAL, () -> gamma(t, ModeIoctl.GETGAMMA, t.crtc, 1));
      check("set", ENOSYS, () -> gamma(t, ModeIoctl.SETGAMMA, t.crtc, 1));
    }
  }

  @Test
  void framebuffers() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int xrgb = KmsTrial.XRGB;
      int handle = t.mode.createDumb(64, 16, 32).handle();
      check("flags", EINVAL, () -> t.mode.addFb(fb(0, 4, 0, 0, 0, 0, 0)));
      check("width", EINVAL, () -> t.mode.addFb(5000, 16, xrgb, handle, 20000));
      check("no width", EINVAL, () -> t.mode.addFb(0, 16, xrgb, handle, 256));
      check("format", EINVAL, () -> t.mode.addFb(fb(0x12345678, 0, handle, 0, 256, 0, 0)));
      check("no handle", EINVAL, () -> t.mode.addFb(fb(xrgb, 0, 0, 0, -1, 0, 0)));
      check("pitch", ERANGE, () -> t.mode.addFb(fb(xrgb, 0, handle, 0, -1, 0, 0)));
      check("short pitch", EINVAL, () -> t.mode.addFb(fb(xrgb, 0, handle, 0, 255, 0, 1)));
      check("modifier", EINVAL, () -> t.mode.addFb(fb(xrgb, 0, NONE, 0, 256, 0, 1)));
      check("second handle", EINVAL, () -> t.mode.addFb(fb(xrgb, 2, handle, 1, 256, 0, 0)));
      check("handle", ENOENT, () -> t.mode.addFb(fb(xrgb, 0, NONE, 0, 4096, 0, 0)));
      check("size", EINVAL, () -> t.mode.addFb(fb(xrgb, 0, handle, 0, 4096, 0, 0)));
      check("remove", ENOENT, () -> t.mode.rmFb(NONE));
      check(
          "close",
          EINVAL,
          () -> {
            new ModeCloseFb(NONE, 1).write(t.drm.struct(), 0);
            t.drm.ioctl("CLOSEFB", ModeIoctl.CLOSEFB, ModeCloseFb.LAYOUT.byteSize());
          });
    }
  }

  @Test
  void anotherFilesFramebufferIsSeenAndNotRemoved() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      Client other = t.board.machine.host("other");
      LibDrm drm = new LibDrm(other, other.open(t.board.drm().primaryPath()));

      check("remove", ENOENT, () -> new LibDrmMode(drm).rmFb(fb));
      check("set", EACCES, () -> new LibDrmMode(drm).pageFlip(NONE, NONE, NONE, 0));
      check(
          "on a render node",
          EACCES,
          () ->
              new LibDrmMode(new LibDrm(other, other.open(t.board.drm().renderPath())))
                  .resources());
    }
  }

  @Test
  void dumbBuffers() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      check("no width", EINVAL, () -> t.mode.createDumb(0, 16, 32));
      check("no bits", EINVAL, () -> t.mode.createDumb(16, 16, 0));
      check("too wide", EINVAL, () -> t.mode.createDumb(-1, 16, 32));
      check("too large", EINVAL, () -> t.mode.createDumb(0x10000, 0x10000, 32));
      check("map", ENOENT, () -> t.mode.mapDumb(NONE));
      check(
          "destroy",
          EINVAL,
          () -> {
            new ModeDestroyDumb(NONE).write(t.drm.struct(), 0);
            t.drm.ioctl("DESTROY_DUMB", ModeIoctl.DESTROY_DUMB, ModeDestroyDumb.LAYOUT.byteSize());
          });
    }
  }

  private static void setProperty(KmsTrial t, int object, int type, int property, long value)
      throws ErrnoException {
    new ModeObjSetProperty(value, property, object, type).write(t.drm.struct(), 0);
    t.drm.ioctl("OBJ_SETPROPERTY", ModeIoctl.OBJ_SETPROPERTY, ModeObjSetProperty.LAYOUT.byteSize());
  }

  @Test
  void objectsAndProperties() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int plane = t.plane(0);
      int encoder = t.mode.resources().encoders().getFirst();
      check("crtc", ENOENT, () -> t.mode.crtc(t.connector));
      check("encoder", ENOENT, () -> t.mode.encoder(NONE));
      check("connector", ENOENT, () -> t.mode.connector(NONE));
      check("plane", ENOENT, () -> t.mode.plane(NONE));
      check("kind", ENOENT, () -> t.mode.properties(t.crtc, OBJECT_CONNECTOR));
      check("none", EINVAL, () -> t.mode.properties(encoder, OBJECT_ENCODER));
      check("set kind", ENOENT, () -> setProperty(t, t.crtc, OBJECT_PLANE, NONE, 0));
      check("set none", EINVAL, () -> setProperty(t, t.crtc, OBJECT_CRTC, NONE, 0));
      int type = t.property(plane, OBJECT_PLANE, "type");
      check("immutable", EINVAL, () -> setProperty(t, plane, OBJECT_PLANE, type, 0));
      int alpha = t.property(t.planes.getLast(), OBJECT_PLANE, "alpha");
      check(
          "range", EINVAL, () -> setProperty(t, t.planes.getLast(), OBJECT_PLANE, alpha, 0x10000));
      check("empty blob", EINVAL, () -> t.mode.createBlob(MemorySegment.ofArray(new long[0])));
      check("blob", ENOENT, () -> t.mode.blob(NONE));
      int formats = (int) t.value(plane, OBJECT_PLANE, "IN_FORMATS");
      check("the driver's blob", EPERM, () -> t.mode.destroyBlob(formats));
      check("capability", EINVAL, () -> t.mode.setClientCap(99, 1));
      check("value", EINVAL, () -> t.mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 3));
      check("cap", EINVAL, () -> t.mode.getCap(99));
    }
  }

  @Test
  void atomic() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      int primary = t.plane(1);
      int fbId = t.property(primary, OBJECT_PLANE, "FB_ID");
      int crtcId = t.property(primary, OBJECT_PLANE, "CRTC_ID");
      int fence = t.property(primary, OBJECT_PLANE, "IN_FENCE_FD");
      List<Assignment> nothing = List.of();
      check("flags", EINVAL, () -> t.mode.atomic(nothing, 0x800, 0));
      check("async", EINVAL, () -> t.mode.atomic(nothing, ModeCrtcPageFlip.ASYNC, 0));
      int both = ModeAtomic.TEST_ONLY | ModeCrtcPageFlip.EVENT;
      check("event of a test", EINVAL, () -> t.mode.atomic(nothing, both, 0));
      check("event of nothing", EINVAL, () -> t.mode.atomic(nothing, ModeCrtcPageFlip.EVENT, 0));
      check("object", ENOENT, () -> one(t, NONE, NONE, 0));
      check("object without properties", ENOENT, () -> one(t, fb, NONE, 0));
      check("property", ENOENT, () -> one(t, primary, NONE, 0));
      check("no such crtc", EINVAL, () -> one(t, primary, crtcId, NONE));
      check("no fence", EINVAL, () -> one(t, primary, fence, 77));
      check("fb without crtc", EINVAL, () -> one(t, primary, fbId, fb));
      check("crtc without fb", EINVAL, () -> one(t, primary, crtcId, t.crtc));
      check(
          "out-fence",
          EFAULT,
          () -> one(t, t.crtc, t.property(t.crtc, OBJECT_CRTC, "OUT_FENCE_PTR"), 16));
      check(
          "active without mode",
          EINVAL,
          () -> one(t, t.crtc, t.property(t.crtc, OBJECT_CRTC, "ACTIVE"), 1));
      t.light(fb);
      check(
          "needs a modeset",
          EINVAL,
          () -> one(t, t.crtc, t.property(t.crtc, OBJECT_CRTC, "ACTIVE"), 0));
      t.mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 0);
      check("capability", EINVAL, () -> t.mode.atomic(nothing, 0, 0));
    }
  }

  private static void one(KmsTrial t, int object, int property, long value) throws ErrnoException {
    t.mode.atomic(List.of(new Assignment(object, property, value)), 0, 0);
  }

  private static void waitVblank(KmsTrial t, int type, int sequence) throws ErrnoException {
    new WaitVblank(type, sequence, 0, 0).write(t.drm.struct(), 0);
    t.drm.ioctl("WAIT_VBLANK", VblankIoctl.WAIT_VBLANK, WaitVblank.LAYOUT.byteSize());
  }

  private static void getSequence(KmsTrial t, int crtc) throws ErrnoException {
    new CrtcGetSequence(crtc, 0, 0, 0).write(t.drm.struct(), 0);
    t.drm.ioctl(
        "CRTC_GET_SEQUENCE", VblankIoctl.CRTC_GET_SEQUENCE, CrtcGetSequence.LAYOUT.byteSize());
  }

  private static void queueSequence(KmsTrial t, int crtc, int flags) throws ErrnoException {
    new CrtcQueueSequence(crtc, flags, 1, 5).write(t.drm.struct(), 0);
    t.drm.ioctl(
        "CRTC_QUEUE_SEQUENCE",
        VblankIoctl.CRTC_QUEUE_SEQUENCE,
        CrtcQueueSequence.LAYOUT.byteSize());
  }

  @Test
  void vblanks() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      check("signal", EINVAL, () -> waitVblank(t, WaitVblank.SIGNAL, 0));
      check("no second crtc", EINVAL, () -> waitVblank(t, WaitVblank.SECONDARY, 0));
      check("off", EINVAL, () -> waitVblank(t, WaitVblank.RELATIVE, 1));
      check("sequence of none", ENOENT, () -> getSequence(t, NONE));
      check("sequence while off", EINVAL, () -> getSequence(t, t.crtc));
      check("queue of none", ENOENT, () -> queueSequence(t, NONE, 4));
      check("queue flags", EINVAL, () -> queueSequence(t, t.crtc, 4));
      t.light(t.picture(1));

      waitVblank(t, WaitVblank.RELATIVE, 2);
      long before = WaitVblank.read(t.drm.struct(), 0).sequence();
      queueSequence(t, t.crtc, CrtcQueueSequence.RELATIVE);
      long told = t.mode.readEvents().getFirst().userData();

      assertWithMessage("the event's").that(told).isEqualTo(5);
      getSequence(t, t.crtc);
      assertWithMessage("one more")
          .that(CrtcGetSequence.read(t.drm.struct(), 0).sequence())
          .isEqualTo(before + 1);
    }
  }

  private static void lease(KmsTrial t, int flags, int... objects) throws ErrnoException {
    try (Client.Scratch scratch = t.compositor.scratch()) {
      long ids = scratch.bytes(Math.max(8, 4L * objects.length));
      for (int i = 0; i < objects.length; i++) {
        t.compositor.store32(ids + 4L * i, objects[i]);
      }
      new ModeCreateLease(ids, objects.length, flags, 0, 0).write(t.drm.struct(), 0);
      t.drm.ioctl("CREATE_LEASE", ModeIoctl.CREATE_LEASE, ModeCreateLease.LAYOUT.byteSize());
    }
  }

  private static void revoke(KmsTrial t, int lessee) throws ErrnoException {
    new ModeRevokeLease(lessee).write(t.drm.struct(), 0);
    t.drm.ioctl("REVOKE_LEASE", ModeIoctl.REVOKE_LEASE, ModeRevokeLease.LAYOUT.byteSize());
  }

  @Test
  void leases() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int plane = t.plane(1);
      int fb = t.picture(1);
      check("flags", EINVAL, () -> lease(t, 1, NONE));
      check("object", ENOENT, () -> lease(t, 0, t.crtc, NONE));
      check("kind", EINVAL, () -> lease(t, 0, t.crtc, fb));
      check("no plane", EINVAL, () -> lease(t, 0, t.crtc, t.connector));
      check("twice", ENOSPC, () -> lease(t, 0, t.crtc, t.connector, plane, plane));
      check("revoke", ENOENT, () -> revoke(t, 1));

      lease(t, 0, t.crtc, t.connector, plane);
      ModeCreateLease made = ModeCreateLease.read(t.drm.struct(), 0);
      LibDrmMode lessee = new LibDrmMode(new LibDrm(t.compositor, made.fd()));
      lessee.setClientCap(DrmGetCap.CLIENT_UNIVERSAL_PLANES, 1);

      assertWithMessage("planes").that(lessee.planes()).containsExactly(plane);
      check("leased already", EBUSY, () -> lease(t, 0, t.crtc, t.connector, plane));
      check("another plane", ENOENT, () -> lessee.plane(t.plane(0)));
      lessee.setCrtc(t.crtc, fb, t.connector, Tm2.MODE);
      revoke(t, made.lesseeId());
      check("revoked", ENOENT, () -> lessee.crtc(t.crtc));
    }
  }
}
