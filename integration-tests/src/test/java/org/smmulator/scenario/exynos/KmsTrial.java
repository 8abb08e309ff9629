package org.smmulator.scenario.exynos;

import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smmulator.drm.kms.mode.PixelFormat;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/** A board whose card a compositor has open: the master, with all capabilities. */
final class KmsTrial implements AutoCloseable {
  static final int XRGB = PixelFormat.XRGB8888.code();
  static final int ARGB = PixelFormat.ARGB8888.code();

  final Tm2 board;
  final Client compositor;
  final LibDrm drm;
  final LibDrmMode mode;
  final int crtc;
  final int connector;
  final List<Integer> planes;

  private KmsTrial(Tm2 board) throws ErrnoException {
    this.board = board;
    this.compositor = board.machine.host("compositor");
    this.mode = open(compositor);
    this.drm = mode.drm();
    mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);
    LibDrmMode.Resources has = mode.resources();
    this.crtc = has.crtcs().getFirst();
    this.connector = has.connectors().getFirst();
    this.planes = mode.planes();
  }

  /** Opens the card in another process, which has no capability yet. */
  LibDrmMode open(Client client) throws ErrnoException {
    return new LibDrmMode(new LibDrm(client, client.open(board.drm().primaryPath())));
  }

  static KmsTrial on(String name, String... set) throws Exception {
    return new KmsTrial(Tm2.on(name, set));
  }

  /** The plane of that type, such as 1 for the primary one. */
  int plane(long type) throws ErrnoException {
    for (int plane : planes) {
      for (LibDrmMode.PropertyValue each : mode.properties(plane, OBJECT_PLANE)) {
        if (each.name().equals("type") && each.value() == type) {
          return plane;
        }
      }
    }
    throw new AssertionError("no plane of type " + type);
  }

  int property(int object, int type, String name) throws ErrnoException {
    for (LibDrmMode.PropertyValue each : mode.properties(object, type)) {
      if (each.name().equals(name)) {
        return each.id();
      }
    }
    throw new AssertionError("object " + object + " has no " + name);
  }

  long value(int object, int type, String name) throws ErrnoException {
    return value(mode, object, type, name);
  }

  /** The value of an object's property, as {@code card} is told it. */
  static long value(LibDrmMode card, int object, int type, String name) throws ErrnoException {
    return card.properties(object, type).stream()
        .filter(each -> each.name().equals(name))
        .mapToLong(LibDrmMode.PropertyValue::value)
        .findFirst()
        .orElseThrow();
  }

  /** Fills a dumb buffer with a colour, and makes a framebuffer of it. */
  int picture(int width, int height, int fourcc, int argb) throws ErrnoException {
    DumbBuffer buffer = mode.createDumb(width, height, 32);
    long at = compositor.mmap(drm.fd(), mode.mapDumb(buffer.handle()), buffer.sizeBytes());
    int[] line = new int[width];
    Arrays.fill(line, argb);
    for (int y = 0; y < height; y++) {
      compositor.store(at + (long) y * buffer.pitch(), MemorySegment.ofArray(line));
    }
    return mode.addFb(width, height, fourcc, buffer.handle(), buffer.pitch());
  }

  int picture(int argb) throws ErrnoException {
    return picture(Tm2.WIDTH, Tm2.HEIGHT, XRGB, argb);
  }

  int modeBlob() throws ErrnoException {
    return mode.createBlob(LibDrmMode.bytesOf(Tm2.MODE));
  }

  Assignment crtcSet(String name, long value) throws ErrnoException {
    return new Assignment(crtc, property(crtc, OBJECT_CRTC, name), value);
  }

  Assignment connectorSet(String name, long value) throws ErrnoException {
    return new Assignment(connector, property(connector, OBJECT_CONNECTOR, name), value);
  }

  /** A plane that shows a framebuffer at a place, unscaled. */
  List<Assignment> planeSet(int plane, int fb, int x, int y, int width, int height)
      throws ErrnoException {
    List<Assignment> all = new ArrayList<>();
    Object[][] values = {
      {"FB_ID", (long) fb},
      {"CRTC_ID", (long) crtc},
      {"CRTC_X", (long) x},
      {"CRTC_Y", (long) y},
      {"CRTC_W", (long) width},
      {"CRTC_H", (long) height},
      {"SRC_X", 0L},
      {"SRC_Y", 0L},
      {"SRC_W", (long) width << 16},
      {"SRC_H", (long) height << 16},
    };
    for (Object[] each : values) {
      int id = property(plane, OBJECT_PLANE, (String) each[0]);
      all.add(new Assignment(plane, id, (long) each[1]));
    }
    return all;
  }

  /** Turns the display on with an atomic commit. */
  void light(int fb) throws ErrnoException {
    List<Assignment> all = new ArrayList<>(planeSet(plane(1), fb, 0, 0, Tm2.WIDTH, Tm2.HEIGHT));
    all.add(crtcSet("MODE_ID", modeBlob()));
    all.add(crtcSet("ACTIVE", 1));
    all.add(connectorSet("CRTC_ID", crtc));
    mode.atomic(all, ModeAtomic.ALLOW_MODESET, 0);
  }

  @Override
  public void close() {
    board.close();
  }
}
