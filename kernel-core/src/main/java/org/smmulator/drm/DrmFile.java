package org.smmulator.drm;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOTTY;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.syncobj.SyncobjHandles;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmIoctl;

/** An open DRM node: its buffers' names and its driver's state. Kernel: {@code struct drm_file}. */
public final class DrmFile implements FileOperations {
  private final DrmDevice device;
  private final Task task;
  private final boolean render;
  private final boolean admin;
  private final int flags;
  private boolean wasMaster;
  private boolean vouchedFor;
  private @Nullable DrmMaster master;
  private int magic;
  private String clientName = "";
  private final long clientId;
  private final GemHandles handles;
  private final SyncobjHandles syncobjs;
  private final Object driverPrivate;
  private final @Nullable Object modeSetting;
  private @Nullable DrmEvents events;

  /** Makes the file of an open with {@code flags} of {@link OpenFlags}. */
  DrmFile(DrmDevice device, Task task, boolean render, int flags) throws ErrnoException {
    this.device = device;
    this.task = task;
    this.render = render;
    this.flags = flags;
    this.admin = task.isAdmin();
    this.handles = new GemHandles(this, device.core().kernel().faults());
    this.syncobjs = new SyncobjHandles(device.core().kernel().faults());
    this.clientId = device.core().takeClientId();
    this.driverPrivate = device.driver().open(this);
    ModeSetting displays = device.modeSetting();
    this.modeSetting = displays == null ? null : displays.open(this);
  }

  public DrmDevice device() {
    return device;
  }

  /** The task that opened the file; dup and fork may have handed it to others. */
  public Task task() {
    return task;
  }

  /** The file's names for buffers. */
  public GemHandles handles() {
    return handles;
  }

  /** The driver's state of this file, from {@link DrmDriver#open}. */
  public Object driverPrivate() {
    return driverPrivate;
  }

  /** The state of this file on the device's displays, from {@link ModeSetting#open}. */
  public Object modeSetting() {
    return Objects.requireNonNull(modeSetting, "the device has no displays");
  }

