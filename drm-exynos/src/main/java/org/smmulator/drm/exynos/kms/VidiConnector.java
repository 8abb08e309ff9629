package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.ConnectorDriver;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Encoder;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.mode.Edid;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.KernelNumbers;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.uapi.drm.mode.ModeGetConnector;
import org.smmulator.uapi.drm.mode.ModeGetEncoder;
import org.smmulator.uapi.exynos.VidiConnection;

/**
 * The socket of the virtual display. Software plugs a monitor into it: the ioctl one that describes
 * itself, the attribute in sysfs a fake one. Kernel: the second half of {@code exynos_drm_vidi.c}.
 */
public final class VidiConnector implements ConnectorDriver {
  /** {@code fake_edid_info[]}: the description of a television. */
  private static final Edid FAKE =
      Edid.of(
          BaseEncoding.base16()
              .lowerCase()
              .decode(
                  "00ffffffffffff004c2d05050000000030120103801009780aee91a3544c9926"
                      + "0f5054bdee0001010101010101010101010101010101662150b051001b304070"
                      + "3600a05a0000001e011d007251d01e206e285500a05a0000001e000000fd0018"
                      + "4b1a4417000a202020202020000000fc0053414d53554e470a202020202001bc"
                      + "02031ef1468405031020222309070783010000e2000f67030c001000b82d011d"
                      + "8018711c1620582c2500a05a0000009e8c0ad08a20e02d10103e9600a05a0000"
                      + "0018023a801871382d40582c4500a05a0000001e000000000000000000000000"
                      + "0000000000000000000000000000000000000000000000000000000000000006"));

  private final KernelServices kernel;
  private final Mutex lock;
  private int connected;
  private @Nullable Edid own;
  private @Nullable ModeConfig config;

  VidiConnector(KernelServices kernel) {
    this.kernel = kernel;
    this.lock = kernel.lockdep().mutex("vidi_context.lock");
  }

  /**
   * Adds encoder and connector. Kernel: the second half of {@code vidi_bind()}.
   *
   * @throws ErrnoException ENOMEM
   */
  void addTo(ExynosKms kms, Crtc feeds) throws ErrnoException {
    Encoder encoder = kms.config().addEncoder(ModeGetEncoder.TYPE_TMDS, feeds);
    var _ = kms.config().addConnector(encoder, this);
    config = kms.config();
  }

  // ---- what plugs and unplugs

  /**
   * Plugs a monitor in or out. In this order: EINVAL for another number than 0 and 1, and for what
   * is already so; to plug one in, EFAULT for the first block of its EDID; ENOMEM; EFAULT for the
   * other blocks, of which there are as many as the first says, whatever the call does; EINVAL for
   * one that is not valid. Kernel: {@code vidi_connection_ioctl()}.
   *
   * <p>As there, two calls at once can both plug in: the last one's monitor stays.
   */
  public void plug(IoctlArg arg) throws ErrnoException {
    VidiConnection asked = arg.read(VidiConnection::read);
    if (Integer.compareUnsigned(asked.connection(), 1) > 0) {
      throw EINVAL.because("connection should be 0 or 1.");
    }
    try (var _ = lock.lock()) {
      if (connected == asked.connection()) {
        throw EINVAL.because("same connection request.");
      }
    }
    Edid brought = asked.connection() == 0 ? null : copy(arg.caller(), asked.edid());
    try (var _ = lock.lock()) {
      own = brought;
    }
    try (var _ = lock.lock()) {
      connected = asked.connection();
    }
    hotplug();
  }

  private Edid copy(Caller caller, long userPtr) throws ErrnoException {
    byte[] first = new byte[Edid.BLOCK_BYTES];
    caller.memory().copyFrom(userPtr, MemorySegment.ofArray(first), 0, first.length);
    if (kernel.faults().shouldFail(Site.EDID)) {
      throw ENOMEM.because("an EDID");
    }
    byte[] all = new byte[(Edid.extensions(first) + 1) * Edid.BLOCK_BYTES];
    caller.memory().copyFrom(userPtr, MemorySegment.ofArray(all), 0, all.length);
    if (kernel.faults().shouldFail(Site.EDID)) {
      throw ENOMEM.because("an EDID");
    }
    Edid made = Edid.of(all);
    if (!made.isValid()) {
      throw EINVAL.because("edid data is invalid.");
    }
    return made;
  }

  /** Kernel: {@code vidi_show_connection()}. */
  String show() {
    try (var _ = lock.lock()) {
      return connected + "\n";
    }
  }

  /**
   * Plugs the fake monitor in or out.
   *
   * <p>As upstream a negative number plugs it in.
   *
   * @throws ErrnoException EINVAL for what is no number or above 1, and while a monitor of the
   *     ioctl's is plugged in; ERANGE. Kernel: {@code vidi_store_connection()}
   */
  void store(String text) throws ErrnoException {
    int wanted = KernelNumbers.parseInt(text);
    if (wanted > 1) {
      throw EINVAL.because("connection should be 0 or 1.");
    }
    try (var _ = lock.lock()) {
      if (own != null) {
        throw EINVAL.because("edid data is not fake data.");
      }
      connected = wanted;
    }
    hotplug();
  }

  private void hotplug() {
    ModeConfig bound = config;
    if (bound != null) {
      bound.hotplug();
    }
  }

  // ---- the connector

  @Override
  public int type() {
    return ModeGetConnector.TYPE_VIRTUAL;
  }

  @Override
  public String typeName() {
    return "Virtual";
  }

  @Override
  public boolean isHotpluggable() {
    return true;
  }

  /** {@inheritDoc} Kernel: {@code vidi_detect()}. */
  @Override
  public boolean isConnected() {
    return connected != 0;
  }

  @Override
  public @Nullable Edid edid() {
    return isConnected() ? monitor() : null;
  }

  private Edid monitor() {
    Edid plugged = own;
    return plugged == null ? FAKE : plugged;
  }

  /** {@inheritDoc} Kernel: {@code vidi_get_modes()}. */
  @Override
  public ImmutableList<DisplayMode> modes() {
    return monitor().modes();
  }
}
