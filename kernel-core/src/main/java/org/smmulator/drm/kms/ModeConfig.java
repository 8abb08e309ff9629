package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ModeObjects;
import org.smmulator.drm.kms.object.PropertyBlob;
import org.smmulator.drm.kms.object.PropertyBlobs;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.lock.Mutex;

/**
 * A device's displays. Kernel: {@code struct drm_mode_config}.
 *
 * <p>A driver adds planes, CRTCs, encoders and connectors before the device is registered; they
 * live as long as it does.
 */
public final class ModeConfig {
  private final DrmDevice device;
  private final KmsDriver driver;
  private final Mutex lock;
  private final ModeObjects objects = new ModeObjects();
  private final PropertyBlobs blobs;
  private final StandardProperties standard;
  private final List<Plane> planes = new ArrayList<>();
  private final List<Crtc> crtcs = new ArrayList<>();
  private final List<Encoder> encoders = new ArrayList<>();
  private final List<Connector> connectors = new ArrayList<>();
  private int framebuffers;

  /** Makes a device's displays, of which there are none yet. */
  public ModeConfig(DrmDevice device, KmsDriver driver) {
    this.device = device;
    this.driver = driver;
    this.lock = kernel().lockdep().mutex("drm_mode_config.mutex");
    this.blobs = new PropertyBlobs(objects, kernel().faults());
    this.standard = new StandardProperties(objects);
  }

  // ---- for drivers

  /**
   * Adds a plane for the next CRTC that is added. Kernel: {@code drm_universal_plane_init()}.
   *
   * @throws ErrnoException ENOMEM for it or the list of its formats
   */
  public Plane addPlane(Plane.Config config, PlaneDriver hardware) throws ErrnoException {
    Plane made = add(new Plane(planes.size(), config, 1 << crtcs.size(), hardware));
    made.attachProperties(this);
    planes.add(made);
    return made;
  }

  /**
   * Adds a CRTC. Kernel: {@code drm_crtc_init_with_planes()}.
   *
   * @param gammaSize entries of its gamma ramp; 0 if it has none
   * @throws ErrnoException ENOMEM
   */
  public Crtc addCrtc(Crtc.Planes roles, CrtcDriver hardware, int gammaSize) throws ErrnoException {
    Crtc made = add(new Crtc(this, crtcs.size(), roles, hardware, gammaSize));
    crtcs.add(made);
    return made;
  }

  /**
   * Adds an encoder that passes what it is fed. Kernel: {@code drm_encoder_init()}.
   *
   * @param encoderType one of its {@code TYPE_*}
   * @param feeds the CRTC that can feed it
   * @throws ErrnoException ENOMEM
   */
  public Encoder addEncoder(int encoderType, Crtc feeds) throws ErrnoException {
    return addEncoder(encoderType, feeds, EncoderDriver.NONE);
  }

  /** As {@link #addEncoder(int, Crtc)}, for an encoder with hardware. */
  public Encoder addEncoder(int encoderType, Crtc feeds, EncoderDriver hardware)
      throws ErrnoException {
    Encoder made = add(new Encoder(encoders.size(), encoderType, feeds.mask(), hardware));
    encoders.add(made);
    return made;
  }

  /**
   * Adds a connector at the end of {@code encoder}. Kernel: {@code drm_connector_init()}.
   *
   * @throws ErrnoException ENOMEM
   */
  public Connector addConnector(Encoder encoder, ConnectorDriver hardware) throws ErrnoException {
    int ofType = 1;
    for (Connector other : connectors) {
      ofType += other.driver().type() == hardware.type() ? 1 : 0;
    }
    Connector made = add(new Connector(this, connectors.size(), ofType, encoder, hardware));
    connectors.add(made);
    return made;
  }

  /** Kernel: {@code drm_mode_object_add()}. */
  private <T extends ModeObject> T add(T made) throws ErrnoException {
    if (kernel().faults().shouldFail(Site.MODE_OBJECT)) {
      throw ENOMEM.because("no memory for an object of mode setting");
    }
    return objects.add(made);
  }

  /** Turns every output off. Kernel: {@code drm_atomic_helper_shutdown()}. */
  public void shutDown() {
    try (var _ = lock.lock()) {
      LegacyChanges.disableAll(this);
    }
  }

  /**
   * Looks again what is connected to connectors that something can be plugged into, and tells
   * userspace if that has changed. Kernel: {@code drm_helper_hpd_irq_event()}.
   */
  public void hotplug() {
    List<Connector> changed = new ArrayList<>();
    try (var _ = lock.lock()) {
      for (Connector connector : connectors) {
        if (connector.driver().isHotpluggable() && connector.detect()) {
          changed.add(connector);
        }
      }
    }
    if (!changed.isEmpty()) {
      device.hotplugEvent(changed.size() == 1 ? changed.getFirst().id() : 0);
    }
  }

  // ---- what there is

  public DrmDevice device() {
    return device;
  }

  public KernelServices kernel() {
    return device.core().kernel();
  }

  public KmsDriver driver() {
    return driver;
  }

  /** The one lock of all that is shown. */
  public Mutex lock() {
    return lock;
  }

  public ModeObjects objects() {
    return objects;
  }

  public PropertyBlobs blobs() {
    return blobs;
  }

  StandardProperties standard() {
    return standard;
  }

  public ImmutableList<Plane> planes() {
    return ImmutableList.copyOf(planes);
  }

  public ImmutableList<Crtc> crtcs() {
    return ImmutableList.copyOf(crtcs);
  }

  public ImmutableList<Encoder> encoders() {
    return ImmutableList.copyOf(encoders);
  }

  public ImmutableList<Connector> connectors() {
    return ImmutableList.copyOf(connectors);
  }

  /** Counts a framebuffer more. */
  void framebufferMade() {
    framebuffers++;
  }

  void framebufferGone() {
    framebuffers--;
  }

  /** How many framebuffers there are. */
  public int framebuffers() {
    return framebuffers;
  }

  // ---- blobs

  /**
   * Finds the blob that a property is set to, and takes a reference. Kernel: {@code
   * drm_property_replace_blob_from_id()}.
   *
   * @param elementBytes what its length must be a multiple of
   * @return null for 0
   * @throws ErrnoException EINVAL if there is none or its length is wrong
   */
  @Nullable PropertyBlob blobFor(long id, int elementBytes) throws ErrnoException {
    if (id == 0) {
      return null;
    }
    PropertyBlob found = blobs.find((int) id);
    if (found == null) {
      throw EINVAL.because("no blob has the number %d", id);
    }
    if (found.length() % elementBytes != 0) {
      found.put();
      throw EINVAL.because("a blob of %d bytes", found.length());
    }
    return found;
  }
}
