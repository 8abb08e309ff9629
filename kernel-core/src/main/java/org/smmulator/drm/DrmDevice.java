package org.smmulator.drm;

import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemNames;
import org.smmulator.drm.gem.GemOffsets;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.OpenFlags;

/**
 * A DRM device: a card node and a render node, and the files that are open on them. Kernel: {@code
 * struct drm_device}.
 */
public final class DrmDevice {
  /** {@code DRM_MAJOR}. */
  public static final int MAJOR = 226;

  private static final int FIRST_RENDER_MINOR = 128;

  /** The kernel's buffer for an ioctl's struct on its stack is that large. */
  private static final int USUAL_ARG_BYTES = 128;

  private final DrmCore core;
  private final DrmDriver driver;
  private final int minor;
  private final GemOffsets offsets;
  private final GemNames names = new GemNames();
  private final ArrayDeque<IoctlArg> spareArgs = new ArrayDeque<>();
  private final DrmNodes nodes;

  /** The open files, oldest first. */
  private final LinkedHashSet<DrmFile> files = new LinkedHashSet<>();

  private String unique = "";
  private @Nullable DrmMaster master;
  private @Nullable ModeSetting modeSetting;
  private boolean unplugged;
  private boolean isPut;

  /**
   * Makes a device that nobody can open yet, with the next free minor number.
   *
   * @param driver which is bound to it
   */
  @SuppressWarnings("this-escape") // its nodes ask it nothing before it is registered
  public DrmDevice(DrmCore core, DrmDriver driver) {
    this.core = core;
    this.driver = driver;
    this.minor = core.takeMinor();
    this.offsets = core.newOffsets();
    this.nodes = new DrmNodes(this);
  }

  public DrmCore core() {
    return core;
  }

  public DrmDriver driver() {
    return driver;
  }

  /** The mmap offsets of the device's buffers. */
  public GemOffsets offsets() {
    return offsets;
  }

  /** The names of the device's buffers. */
  public GemNames names() {
    return names;
  }

  /** The minor number of {@code /dev/dri/cardN}. */
  public int primaryMinor() {
    return minor;
  }

  /** The minor number of {@code /dev/dri/renderDN}. */
  public int renderMinor() {
    return FIRST_RENDER_MINOR + minor;
  }

  /** Gives the device displays, before anybody can open it. */
  public void setModeSetting(ModeSetting displays) {
    modeSetting = displays;
  }

  /** The device's displays; null if it has none. */
  @Nullable ModeSetting modeSetting() {
    return modeSetting;
  }

  /** The path of the card node. */
  public String primaryPath() {
    return "/dev/dri/card" + primaryMinor();
  }

  /** The path of the render node. */
  public String renderPath() {
    return "/dev/dri/renderD" + renderMinor();
  }

  /**
   * Makes the nodes. Kernel: {@code drm_dev_register()}.
   *
   * @param parent the hardware's device
   */
  public void register(Device parent) {
    unique = parent.name();
    nodes.add(parent, this::openPrimary, this::openRender);
    driver.debugfsInit(this, nodes.debugfs());
    core.kernel()
        .dmesg()
        .info(
            "[drm] Initialized %s %d.%d.%d for %s on minor %d",
            driver.name(), driver.major(), driver.minor(), driver.patchLevel(), unique, minor);
  }

  /**
   * Tells userspace that what is connected has changed. Kernel: {@code
   * drm_kms_helper_hotplug_event()}.
   *
   * @param connectorId of the only connector that has; 0 if userspace is to look at all
   */
  public void hotplugEvent(int connectorId) {
    nodes.hotplugEvent(connectorId);
  }

  /** Takes the nodes away; files that are open get ENODEV. Kernel: {@code drm_dev_unplug()}. */
  public void unplug() {
    unplugged = true;
    nodes.remove();
  }

  /**
   * Drops the driver's reference: when the last open file is closed, too, the minor number is free
   * for another device. Kernel: {@code drm_dev_put()}.
   */
  public void put() {
    isPut = true;
    releaseIfUnused();
  }

  private void releaseIfUnused() {
    if (isPut && files.isEmpty()) {
      core.giveMinorBack(minor);
    }
  }

  /** The name of the hardware's device, once registered. Kernel: {@code drm_device.unique}. */
  String unique() {
    return unique;
  }