  /**
   * Runs an ioctl: finds it by number, copies its struct in with what the caller has of it, and
   * copies it back also if the handler failed. Kernel: {@code drm_ioctl()}.
   *
   * @throws ErrnoException ENODEV, ENOTTY, EINVAL, EFAULT, EACCES as the kernel; or the handler's
   */
  @Override
  public long ioctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    device.checkPlugged();
    if (Ioc.type(cmd) != DrmIoctl.TYPE) {
      throw ENOTTY.because("ioctl type %#x", Ioc.type(cmd));
    }
    IoctlTable.Entry entry = entry(cmd);
    int both = Ioc.dir(cmd) & Ioc.dir(entry.cmd());
    int userBytes = Ioc.sizeBytes(cmd);
    int inBytes = (both & Ioc.WRITE) != 0 ? userBytes : 0;
    int outBytes = (both & Ioc.READ) != 0 ? userBytes : 0;
    int kernelBytes = Math.max(Math.max(inBytes, outBytes), Ioc.sizeBytes(entry.cmd()));
    IoctlArg arg = device.takeArg(kernelBytes);
    try {
      arg.copyIn(caller, userPtr, inBytes, kernelBytes);
      run(entry, arg, userPtr, outBytes);
      return 0;
    } finally {
      device.giveBack(arg);
    }
  }

  /**
   * Runs an ioctl of a 32-bit process. Kernel: {@code drm_compat_ioctl()}.
   *
   * @throws ErrnoException as {@link #ioctl}
   */
  @Override
  public long compatIoctl(Caller caller, int cmd, long userPtr) throws ErrnoException {
    CompatIoctls.run(this, caller, cmd, userPtr);
    return 0;
  }

  /**
   * Runs an ioctl of the core on a struct that {@code in} makes and {@code out} takes. Kernel:
   * {@code drm_ioctl_kernel()}.
   */
  void runCore(Caller caller, int nr, Consumer<MemorySegment> in, Consumer<MemorySegment> out)
      throws ErrnoException {
    device.checkPlugged();
    IoctlTable.Entry entry = CoreIoctls.TABLE.find(nr);
    checkState(entry != null, "the core has no ioctl %s", nr);
    IoctlArg arg = device.takeArg(Ioc.sizeBytes(entry.cmd()));
    try {
      arg.copyIn(caller, 0, 0, Ioc.sizeBytes(entry.cmd()));
      in.accept(arg.bytes());
      checkPermitted(entry.flags(), caller.task());
      entry.handler().run(this, arg);
      out.accept(arg.bytes());
    } finally {
      device.giveBack(arg);
    }
  }

  /** The file's names for sync objects. */
  public SyncobjHandles syncobjs() {
    return syncobjs;
  }

  private IoctlTable.Entry entry(int cmd) throws ErrnoException {
    int nr = Ioc.nr(cmd);
    boolean ofDriver = nr >= DrmIoctl.COMMAND_BASE && nr < DrmIoctl.COMMAND_END;
    ModeSetting displays = device.modeSetting();
    IoctlTable.Entry entry = displays == null || ofDriver ? null : displays.ioctls().find(nr);
    if (entry == null) {
      entry = (ofDriver ? device.driver().ioctls() : CoreIoctls.TABLE).find(nr);
    }
    if (entry == null) {
      throw EINVAL.because("no ioctl has number %#x", nr);
    }
    return entry;
  }

  private void run(IoctlTable.Entry entry, IoctlArg arg, long userPtr, int outBytes)
      throws ErrnoException {
    ErrnoException failure = null;
    try {
      checkPermitted(entry.flags(), arg.caller().task());
      entry.handler().run(this, arg);
    } catch (ErrnoException e) {
      failure = e;
    }
    arg.copyOut(userPtr, outBytes); // a fault here wins over the handler's failure, as in C
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Returns whether DRM_AUTH is granted: root opened the file, it is or was a master, or a master
   * has vouched for it.
   */
  boolean isAuthenticated() {
    return admin || wasMaster || vouchedFor;
  }

  /** Returns whether a master has vouched for the file. */
  boolean isVouchedFor() {
    return vouchedFor;
  }

  void vouchFor() {
    vouchedFor = true;
  }

  /** The clients that it belongs to; a file of a card node belongs to some. */
  DrmMaster master() {
    checkState(master != null, "a file of a render node has no master");
    return master;
  }

  /** Returns whether it made a master of its own, which {@link #master} then is. */
  boolean isOrWasMaster() {
    return wasMaster;
  }

  void joined(DrmMaster others) {
    master = others;
  }

  void becameMasterOf(DrmMaster own) {
    forgetMagic();
    master = own;
    wasMaster = true;
  }

  /** The number by which its master can vouch for it, made at the first call. */
  int magic() {
    if (magic == 0) {
      magic = master().newMagic(this);
    }
    return magic;
  }

  private void forgetMagic() {
    if (magic != 0) {
      master().remove(magic);
      magic = 0;
    }
  }

  /** That number; 0 while nobody has asked for it. */
  int magicIfMade() {
    return magic;
  }

  long clientId() {
    return clientId;
  }

  /** The number of the node that it was opened by. */
  int minor() {
    return render ? device.renderMinor() : device.primaryMinor();
  }

  /** The name in fdinfo; empty for none. */
  String clientName() {
    return clientName;
  }

  /** The leases of its master. */
  public DrmLeases leases() {
    return new DrmLeases(device, master());
  }

  /** Returns whether the file may name an object of its displays: a lessee only what it holds. */
  public boolean holdsLease(int object) {
    return master == null || master.holds(object);
  }

  /** Sets the name in fdinfo; empty for none. */
  void setClientName(String name) {
    clientName = name;
  }

  /**
   * Kernel: {@code drm_master_check_perm()}.
   *
   * @throws ErrnoException EACCES unless root asks, or who opened the file and was its master
   */
  void checkMayBeMaster(Task caller) throws ErrnoException {
    boolean was = wasMaster && master().lessor() == null;
    if (!(was && caller == task) && !caller.isAdmin()) {
      throw EACCES.because("%s may not be the master", caller);
    }
  }

  /** Kernel: {@code drm_ioctl_permit()}. */
  private void checkPermitted(int flags, Task caller) throws ErrnoException {
    if ((flags & IoctlTable.ROOT_ONLY) != 0 && !caller.isAdmin()) {
      throw EACCES.because("%s is not root", caller);
    }
    if ((flags & IoctlTable.AUTH) != 0 && !render && !isAuthenticated()) {
      throw EACCES.because("the file is not authenticated");
    }
    if ((flags & IoctlTable.MASTER) != 0 && !device.isMaster(this)) {
      throw EACCES.because("the file is not the master");
    }
    if ((flags & IoctlTable.RENDER_ALLOW) == 0 && render) {
      throw EACCES.because("not on a render node");
    }
  }

  /**
   * Finds the buffer at {@code offset}. Kernel: {@code drm_gem_mmap()}.
   *
   * @throws ErrnoException ENODEV if unplugged; EINVAL if no buffer starts there or it is smaller;
   *     EACCES if the file has no handle to it
   */
  @Override
  public VmaBacking mmap(Caller caller, long offset, long sizeBytes) throws ErrnoException {
    device.checkPlugged();
    GemObject object = device.offsets().find(offset, sizeBytes);
    object.checkMayMap(handles);
    return object;
  }

  // ---- events

  /** The events that wait to be read; made when first needed, as few files have any. */
  public DrmEvents events() {
    DrmEvents made = events;
    if (made == null) {
      made = new DrmEvents(device.core().kernel());
      events = made;
    }
    return made;
  }

  /**
   * Reads whole events. Kernel: {@code drm_read()}.
   *
   * @throws ErrnoException as {@link DrmEvents#read}
   */
  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    return events().read(caller, userPtr, sizeBytes, (flags & OpenFlags.O_NONBLOCK) != 0);
  }

  /** There is something to read if an event waits. Kernel: {@code drm_poll()}. */
  @Override
  public int poll() {
    return events != null && events.isReadable() ? POLLIN : 0;
  }

  @Override
  public void addPollListener(Runnable listener) {
    events().addListener(listener);
  }

  @Override
  public void removePollListener(Runnable listener) {
    events().removeListener(listener);
  }

  @Override
  public String fdinfo() {
    return String.format(
            Locale.ROOT, "drm-driver:\t%s\ndrm-client-id:\t%d\n", device.driver().name(), clientId)
        + (clientName.isEmpty() ? "" : "drm-client-name:\t" + clientName + "\n")
        + device.driver().fdinfo(this);
  }

  /** Gives back handles, then the driver's state. Kernel: {@code drm_file_free()}. */
  @Override
  public void release() {
    if (events != null) {
      events.release();
    }
    ModeSetting displays = device.modeSetting();
    if (displays != null) {
      displays.close(this);
    }
    syncobjs.releaseAll();
    handles.releaseAll();
    device.driver().postClose(this);
    forgetMagic();
    device.closed(this);
  }
}
