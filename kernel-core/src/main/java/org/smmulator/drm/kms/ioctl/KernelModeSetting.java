package org.smmulator.drm.kms.ioctl;

import static org.smmulator.drm.IoctlTable.MASTER;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableMap;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.IoctlTable;
import org.smmulator.drm.ModeSetting;
import org.smmulator.drm.kms.Connector;
import org.smmulator.drm.kms.ConnectorNodes;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.vblank.VblankIoctl;

/** Gives a DRM device the ioctls of its displays. Kernel: {@code drm_ioctls[]}. */
public final class KernelModeSetting implements ModeSetting {
  private static final long USUAL_CURSOR_SIZE = 64;

  private final ModeConfig config;
  private final IoctlTable ioctls;

  /** Makes the ioctls of {@code config}. */
  public KernelModeSetting(ModeConfig config) {
    this.config = config;
    IoctlTable.Builder table =
        IoctlTable.builder().add(DrmIoctl.SET_CLIENT_CAP, 0, KernelModeSetting::setClientCap);
    addLookups(table);
    addChanges(table);
    this.ioctls = table.build();
  }

  private void addLookups(IoctlTable.Builder table) {
    ResourceIoctls resources = new ResourceIoctls(config);
    PropertyIoctls properties = new PropertyIoctls(config);
    FramebufferIoctls framebuffers = new FramebufferIoctls(config);
    DumbIoctls dumb = new DumbIoctls(config);
    table
        .add(ModeIoctl.GETRESOURCES, 0, resources::getResources)
        .add(ModeIoctl.GETCRTC, 0, resources::getCrtc)
        .add(ModeIoctl.GETENCODER, 0, resources::getEncoder)
        .add(ModeIoctl.GETCONNECTOR, 0, resources::getConnector)
        .add(ModeIoctl.GETPLANERESOURCES, 0, resources::getPlaneResources)
        .add(ModeIoctl.GETPLANE, 0, resources::getPlane)
        .add(ModeIoctl.ATTACHMODE, MASTER, (file, arg) -> {})
        .add(ModeIoctl.DETACHMODE, MASTER, (file, arg) -> {})
        .add(ModeIoctl.GETPROPERTY, 0, properties::getProperty)
        .add(ModeIoctl.SETPROPERTY, MASTER, properties::setConnectorProperty)
        .add(ModeIoctl.OBJ_GETPROPERTIES, 0, properties::getProperties)
        .add(ModeIoctl.OBJ_SETPROPERTY, MASTER, properties::setProperty)
        .add(ModeIoctl.GETPROPBLOB, 0, properties::getBlob)
        .add(ModeIoctl.CREATEPROPBLOB, 0, properties::createBlob)
        .add(ModeIoctl.DESTROYPROPBLOB, 0, properties::destroyBlob)
        .add(ModeIoctl.CREATE_DUMB, 0, dumb::create)
        .add(ModeIoctl.MAP_DUMB, 0, dumb::map)
        .add(ModeIoctl.DESTROY_DUMB, 0, dumb::destroy)
        .add(ModeIoctl.ADDFB, 0, framebuffers::add)
        .add(ModeIoctl.ADDFB2, 0, framebuffers::add2)
        .add(ModeIoctl.RMFB, 0, framebuffers::remove)
        .add(ModeIoctl.CLOSEFB, 0, framebuffers::close)
        .add(ModeIoctl.GETFB, 0, framebuffers::get)
        .add(ModeIoctl.GETFB2, 0, framebuffers::get2)
        .add(ModeIoctl.DIRTYFB, MASTER, framebuffers::dirty);
  }

  private void addChanges(IoctlTable.Builder table) {
    CrtcIoctls crtcs = new CrtcIoctls(config);
    PlaneIoctls planes = new PlaneIoctls(config);
    GammaIoctls gamma = new GammaIoctls(config);
    VblankIoctls vblanks = new VblankIoctls(config);
    LeaseIoctls leases = new LeaseIoctls(config);
    table
        .add(ModeIoctl.SETCRTC, MASTER, crtcs::set)
        .add(ModeIoctl.PAGE_FLIP, MASTER, crtcs::pageFlip)
        .add(ModeIoctl.SETPLANE, MASTER, planes::set)
        .add(ModeIoctl.CURSOR, MASTER, planes::cursor)
        .add(ModeIoctl.CURSOR2, MASTER, planes::cursor2)
        .add(ModeIoctl.GETGAMMA, 0, gamma::get)
        .add(ModeIoctl.SETGAMMA, MASTER, gamma::set)
        .add(ModeIoctl.ATOMIC, MASTER, new AtomicIoctl(config)::commit)
        .add(VblankIoctl.WAIT_VBLANK, 0, vblanks::await)
        .add(VblankIoctl.CRTC_GET_SEQUENCE, 0, vblanks::getSequence)
        .add(VblankIoctl.CRTC_QUEUE_SEQUENCE, 0, vblanks::queueSequence)
        .add(ModeIoctl.CREATE_LEASE, MASTER, leases::create)
        .add(ModeIoctl.LIST_LESSEES, MASTER, leases::list)
        .add(ModeIoctl.GET_LEASE, MASTER, leases::get)
        .add(ModeIoctl.REVOKE_LEASE, MASTER, leases::revoke);
  }