  /**
   * Opens the card node. Who opens it first is its master. Kernel: {@code drm_master_open()}.
   *
   * @throws ErrnoException ENODEV if the device is unplugged; what the driver says
   */
  public DrmFile openPrimary(Caller caller) throws ErrnoException {
    return openPrimary(caller, OpenFlags.O_RDWR);
  }

  /** The same, with {@link OpenFlags}: EBUSY if it is to be the only one. */
  private DrmFile openPrimary(Caller caller, int flags) throws ErrnoException {
    DrmFile file = open(caller, false, flags);
    if (master == null) {
      newMaster(file);
    } else {
      file.joined(master);
    }
    return file;
  }

  /** Kernel: {@code drm_new_set_master()}. */
  private void newMaster(DrmFile file) {
    master = new DrmMaster();
    file.becameMasterOf(master);
  }

  /**
   * Makes {@code file} the master: of those that it was the master of before, else of new ones.
   *
   * @throws ErrnoException EBUSY if another one is
   */
  void setMaster(DrmFile file) throws ErrnoException {
    if (isMaster(file)) {
      return;
    }
    if (master != null) {
      throw EBUSY.because("another file is the master");
    }
    checkIsNoLessee(file);
    if (file.isOrWasMaster()) {
      master = file.master();
    } else {
      newMaster(file);
    }
  }

  /**
   * Makes {@code file} the master no more.
   *
   * @throws ErrnoException EINVAL if it is not
   */
  void dropMaster(DrmFile file) throws ErrnoException {
    if (!isMaster(file)) {
      throw EINVAL.because("the file is not the master");
    }
    checkIsNoLessee(file);
    master = null;
  }

  private static void checkIsNoLessee(DrmFile file) throws ErrnoException {
    if (file.isOrWasMaster() && file.master().lessor() != null) {
      throw EINVAL.because("a lessee is no master of all");
    }
  }

  /** Opens a file that is the master of what {@code lessee} holds. */
  DrmFile openLease(Caller caller, DrmMaster lessee, int flags) throws ErrnoException {
    DrmFile file = open(caller, false, flags);
    file.becameMasterOf(lessee);
    return file;
  }

  /**
   * Opens the render node.
   *
   * @throws ErrnoException ENODEV if the device is unplugged; what the driver says
   */
  public DrmFile openRender(Caller caller) throws ErrnoException {
    return openRender(caller, OpenFlags.O_RDWR);
  }

  private DrmFile openRender(Caller caller, int flags) throws ErrnoException {
    return open(caller, true, flags);
  }

  /** Kernel: {@code drm_open_helper()}. */
  private DrmFile open(Caller caller, boolean render, int flags) throws ErrnoException {
    checkPlugged();
    if ((flags & OpenFlags.O_EXCL) != 0) {
      throw EBUSY.because("no exclusive opens");
    }
    DrmFile file = new DrmFile(this, caller.task(), render, flags);
    files.add(file);
    nodes.addClient(file);
    return file;
  }

  Collection<DrmFile> files() {
    return files;
  }

  /** The name that the master's clients know; empty if it has none. */
  String masterUnique() {
    return master == null ? "" : master.unique();
  }

  /** True if the driver takes {@code feature}. Kernel: {@code drm_core_check_feature()}. */
  public boolean has(DriverFeature feature) {
    return driver.features().contains(feature);
  }

  void checkPlugged() throws ErrnoException {
    if (unplugged) {
      throw ENODEV.because("the device is unplugged");
    }
  }

  /** Kernel: {@code drm_is_current_master()}. */
  public boolean isMaster(DrmFile file) {
    return master != null && file.isOrWasMaster() && file.master().owner() == master;
  }

  /** Kernel: {@code drm_master_release()}. */
  void closed(DrmFile file) {
    files.remove(file);
    nodes.removeClient(file);
    releaseIfUnused();
    if (!file.isOrWasMaster()) {
      return;
    }
    DrmMaster own = file.master();
    own.revoke();
    own.end();
    if (own == master) {
      master = null;
    }
  }

  IoctlArg takeArg(int sizeBytes) {
    if (sizeBytes > USUAL_ARG_BYTES) {
      return new IoctlArg(sizeBytes);
    }
    IoctlArg spare = spareArgs.pollLast();
    return spare == null ? new IoctlArg(USUAL_ARG_BYTES) : spare;
  }

  void giveBack(IoctlArg arg) {
    arg.done();
    if (arg.capacityBytes() == USUAL_ARG_BYTES) {
      spareArgs.addLast(arg);
    }
  }
}
