package org.smmulator.userspace;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCardRes;
import org.smmulator.uapi.drm.mode.ModeConnectorSetProperty;
import org.smmulator.uapi.drm.mode.ModeCreateBlob;
import org.smmulator.uapi.drm.mode.ModeCreateDumb;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeDestroyBlob;
import org.smmulator.uapi.drm.mode.ModeDestroyDumb;
import org.smmulator.uapi.drm.mode.ModeFbCmd2;
import org.smmulator.uapi.drm.mode.ModeGetBlob;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;
import org.smmulator.uapi.drm.mode.ModeGetPlane;
import org.smmulator.uapi.drm.mode.ModeGetPlaneRes;
import org.smmulator.uapi.drm.mode.ModeGetProperty;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.mode.ModeMapDumb;
import org.smmulator.uapi.drm.mode.ModeObjGetProperties;
import org.smmulator.uapi.drm.mode.ModeObjSetProperty;
import org.smmulator.uapi.drm.mode.ModeSetPlane;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;

/**
 * libdrm's mode setting on an open card node. Each method is one ioctl, or two where the first asks
 * how much room the second needs.
 */
public final class LibDrmMode implements ForkedState.Part {
  /** A device's objects, by numbers. */
  public record Resources(
      List<Integer> fbs, List<Integer> crtcs, List<Integer> connectors, List<Integer> encoders) {}

  /** A connector and its modes. */
  public record ConnectorInfo(ModeGetConnector answer, List<ModeInfo> modes) {}

  /** A property of an object and its value. */
  public record PropertyValue(int id, String name, int flags, long value) {}

  /** A plane, and the formats it takes. */
  public record PlaneInfo(ModeGetPlane answer, List<Integer> formats) {}

  /** {@code DRM_FORMAT_XRGB8888}: XR24. */
  public static final int XRGB8888 = 0x34325258;

  /** {@code DRM_FORMAT_ARGB8888}: AR24. */
  public static final int ARGB8888 = 0x34325241;

  private static final int EVENT_ROOM = 4096;

  private final Map<Integer, List<PropertyValue>> known = new LinkedHashMap<>();
  private final LibDrm drm;
  private final Client client;
  private final MemorySegment struct;

  /** Works on the node that {@code drm} has open. */
  public LibDrmMode(LibDrm drm) {
    this.drm = drm;
    this.client = drm.client();
    this.struct = drm.struct();
  }

  @Override
  public LibDrmMode copyInto(ForkedState state) {
    return new LibDrmMode(state.of(drm));
  }

  /** libdrm's mode setting on a descriptor; the same object each time. */
  public static LibDrmMode of(Descriptor descriptor) {
    LibDrm drm = LibDrm.of(descriptor);
    return descriptor.library(LibDrmMode.class, _ -> new LibDrmMode(drm));
  }

  /** The node. */
  public LibDrm drm() {
    return drm;
  }

  /**
   * Says what the client understands: {@code drmSetClientCap()}.
   *
   * @throws ErrnoException EINVAL, EOPNOTSUPP
   */
  public void setClientCap(long capability, long value) throws ErrnoException {
    new DrmGetCap(capability, value).write(struct, 0);
    drm.ioctl("SET_CLIENT_CAP", DrmIoctl.SET_CLIENT_CAP, DrmGetCap.LAYOUT.byteSize());
    known.clear();
  }

  /**
   * Asks for a capability: {@code drmGetCap()}.
   *
   * @throws ErrnoException EINVAL, EOPNOTSUPP
   */
  public long getCap(long capability) throws ErrnoException {
    new DrmGetCap(capability, 0).write(struct, 0);
    drm.ioctl("GET_CAP", DrmIoctl.GET_CAP, DrmGetCap.LAYOUT.byteSize());
    return DrmGetCap.read(struct, 0).value();
  }

