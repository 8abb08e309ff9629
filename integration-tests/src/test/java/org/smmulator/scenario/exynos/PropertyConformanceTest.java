package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.EPERM;
import static org.smmulator.scenario.exynos.Errnos.check;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_ANY;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_BLOB;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_FB;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCreateBlob;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeGetBlob;
import org.smmulator.uapi.drm.mode.ModeGetProperty;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/**
 * Blobs, properties and the arrays of an atomic commit, as any display driver has them. The cases
 * are those of IGT's {@code kms_prop_blob}, {@code kms_properties} and {@code kms_atomic}, as far
 * as they are about what is refused.
 */
class PropertyConformanceTest {
  private static final int NEVER = -1;
  private static final long FAR = 0xdead_beeeL;

  // ---- blobs

  @Test
  void aBlobIsEverybodysToReadAndItsMakersToDestroy() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      Client client = t.board.machine.host("other");
      LibDrmMode other = t.open(client);

      int first = t.modeBlob();
      assertThat(other.blob(first).byteSize()).isEqualTo(ModeInfo.LAYOUT.byteSize());
      check("another's", EPERM, () -> other.destroyBlob(first));
      int theirs = other.createBlob(LibDrmMode.bytesOf(Tm2.MODE));
      assertThat(t.mode.blob(theirs).mismatch(t.mode.blob(first))).isEqualTo(-1);
      t.mode.destroyBlob(first);
      check("destroyed", ENOENT, () -> other.blob(first));
      check("twice", ENOENT, () -> t.mode.destroyBlob(first));
      client.exit();

