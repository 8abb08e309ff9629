package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.Connector;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Encoder;
import org.smmulator.drm.kms.Framebuffer;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.Plane;
import org.smmulator.drm.kms.PlaneType;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.mode.ModeCardRes;
import org.smmulator.uapi.drm.mode.ModeCrtc;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;
import org.smmulator.uapi.drm.mode.ModeGetPlane;
import org.smmulator.uapi.drm.mode.ModeGetPlaneRes;
import org.smmulator.uapi.drm.mode.ModeInfo;

/** Ioctls that tell what there is and how it is set. */
final class ResourceIoctls {
  private static final ModeInfo NO_MODE =
      new ModeInfo(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");

  private final ModeConfig config;

  ResourceIoctls(ModeConfig config) {
    this.config = config;
  }

  /** EFAULT. Kernel: {@code drm_mode_getresources()}. */
  void getResources(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCardRes asked = arg.read(ModeCardRes::read);
    KmsFile client = KmsFile.of(file);
    UserElements out = new UserElements(arg.caller());
    int fbs =
        out.putIds(
            asked.fbIdPtr(),
            asked.countFbs(),
            client.framebuffers().stream().map(ModeObject::id).toList());
    int crtcs = out.putIds(asked.crtcIdPtr(), asked.countCrtcs(), held(client, config.crtcs()));
    int encoders =
        out.putIds(
            asked.encoderIdPtr(),
            asked.countEncoders(),
            config.encoders().stream().map(ModeObject::id).toList());
    int connectors =
        out.putIds(
            asked.connectorIdPtr(), asked.countConnectors(), held(client, config.connectors()));
    new ModeCardRes(
            asked.fbIdPtr(),
            asked.crtcIdPtr(),
            asked.connectorIdPtr(),
            asked.encoderIdPtr(),
            fbs,
            crtcs,
            connectors,
            encoders,
            config.driver().minSize(),
            config.driver().maxSize(),
            config.driver().minSize(),
            config.driver().maxSize())
        .write(arg.bytes(), 0);
  }

  private static List<Integer> held(KmsFile client, ImmutableList<? extends ModeObject> all) {
    return all.stream().filter(client::holds).map(ModeObject::id).toList();
  }

  /** A mask of CRTCs as a lessee counts them. Kernel: {@code drm_lease_filter_crtcs()}. */
  private int heldCrtcs(KmsFile client, int mask) {
    int seen = 0;
    int position = 0;
    for (Crtc crtc : config.crtcs()) {
      if (client.holds(crtc)) {
        seen |= (mask >>> crtc.index() & 1) << position++;
      }
    }
    return seen;
  }

  private static int heldId(KmsFile client, @Nullable ModeObject object) {
    return object == null || !client.holds(object) ? 0 : object.id();
  }

  /** ENOENT. Kernel: {@code drm_mode_getcrtc()}. */
  void getCrtc(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeCrtc asked = arg.read(ModeCrtc::read);
    KmsFile client = KmsFile.of(file);
    Crtc crtc = client.findCrtc(asked.crtcId());
    if (crtc == null) {
      throw ENOENT.because("no CRTC has the number %d", asked.crtcId());
    }
    try (var _ = config.lock().lock()) {
      Framebuffer fb = crtc.primary().state().fb();
      DisplayMode mode = crtc.state().mode();
      new ModeCrtc(
              asked.setConnectorsPtr(),
              asked.countConnectors(),
              asked.crtcId(),
              fb == null ? 0 : fb.id(),
              crtc.primary().state().source().x() >>> 16,
              crtc.primary().state().source().y() >>> 16,
              crtc.gamma().size(),
              mode == null ? 0 : 1,
              mode == null ? NO_MODE : mode.toUser(client.aspectRatioAllowed))
          .write(arg.bytes(), 0);
    }
  }

  /** ENOENT. Kernel: {@code drm_mode_getencoder()}. */
  void getEncoder(DrmFile file, IoctlArg arg) throws ErrnoException {
    int id = arg.read(ModeGetEncoder::read).encoderId();
    KmsFile client = KmsFile.of(file);
    Encoder encoder = client.findEncoder(id);
    if (encoder == null) {
      throw ENOENT.because("no encoder has the number %d", id);
    }
    try (var _ = config.lock().lock()) {
      new ModeGetEncoder(
              id,
              encoder.encoderType(),
              heldId(client, crtcOf(encoder)),
              heldCrtcs(client, encoder.possibleCrtcs()),
              encoder.possibleClones())
          .write(arg.bytes(), 0);
    }
  }

  private @Nullable Crtc crtcOf(Encoder encoder) {
    return config.connectors().stream()
        .filter(connector -> connector.state().encoder() == encoder)
        .map(connector -> connector.state().crtc())
        .findFirst()
        .orElse(null);
  }

  // ---- connectors

  /**
   * Tells what a connector leads to, and probes it if a master gives no room for modes. ENOENT,
   * EFAULT. Kernel: {@code drm_mode_getconnector()}.
   */
  void getConnector(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeGetConnector asked = arg.read(ModeGetConnector::read);
    KmsFile client = KmsFile.of(file);
    Connector connector = client.findConnector(asked.connectorId());
    if (connector == null) {
      throw ENOENT.because("no connector has the number %d", asked.connectorId());
    }
    UserElements out = new UserElements(arg.caller());
    if (asked.countEncoders() != 0) {
      out.putU32(asked.encodersPtr(), 0, connector.encoder().id());
    }
    try (var _ = config.lock().lock()) {
      if (asked.countModes() == 0 && file.device().isMaster(file)) {
        connector.probe(config.driver().maxSize());
      }
      int modes = putModes(arg.caller(), asked, connector, client);
      Encoder encoder = connector.state().encoder();
      int properties =
          PropertyIoctls.putProperties(
              connector, client, out, asked.propsPtr(), asked.propValuesPtr(), asked.countProps());
      new ModeGetConnector(
              asked.encodersPtr(),
              asked.modesPtr(),
              asked.propsPtr(),
              asked.propValuesPtr(),
              modes,
              properties,
              1,
              encoder == null ? 0 : encoder.id(),
              connector.id(),
              connector.driver().type(),
              connector.typeNumber(),
              connector.status(),
              connector.driver().widthMm(),
              connector.driver().heightMm(),
              ModeGetConnector.SUBPIXEL_UNKNOWN,
              asked.pad())
          .write(arg.bytes(), 0);
    }
  }

  private static int putModes(
      Caller caller, ModeGetConnector asked, Connector connector, KmsFile client)
      throws ErrnoException {
    List<ModeInfo> shown = shownTo(client, connector.modes());
    if (Integer.compareUnsigned(asked.countModes(), shown.size()) >= 0) {
      int each = CStruct.sizeof(ModeInfo.LAYOUT);
      MemorySegment bytes = MemorySegment.ofArray(new int[each / Integer.BYTES]);
      for (int i = 0; i < shown.size(); i++) {
        shown.get(i).write(bytes, 0);
        caller.memory().copyTo(asked.modesPtr() + (long) i * each, bytes, 0, each);
      }
    }
    return shown.size();
  }

  /** Kernel: {@code drm_mode_expose_to_userspace()}. */
  private static List<ModeInfo> shownTo(KmsFile client, ImmutableList<DisplayMode> modes) {
    List<ModeInfo> shown = new ArrayList<>();
    for (DisplayMode mode : modes) {
      ModeInfo info = mode.toUser(client.aspectRatioAllowed);
      boolean stereo = (info.flags() & ModeInfo.FLAG_3D_MASK) != 0;
      if ((client.stereoAllowed || !stereo)
          && (client.aspectRatioAllowed || !shown.contains(info))) {
        shown.add(info);
      }
    }
    return shown;
  }

  // ---- planes

  /** EFAULT. Kernel: {@code drm_mode_getplane_res()}. */
  void getPlaneResources(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeGetPlaneRes asked = arg.read(ModeGetPlaneRes::read);
    KmsFile client = KmsFile.of(file);
    ImmutableList<Plane> shown =
        config.planes().stream()
            .filter(plane -> client.universalPlanes || plane.planeType() == PlaneType.OVERLAY)
            .collect(ImmutableList.toImmutableList());
    int count =
        new UserElements(arg.caller())
            .putIds(asked.planeIdPtr(), asked.countPlanes(), held(client, shown));
    new ModeGetPlaneRes(asked.planeIdPtr(), count).write(arg.bytes(), 0);
  }

  /** ENOENT, EFAULT. Kernel: {@code drm_mode_getplane()}. */
  void getPlane(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeGetPlane asked = arg.read(ModeGetPlane::read);
    KmsFile client = KmsFile.of(file);
    Plane plane = client.findPlane(asked.planeId());
    if (plane == null) {
      throw ENOENT.because("no plane has the number %d", asked.planeId());
    }
    Crtc crtc;
    Framebuffer fb;
    try (var _ = config.lock().lock()) {
      crtc = plane.state().crtc();
      fb = plane.state().fb();
    }
    int formats = plane.formats().size();
    if (Integer.compareUnsigned(asked.countFormatTypes(), formats) >= 0) {
      UserElements out = new UserElements(arg.caller());
      for (int i = 0; i < formats; i++) {
        out.putU32(asked.formatTypePtr(), i, plane.formats().get(i).code());
      }
    }
    new ModeGetPlane(
            plane.id(),
            heldId(client, crtc),
            fb == null ? 0 : fb.id(),
            heldCrtcs(client, plane.possibleCrtcs()),
            0,
            formats,
            asked.formatTypePtr())
        .write(arg.bytes(), 0);
  }
}