  @Override
  public IoctlTable ioctls() {
    return ioctls;
  }

  @Override
  public ImmutableMap<String, PlainDirectory> connectorNodes() {
    ImmutableMap.Builder<String, PlainDirectory> all = ImmutableMap.builder();
    for (Connector connector : config.connectors()) {
      all.put(connector.name(), ConnectorNodes.of(config, connector));
    }
    return all.buildOrThrow();
  }

  @Override
  public Object open(DrmFile file) {
    return new KmsFile(config, file);
  }

  @Override
  public void close(DrmFile file) {
    KmsFile.of(file).release();
  }

  /** Kernel: the second half of {@code drm_getcap()}. */
  @Override
  public long capability(long which) throws ErrnoException {
    if (which == DrmGetCap.DUMB_BUFFER
        || which == DrmGetCap.VBLANK_HIGH_CRTC
        || which == DrmGetCap.ADDFB2_MODIFIERS
        || which == DrmGetCap.CRTC_IN_VBLANK_EVENT) {
      return 1;
    }
    if (which == DrmGetCap.CURSOR_WIDTH || which == DrmGetCap.CURSOR_HEIGHT) {
      return USUAL_CURSOR_SIZE;
    }
    if (which == DrmGetCap.DUMB_PREFERRED_DEPTH
        || which == DrmGetCap.DUMB_PREFER_SHADOW
        || which == DrmGetCap.ASYNC_PAGE_FLIP
        || which == DrmGetCap.PAGE_FLIP_TARGET
        || which == DrmGetCap.ATOMIC_ASYNC_PAGE_FLIP) {
      return 0;
    }
    throw EINVAL.because("capability %#x", which);
  }

  /**
   * Says what the client understands. EINVAL for unknown ones and for other values than 0 and 1 (2
   * for atomic); EOPNOTSUPP to the X server, whose use of atomic commits is broken. Kernel: {@code
   * drm_setclientcap()}.
   */
  private static void setClientCap(DrmFile file, IoctlArg arg) throws ErrnoException {
    DrmGetCap asked = arg.read(DrmGetCap::read);
    KmsFile client = KmsFile.of(file);
    long value = asked.value();
    long which = asked.capability();
    if (which == DrmGetCap.CLIENT_ATOMIC) {
      if (arg.caller().task().comm().startsWith("X") && value == 1) {
        file.device()
            .core()
            .kernel()
            .dmesg()
            .info("broken atomic modeset userspace detected, disabling atomic");
        throw EOPNOTSUPP.because("the X server's use of atomic commits is broken");
      }
      checkAtMost(value, 2);
      client.atomic = value != 0;
      client.universalPlanes = value != 0;
      client.aspectRatioAllowed = value != 0;
    } else if (which == DrmGetCap.CLIENT_STEREO_3D) {
      checkAtMost(value, 1);
      client.stereoAllowed = value == 1;
    } else if (which == DrmGetCap.CLIENT_UNIVERSAL_PLANES) {
      checkAtMost(value, 1);
      client.universalPlanes = value == 1;
    } else if (which == DrmGetCap.CLIENT_ASPECT_RATIO) {
      checkAtMost(value, 1);
      client.aspectRatioAllowed = value == 1;
    } else if (which == DrmGetCap.CLIENT_WRITEBACK_CONNECTORS) {
      checkAtomic(client);
      checkAtMost(value, 1);
      client.writebackConnectors = value == 1;
    } else if (which == DrmGetCap.CLIENT_CURSOR_PLANE_HOTSPOT) {
      throw EOPNOTSUPP.because("the cursor is no virtual one");
    } else if (which == DrmGetCap.CLIENT_PLANE_COLOR_PIPELINE) {
      checkAtomic(client);
      checkAtMost(value, 1);
      throw EOPNOTSUPP.because("no plane has a colour pipeline");
    } else {
      throw EINVAL.because("client capability %#x", which);
    }
  }

  private static void checkAtomic(KmsFile client) throws ErrnoException {
    if (!client.atomic) {
      throw EINVAL.because("the client is not atomic");
    }
  }

  private static void checkAtMost(long value, long most) throws ErrnoException {
    if (Long.compareUnsigned(value, most) > 0) {
      throw EINVAL.because("the value %#x", value);
    }
  }
}