      check("its maker is gone", ENOENT, () -> t.mode.blob(theirs));
      check("no blob", ENOENT, () -> t.mode.blob(NEVER));
      check("nothing", ENOENT, () -> t.mode.blob(0));
    }
  }

  private static void createBlob(KmsTrial t, long data, int length) throws ErrnoException {
    new ModeCreateBlob(data, length, 0).write(t.drm.struct(), 0);
    t.drm.ioctl("CREATEPROPBLOB", ModeIoctl.CREATEPROPBLOB, ModeCreateBlob.LAYOUT.byteSize());
  }

  @Test
  void aBlobsBytesAreReadableAndItsLengthIsCorrected() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2");
        Client.Scratch scratch = t.compositor.scratch()) {
      long at = scratch.bytes(4096);
      check("more than there is", EFAULT, () -> createBlob(t, at, 0x10_0000));
      check("nowhere", EFAULT, () -> createBlob(t, FAR, 68));
      check("nothing", EINVAL, () -> createBlob(t, at, 0));
      check("too long", EINVAL, () -> createBlob(t, at, -1));

      int blob = t.modeBlob();
      t.compositor.store32(at, 0);
      getBlob(t, blob, 32, at);
      assertThat(ModeGetBlob.read(t.drm.struct(), 0).length()).isEqualTo(68);
      assertWithMessage("nothing is written").that(t.compositor.load32(at)).isEqualTo(0);
      check("nowhere to", EFAULT, () -> getBlob(t, blob, 68, FAR));
    }
  }

  private static void getBlob(KmsTrial t, int blob, int length, long at) throws ErrnoException {
    new ModeGetBlob(blob, length, at).write(t.drm.struct(), 0);
    t.drm.ioctl("GETPROPBLOB", ModeIoctl.GETPROPBLOB, ModeGetBlob.LAYOUT.byteSize());
  }

  @Test
  void blobsAndFramebuffersHaveNoProperties() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int blob = t.modeBlob();
      int fb = t.picture(1);
      for (int type : new int[] {OBJECT_ANY, OBJECT_BLOB}) {
        check("get", EINVAL, () -> t.mode.properties(blob, type));
        check("set", EINVAL, () -> t.mode.setProperty(blob, type, 1, 0));
      }
      for (int type : new int[] {OBJECT_ANY, OBJECT_FB}) {
        check("get", EINVAL, () -> t.mode.properties(fb, type));
        check("set", EINVAL, () -> t.mode.setProperty(fb, type, 1, 0));
      }
      check("another kind", ENOENT, () -> t.mode.properties(fb, OBJECT_BLOB));
    }
  }

  // ---- properties

  /** An object of some kind. */
  private record Thing(int id, int type) {}

  private static ImmutableList<Thing> things(KmsTrial t) throws ErrnoException {
    return ImmutableList.of(
        new Thing(t.crtc, OBJECT_CRTC),
        new Thing(t.connector, OBJECT_CONNECTOR),
        new Thing(t.plane(1), OBJECT_PLANE),
        new Thing(t.plane(0), OBJECT_PLANE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void anObjectTakesNoPropertyOfAnother(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(1));
      for (Thing each : things(t)) {
        List<Integer> own =
            t.mode.properties(each.id(), each.type()).stream()
                .map(LibDrmMode.PropertyValue::id)
                .toList();
        for (Thing other : things(t)) {
          for (LibDrmMode.PropertyValue its : t.mode.properties(other.id(), other.type())) {
            if (!own.contains(its.id())) {
              String what = "%s of %s to %s".formatted(its.name(), other, each);
              check(
                  what,
                  EINVAL,
                  () -> t.mode.setProperty(each.id(), each.type(), its.id(), its.value()));
              check(what, ENOENT, () -> commit(t, each.id(), its.id(), its.value()));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tm2", "snow"})
  void aPropertySetToWhatItIsChangesNothing(String board) throws Exception {
    try (KmsTrial t = KmsTrial.on(board)) {
      t.light(t.picture(0x12_3456));
      for (Thing each : things(t)) {
        for (LibDrmMode.PropertyValue its : t.mode.properties(each.id(), each.type())) {
          String what = "%s of %s".formatted(its.name(), each);
          boolean isDpms = its.name().equals("DPMS"); // set by the old ioctls alone
          if (isDpms || (its.flags() & ModeGetProperty.PROP_IMMUTABLE) != 0) {
            check(what, EINVAL, () -> commit(t, each.id(), its.id(), its.value()));
          } else {
            commit(t, each.id(), its.id(), its.value());
            assertWithMessage(what).that(value(t, each, its.id())).isEqualTo(its.value());
          }
        }
      }
      t.board.machine.settle();
      assertThat(t.board.panel().pixel(0, 0)).isEqualTo(0x12_3456);
    }
  }

  private static long value(KmsTrial t, Thing of, int property) throws ErrnoException {
    return t.mode.properties(of.id(), of.type()).stream()
        .filter(each -> each.id() == property)
        .mapToLong(LibDrmMode.PropertyValue::value)
        .findFirst()
        .orElseThrow();
  }

  private static void commit(KmsTrial t, int object, int property, long value)
      throws ErrnoException {
    t.mode.atomic(List.of(new Assignment(object, property, value)), ModeAtomic.ALLOW_MODESET, 0);
  }

  // ---- atomic commits

  @Test
  void aPlaneTakesOnlyWhatFits() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      int small = t.picture(Tm2.WIDTH - 1, Tm2.HEIGHT - 1, KmsTrial.XRGB, 1);
      int blob = t.modeBlob();
      int plane = t.plane(1);
      int fbId = t.property(plane, OBJECT_PLANE, "FB_ID");
      int crtcId = t.property(plane, OBJECT_PLANE, "CRTC_ID");
      int fence = t.property(plane, OBJECT_PLANE, "IN_FENCE_FD");
      t.light(fb);

      for (int no : new int[] {plane, t.crtc, t.connector, blob, 0}) {
        check("picture " + no, EINVAL, () -> commit(t, plane, fbId, no));
      }
      for (int no : new int[] {plane, fb, t.connector, blob, 0}) {
        check("crtc " + no, EINVAL, () -> commit(t, plane, crtcId, no));
      }
      check("too small", ENOSPC, () -> commit(t, plane, fbId, small));
      check("no sync file", EINVAL, () -> commit(t, plane, fence, t.drm.fd()));
      commit(t, plane, fence, -1);
      commit(t, plane, fbId, fb);
    }
  }

  @Test
  void aCrtcTakesOnlyModes() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      int fb = t.picture(1);
      int modeId = t.property(t.crtc, OBJECT_CRTC, "MODE_ID");
      t.light(fb);
      long shown = t.value(t.crtc, OBJECT_CRTC, "MODE_ID");
      MemorySegment bytes = LibDrmMode.bytesOf(Tm2.MODE);
      int shorter = t.mode.createBlob(bytes.asSlice(0, bytes.byteSize() - 1));
      MemorySegment more = MemorySegment.ofArray(new byte[(int) bytes.byteSize() + 1]);
      more.copyFrom(bytes);
      int longer = t.mode.createBlob(more);

      for (int no : new int[] {t.plane(1), t.crtc, fb, shorter, longer}) {
        check("mode " + no, EINVAL, () -> commit(t, t.crtc, modeId, no));
      }
      commit(t, t.crtc, modeId, shown);
      commit(t, t.crtc, modeId, t.modeBlob());
      assertWithMessage("a blob like it is another")
          .that(t.value(t.crtc, OBJECT_CRTC, "MODE_ID"))
          .isNotEqualTo(shown);
    }
  }

  @Test
  void anOutFenceGoesOnlyWhereTheClientMayWrite() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2")) {
      t.light(t.picture(1));
      Client client = t.compositor;
      int pointer = t.property(t.crtc, OBJECT_CRTC, "OUT_FENCE_PTR");
      int active = t.property(t.crtc, OBJECT_CRTC, "ACTIVE");
      long readable = client.mmapAnonymous(4096, /* PROT_READ */ 1);
      long nothing = client.mmapAnonymous(4096, /* PROT_NONE */ 0);
      long both = client.mmapAnonymous(4096, /* PROT_READ | PROT_WRITE */ 3);

      check("read only", EFAULT, () -> commit(t, t.crtc, pointer, readable));
      check("not at all", EFAULT, () -> commit(t, t.crtc, pointer, nothing));
      List<Assignment> off =
          List.of(new Assignment(t.crtc, pointer, both), new Assignment(t.crtc, active, 0));
      check("needs a modeset", EINVAL, () -> t.mode.atomic(off, 0, 0));
      assertWithMessage("none is left").that(client.load32(both)).isEqualTo(-1);
      t.mode.atomic(List.of(new Assignment(t.crtc, pointer, both)), ModeAtomic.TEST_ONLY, 0);
      assertWithMessage("a test makes none").that(client.load32(both)).isEqualTo(-1);
      commit(t, t.crtc, pointer, both);
      client.close(client.load32(both));
    }
  }

  /** The four arrays of an atomic commit in the client's memory. */
  private static final class Arrays {
    static final int OBJECTS = 16;
    static final int EACH = 16;

    final KmsTrial t;
    final long objects;
    final long counts;
    final long properties;
    final long values;
    int count;
    int flags;
    long reserved;

    Arrays(KmsTrial t, Client.Scratch scratch) throws ErrnoException {
      this.t = t;
      objects = scratch.bytes(4L * OBJECTS);
      counts = scratch.bytes(4L * OBJECTS);
      properties = scratch.bytes(4L * OBJECTS * EACH);
      values = scratch.bytes(8L * OBJECTS * EACH);
    }

    void fill(int object, int propertiesEach) {
      for (int i = 0; i < OBJECTS; i++) {
        t.compositor.store32(objects + 4L * i, object);
        t.compositor.store32(counts + 4L * i, propertiesEach);
      }
    }

    void fillProperties(int property, long value) {
      for (int i = 0; i < OBJECTS * EACH; i++) {
        t.compositor.store32(properties + 4L * i, property);
        t.compositor.storeNumber(values + 8L * i, 8, value);
      }
    }

    void commit() throws ErrnoException {
      commit(objects, counts, properties, values);
    }

    void commit(long at, long countsAt, long propertiesAt, long valuesAt) throws ErrnoException {
      new ModeAtomic(flags, count, at, countsAt, propertiesAt, valuesAt, reserved, 0)
          .write(t.drm.struct(), 0);
      t.drm.ioctl("ATOMIC", ModeIoctl.ATOMIC, ModeAtomic.LAYOUT.byteSize());
    }
  }

  @Test
  void theArraysOfACommitAreReadElementByElement() throws Exception {
    try (KmsTrial t = KmsTrial.on("tm2");
        Client.Scratch scratch = t.compositor.scratch()) {
      int fb = t.picture(1);
      t.light(fb);
      long mode = t.value(t.crtc, OBJECT_CRTC, "MODE_ID");
      Arrays arrays = new Arrays(t, scratch);

      arrays.commit(0, 0, 0, 0); // nothing to read
      arrays.commit();
      arrays.flags = ModeCrtcPageFlip.EVENT;
      check("an event of nothing", EINVAL, arrays::commit);
      arrays.flags = 0xdead_beef;
      check("flags", EINVAL, arrays::commit);
      arrays.flags = 0;
      arrays.reserved = 1;
      check("reserved", EINVAL, arrays::commit);
      arrays.reserved = 0;

      arrays.count = Arrays.OBJECTS;
      check("object 0", ENOENT, arrays::commit);
      arrays.count = 1;
      arrays.fill((int) mode, 0);
      check("a blob", ENOENT, arrays::commit);
      arrays.fill(fb, 0);
      check("a framebuffer", ENOENT, arrays::commit);
      arrays.fill(t.crtc, 0);
      arrays.commit();

      arrays.fill(t.crtc, 1);
      for (int no : new int[] {0, t.crtc, t.plane(1), t.connector, (int) mode}) {
        arrays.fillProperties(no, 0);
        check("property " + no, ENOENT, arrays::commit);
      }
      arrays.fillProperties(t.property(t.crtc, OBJECT_CRTC, "MODE_ID"), mode);
      arrays.commit();
      arrays.fill(t.crtc, Arrays.EACH);
      arrays.count = Arrays.OBJECTS;
      arrays.commit(); // the same, 256 times over

      check(
          "objects",
          EFAULT,
          () -> arrays.commit(0, arrays.counts, arrays.properties, arrays.values));
      check(
          "counts",
          EFAULT,
          () -> arrays.commit(arrays.objects, 0, arrays.properties, arrays.values));
      check(
          "properties",
          EFAULT,
          () -> arrays.commit(arrays.objects, arrays.counts, 0, arrays.values));
      check(
          "values",
          EFAULT,
          () -> arrays.commit(arrays.objects, arrays.counts, arrays.properties, 0));
      long end = -4L;
      check(
          "the end",
          EFAULT,
          () -> arrays.commit(end, arrays.counts, arrays.properties, arrays.values));
    }
  }
}