  /**
   * Becomes the master: {@code drmSetMaster()}.
   *
   * @throws ErrnoException EACCES, EBUSY
   */
  public void setMaster() throws ErrnoException {
    drm.ioctl("SET_MASTER", DrmIoctl.SET_MASTER, 0);
  }

  /**
   * Is the master no more: {@code drmDropMaster()}.
   *
   * @throws ErrnoException EACCES, EINVAL
   */
  public void dropMaster() throws ErrnoException {
    drm.ioctl("DROP_MASTER", DrmIoctl.DROP_MASTER, 0);
  }

  // ---- what there is

  /**
   * Asks what there is: {@code drmModeGetResources()}.
   *
   * @throws ErrnoException EOPNOTSUPP if the device has no displays
   */
  public Resources resources() throws ErrnoException {
    new ModeCardRes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).write(struct, 0);
    ask("GETRESOURCES", ModeIoctl.GETRESOURCES, ModeCardRes.LAYOUT.byteSize());
    ModeCardRes many = ModeCardRes.read(struct, 0);
    try (Client.Scratch scratch = client.scratch()) {
      long fbs = scratch.words(many.countFbs());
      long crtcs = scratch.words(many.countCrtcs());
      long connectors = scratch.words(many.countConnectors());
      long encoders = scratch.words(many.countEncoders());
      new ModeCardRes(
              fbs,
              crtcs,
              connectors,
              encoders,
              many.countFbs(),
              many.countCrtcs(),
              many.countConnectors(),
              many.countEncoders(),
              0,
              0,
              0,
              0)
          .write(struct, 0);
      ask("GETRESOURCES", ModeIoctl.GETRESOURCES, ModeCardRes.LAYOUT.byteSize());
      return new Resources(
          client.loadWords(fbs, many.countFbs()),
          client.loadWords(crtcs, many.countCrtcs()),
          client.loadWords(connectors, many.countConnectors()),
          client.loadWords(encoders, many.countEncoders()));
    }
  }

  private void ask(String what, int cmd, long sizeBytes) throws ErrnoException {
    drm.ioctl(what, cmd, sizeBytes);
  }

  /**
   * Asks for a connector, and has it probed: {@code drmModeGetConnector()}.
   *
   * @throws ErrnoException ENOENT
   */
  public ConnectorInfo connector(int id) throws ErrnoException {
    ModeGetConnector first = askConnector(id, 0, 0);
    int each = CStruct.sizeof(ModeInfo.LAYOUT);
    try (Client.Scratch scratch = client.scratch()) {
      int count = first.countModes();
      long modes = scratch.bytes(Math.max(1, (long) each * count));
      ModeGetConnector answer = count == 0 ? first : askConnector(id, modes, count);
      List<ModeInfo> found = new ArrayList<>();
      MemorySegment bytes = MemorySegment.ofArray(new long[(each + 7) / 8]);
      for (int i = 0; i < count; i++) {
        client.load(modes + (long) each * i, bytes.asSlice(0, each));
        found.add(ModeInfo.read(bytes, 0));
      }
      return new ConnectorInfo(answer, found);
    }
  }

  private ModeGetConnector askConnector(int id, long modes, int count) throws ErrnoException {
    new ModeGetConnector(0, modes, 0, 0, count, 0, 0, 0, id, 0, 0, 0, 0, 0, 0, 0).write(struct, 0);
    ask("GETCONNECTOR", ModeIoctl.GETCONNECTOR, ModeGetConnector.LAYOUT.byteSize());
    return ModeGetConnector.read(struct, 0);
  }

  /**
   * Asks for an encoder: {@code drmModeGetEncoder()}.
   *
   * @throws ErrnoException ENOENT
   */
  public ModeGetEncoder encoder(int id) throws ErrnoException {
    new ModeGetEncoder(id, 0, 0, 0, 0).write(struct, 0);
    ask("GETENCODER", ModeIoctl.GETENCODER, ModeGetEncoder.LAYOUT.byteSize());
    return ModeGetEncoder.read(struct, 0);
  }

  /**
   * Asks for a CRTC: {@code drmModeGetCrtc()}.
   *
   * @throws ErrnoException ENOENT
   */
  public ModeCrtc crtc(int id) throws ErrnoException {
    struct.fill((byte) 0);
    new ModeCrtc(0, 0, id, 0, 0, 0, 0, 0, ModeInfo.read(struct, 0)).write(struct, 0);
    ask("GETCRTC", ModeIoctl.GETCRTC, ModeCrtc.LAYOUT.byteSize());
    return ModeCrtc.read(struct, 0);
  }

  /**
   * Asks for the planes' numbers: {@code drmModeGetPlaneResources()}.
   *
   * @throws ErrnoException EOPNOTSUPP
   */
  public List<Integer> planes() throws ErrnoException {
    new ModeGetPlaneRes(0, 0).write(struct, 0);
    ask("GETPLANERESOURCES", ModeIoctl.GETPLANERESOURCES, ModeGetPlaneRes.LAYOUT.byteSize());
    int count = ModeGetPlaneRes.read(struct, 0).countPlanes();
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.words(count);
      new ModeGetPlaneRes(at, count).write(struct, 0);
      ask("GETPLANERESOURCES", ModeIoctl.GETPLANERESOURCES, ModeGetPlaneRes.LAYOUT.byteSize());
      return client.loadWords(at, count);
    }
  }

  /**
   * Asks for a plane: {@code drmModeGetPlane()}.
   *
   * @throws ErrnoException ENOENT
   */
  public PlaneInfo plane(int id) throws ErrnoException {
    int count = askPlane(id, 0, 0).countFormatTypes();
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.words(count);
      ModeGetPlane answer = askPlane(id, at, count);
      return new PlaneInfo(answer, client.loadWords(at, count));
    }
  }

  private ModeGetPlane askPlane(int id, long at, int count) throws ErrnoException {
    new ModeGetPlane(id, 0, 0, 0, 0, count, at).write(struct, 0);
    ask("GETPLANE", ModeIoctl.GETPLANE, ModeGetPlane.LAYOUT.byteSize());
    return ModeGetPlane.read(struct, 0);
  }

  // ---- properties

  /**
   * Asks for an object's properties: {@code drmModeObjectGetProperties()}, {@code
   * drmModeGetProperty()}.
   *
   * @throws ErrnoException ENOENT; EINVAL for an object that has none
   */
  public List<PropertyValue> properties(int object, int type) throws ErrnoException {
    int count = askProperties(0, 0, 0, object, type);
    List<PropertyValue> found = new ArrayList<>();
    try (Client.Scratch scratch = client.scratch()) {
      long ids = scratch.words(count);
      long values = scratch.bytes(Math.max(1, (long) Long.BYTES * count));
      int _ = askProperties(ids, values, count, object, type);
      for (int i = 0; i < count; i++) {
        int id = client.load32(ids + (long) Integer.BYTES * i);
        client.load(values + (long) Long.BYTES * i, struct.asSlice(0, Long.BYTES));
        long value = struct.get(CStruct.U64, 0);
        ModeGetProperty answer = property(id);
        found.add(new PropertyValue(id, answer.name(), answer.flags(), value));
      }
    }
    return found;
  }

  /**
   * Asks what a property is: {@code drmModeGetProperty()}.
   *
   * @throws ErrnoException ENOENT
   */
  public ModeGetProperty property(int id) throws ErrnoException {
    new ModeGetProperty(0, 0, id, 0, "", 0, 0).write(struct, 0);
    ask("GETPROPERTY", ModeIoctl.GETPROPERTY, ModeGetProperty.LAYOUT.byteSize());
    return ModeGetProperty.read(struct, 0);
  }

  private int askProperties(long ids, long values, int count, int object, int type)
      throws ErrnoException {
    new ModeObjGetProperties(ids, values, count, object, type).write(struct, 0);
    ask("OBJ_GETPROPERTIES", ModeIoctl.OBJ_GETPROPERTIES, ModeObjGetProperties.LAYOUT.byteSize());
    return ModeObjGetProperties.read(struct, 0).countProps();
  }

  /**
   * The number of an object's property; 0, which no property has, if the object has none of that
   * name. It is asked for once, as compositors do.
   *
   * @throws ErrnoException ENOENT; EINVAL for an object that has no properties
   */
  public int propertyId(int object, int type, String name) throws ErrnoException {
    for (PropertyValue each : known(object, type)) {
      if (each.name().equals(name)) {
        return each.id();
      }
    }
    return 0;
  }

  /**
   * Asks what a plane is for, the value of its property {@code type}; once, as it never changes.
   *
   * @throws ErrnoException ENOENT
   */
  public long planeType(int plane) throws ErrnoException {
    return known(plane, ModeObjGetProperties.OBJECT_PLANE).stream()
        .filter(each -> each.name().equals("type"))
        .mapToLong(PropertyValue::value)
        .findFirst()
        .orElse(0);
  }

  private List<PropertyValue> known(int object, int type) throws ErrnoException {
    List<PropertyValue> found = known.get(object);
    if (found == null) {
      found = properties(object, type);
      known.put(object, found);
    }
    return found;
  }

  /**
   * Sets a property of an object: {@code drmModeObjectSetProperty()}.
   *
   * @throws ErrnoException ENOENT; EINVAL; what the change gives
   */
  public void setProperty(int object, int type, int property, long value) throws ErrnoException {
    new ModeObjSetProperty(value, property, object, type).write(struct, 0);
    ask("OBJ_SETPROPERTY", ModeIoctl.OBJ_SETPROPERTY, ModeObjSetProperty.LAYOUT.byteSize());
  }

  /**
   * Sets a property of a connector: {@code drmModeConnectorSetProperty()}.
   *
   * @throws ErrnoException ENOENT; EINVAL; what the change gives
   */
  public void setConnectorProperty(int connector, int property, long value) throws ErrnoException {
    new ModeConnectorSetProperty(value, property, connector).write(struct, 0);
    ask("SETPROPERTY", ModeIoctl.SETPROPERTY, ModeConnectorSetProperty.LAYOUT.byteSize());
  }

  /**
   * Makes a blob: {@code drmModeCreatePropertyBlob()}.
   *
   * @throws ErrnoException EINVAL for no bytes; ENOMEM
   */
  public int createBlob(MemorySegment bytes) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.bytes(Math.max(1, bytes.byteSize()));
      client.store(at, bytes);
      new ModeCreateBlob(at, (int) bytes.byteSize(), 0).write(struct, 0);
      ask("CREATEPROPBLOB", ModeIoctl.CREATEPROPBLOB, ModeCreateBlob.LAYOUT.byteSize());
      return ModeCreateBlob.read(struct, 0).blobId();
    }
  }

  /**
   * Gives a blob back: {@code drmModeDestroyPropertyBlob()}.
   *
   * @throws ErrnoException ENOENT; EPERM for another file's
   */
  public void destroyBlob(int id) throws ErrnoException {
    new ModeDestroyBlob(id).write(struct, 0);
    ask("DESTROYPROPBLOB", ModeIoctl.DESTROYPROPBLOB, ModeDestroyBlob.LAYOUT.byteSize());
  }

  /**
   * Reads a blob: {@code drmModeGetPropertyBlob()}.
   *
   * @throws ErrnoException ENOENT
   */
  public MemorySegment blob(int id) throws ErrnoException {
    new ModeGetBlob(id, 0, 0).write(struct, 0);
    ask("GETPROPBLOB", ModeIoctl.GETPROPBLOB, ModeGetBlob.LAYOUT.byteSize());
    int length = ModeGetBlob.read(struct, 0).length();
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.bytes(Math.max(1, length));
      new ModeGetBlob(id, length, at).write(struct, 0);
      ask("GETPROPBLOB", ModeIoctl.GETPROPBLOB, ModeGetBlob.LAYOUT.byteSize());
      MemorySegment bytes = MemorySegment.ofArray(new long[(length + 7) / 8]);
      client.load(at, bytes.asSlice(0, length));
      return bytes.asSlice(0, length);
    }
  }

  /** The bytes of a mode, for a blob of it. */
  public static MemorySegment bytesOf(ModeInfo mode) {
    MemorySegment bytes =
        MemorySegment.ofArray(new int[CStruct.sizeof(ModeInfo.LAYOUT) / Integer.BYTES]);
    mode.write(bytes, 0);
    return bytes;
  }

  // ---- buffers and framebuffers

  /**
   * Makes a buffer that the CPU draws in: {@code drmModeCreateDumbBuffer()}.
   *
   * @throws ErrnoException EINVAL for a size; ENOMEM
   */
  public DumbBuffer createDumb(int width, int height, int bitsPerPixel) throws ErrnoException {
    new ModeCreateDumb(height, width, bitsPerPixel, 0, 0, 0, 0).write(struct, 0);
    ask("CREATE_DUMB", ModeIoctl.CREATE_DUMB, ModeCreateDumb.LAYOUT.byteSize());
    ModeCreateDumb made = ModeCreateDumb.read(struct, 0);
    return new DumbBuffer(this, made.handle(), made.pitch(), made.size());
  }

  /**
   * Asks where a dumb buffer can be mapped: {@code drmModeMapDumbBuffer()}.
   *
   * @throws ErrnoException ENOENT
   */
  public long mapDumb(int handle) throws ErrnoException {
    new ModeMapDumb(handle, 0, 0).write(struct, 0);
    ask("MAP_DUMB", ModeIoctl.MAP_DUMB, ModeMapDumb.LAYOUT.byteSize());
    return ModeMapDumb.read(struct, 0).offset();
  }

  /**
   * Gives a dumb buffer's handle back: {@code drmModeDestroyDumbBuffer()}.
   *
   * @throws ErrnoException EINVAL
   */
  public void destroyDumb(int handle) throws ErrnoException {
    new ModeDestroyDumb(handle).write(struct, 0);
    ask("DESTROY_DUMB", ModeIoctl.DESTROY_DUMB, ModeDestroyDumb.LAYOUT.byteSize());
  }

  /**
   * Makes a framebuffer of one plane: {@code drmModeAddFB2()}.
   *
   * @param fourcc {@code DRM_FORMAT_*}
   * @throws ErrnoException EINVAL, ERANGE, ENOENT
   */
  public int addFb(int width, int height, int fourcc, int handle, int pitch) throws ErrnoException {
    ImmutableIntArray none = ImmutableIntArray.of(0, 0, 0, 0);
    return addFb(
        new ModeFbCmd2(
            0,
            width,
            height,
            fourcc,
            0,
            ImmutableIntArray.of(handle, 0, 0, 0),
            ImmutableIntArray.of(pitch, 0, 0, 0),
            none,
            ImmutableLongArray.of(0, 0, 0, 0)));
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException EINVAL, ERANGE, ENOENT
   */
  public int addFb(ModeFbCmd2 asked) throws ErrnoException {
    asked.write(struct, 0);
    ask("ADDFB2", ModeIoctl.ADDFB2, ModeFbCmd2.LAYOUT.byteSize());
    return ModeFbCmd2.read(struct, 0).fbId();
  }

  /**
   * Removes a framebuffer, also from the display: {@code drmModeRmFB()}.
   *
   * @throws ErrnoException ENOENT
   */
  public void rmFb(int id) throws ErrnoException {
    struct.set(CStruct.U32, 0, id);
    ask("RMFB", ModeIoctl.RMFB, Integer.BYTES);
  }

  // ---- showing

  /**
   * Sets a CRTC up: {@code drmModeSetCrtc()}.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void setCrtc(int crtc, int fb, int connector, ModeInfo mode) throws ErrnoException {
    setCrtc(crtc, fb, 0, 0, connector, mode);
  }

  /**
   * The same of a picture whose first pixel on the display is not its own first.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void setCrtc(int crtc, int fb, int x, int y, int connector, ModeInfo mode)
      throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.bytes(Long.BYTES);
      client.store32(at, connector);
      setCrtc(new ModeCrtc(at, 1, crtc, fb, x, y, 0, 1, mode));
    }
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void setCrtc(ModeCrtc asked) throws ErrnoException {
    asked.write(struct, 0);
    ask("SETCRTC", ModeIoctl.SETCRTC, ModeCrtc.LAYOUT.byteSize());
  }

  /**
   * Shows a framebuffer on a plane, unscaled: {@code drmModeSetPlane()}.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void setPlane(int plane, int crtc, int fb, int x, int y, int width, int height)
      throws ErrnoException {
    setPlane(
        new ModeSetPlane(plane, crtc, fb, 0, x, y, width, height, 0, 0, height << 16, width << 16));
  }

  /**
   * Passes a struct as it is.
   *
   * @throws ErrnoException as the kernel checks it
   */
  public void setPlane(ModeSetPlane asked) throws ErrnoException {
    asked.write(struct, 0);
    ask("SETPLANE", ModeIoctl.SETPLANE, ModeSetPlane.LAYOUT.byteSize());
  }

  /**
   * Shows another framebuffer from the next vblank: {@code drmModePageFlip()}.
   *
   * @param flags such as {@link ModeCrtcPageFlip#EVENT}
   * @throws ErrnoException as the kernel checks it
   */
  public void pageFlip(int crtc, int fb, int flags, long userData) throws ErrnoException {
    new ModeCrtcPageFlip(crtc, fb, flags, 0, userData).write(struct, 0);
    ask("PAGE_FLIP", ModeIoctl.PAGE_FLIP, ModeCrtcPageFlip.LAYOUT.byteSize());
  }

  /** One property of an object that is to change. */
  public record Assignment(int object, int property, long value) {}

  /**
   * Sets properties at once: {@code drmModeAtomicCommit()}.
   *
   * @param flags a mask of the constants of {@link ModeAtomic}, and of a flip's
   * @throws ErrnoException as the kernel checks it
   */
  public void atomic(List<Assignment> assignments, int flags, long userData) throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      int count = assignments.size();
      long objects = scratch.words(count);
      long counts = scratch.words(count);
      long properties = scratch.words(count);
      long values = scratch.bytes(Math.max(1, (long) Long.BYTES * count));
      for (int i = 0; i < count; i++) {
        long at = (long) Integer.BYTES * i;
        client.store32(objects + at, assignments.get(i).object());
        client.store32(counts + at, 1);
        client.store32(properties + at, assignments.get(i).property());
        struct.set(CStruct.U64, 0, assignments.get(i).value());
        drm.store(values + 2 * at, Long.BYTES);
      }
      new ModeAtomic(flags, count, objects, counts, properties, values, 0, userData)
          .write(struct, 0);
      ask("ATOMIC", ModeIoctl.ATOMIC, ModeAtomic.LAYOUT.byteSize());
    }
  }

  /**
   * Waits for events and reads them: {@code drmHandleEvent()}. A sequence's event has the same
   * size, and its type tells it.
   *
   * @throws ErrnoException what reading the file gives
   */
  public List<DrmEventVblank> readEvents() throws ErrnoException {
    int each = CStruct.sizeof(DrmEventVblank.LAYOUT);
    byte[] got = client.read(drm.fd(), EVENT_ROOM);
    MemorySegment bytes = MemorySegment.ofArray(new long[each / Long.BYTES]);
    List<DrmEventVblank> events = new ArrayList<>();
    for (int at = 0; at < got.length; at += each) {
      MemorySegment.copy(MemorySegment.ofArray(got), at, bytes, 0, each);
      events.add(DrmEventVblank.read(bytes, 0));
    }
    return events;
  }
}
