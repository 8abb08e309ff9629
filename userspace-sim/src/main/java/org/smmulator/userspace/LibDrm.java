package org.smmulator.userspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.DrmAuth;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmGemFlink;
import org.smmulator.uapi.drm.DrmGemOpen;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.uapi.drm.DrmSetClientName;
import org.smmulator.uapi.drm.DrmSetVersion;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;
import org.smmulator.uapi.drm.DrmUnique;
import org.smmulator.uapi.drm.DrmVersion;

/**
 * libdrm on an open DRM node: {@code drmIoctl()}, and the ioctls that every driver has. Each method
 * is one ioctl on a struct in the client's own memory.
 */
public final class LibDrm implements ForkedState.Part {
  private static final int MAX_NAME_BYTES = 256;

  private static final int MAX_STRUCT_WORDS = 16;

  private final Client client;
  private final int fd;
  private final MemorySegment struct = MemorySegment.ofArray(new long[MAX_STRUCT_WORDS]);

  /** Works on the descriptor {@code fd}, which {@code client} has open. */
  public LibDrm(Client client, int fd) {
    this.client = client;
    this.fd = fd;
  }

  @Override
  public LibDrm copyInto(ForkedState state) {
    return new LibDrm(state.of(client), fd);
  }

  public Client client() {
    return client;
  }

  public int fd() {
    return fd;
  }

  /** The place in which the struct of the next {@link #ioctl} is written and then read. */
  public MemorySegment struct() {
    return struct;
  }

  /**
   * Copies {@link #struct} into the client's memory, runs the ioctl, and copies it back.
   *
   * @param what its name, for messages
   * @throws ErrnoException what the ioctl gives
   */
  public void ioctl(String what, int cmd, long sizeBytes) throws ErrnoException {
    client.ioctl(what, fd, cmd, struct.asSlice(0, sizeBytes));
  }

  /** Copies {@link #struct} into the client's memory, where another struct points to it. */
  public void store(long ptr, long sizeBytes) {
    client.store(ptr, struct.asSlice(0, sizeBytes));
  }

  /**
   * Gives a buffer's handle back.
   *
   * @throws ErrnoException EINVAL if it stands for nothing
   */
  public void closeGem(int handle) throws ErrnoException {
    new DrmGemClose(handle, 0).write(struct, 0);
    ioctl("GEM_CLOSE", DrmIoctl.GEM_CLOSE, DrmGemClose.LAYOUT.byteSize());
  }

  // ---- buffers for others

  /**
   * Makes a descriptor of a buffer: {@code drmPrimeHandleToFD()}.
   *
   * @param flags a mask of the constants of {@link DrmPrimeHandle}
   * @throws ErrnoException EINVAL for other flags; ENOENT; EPERM if it may not be shared; EMFILE
   */
  public int primeHandleToFd(int handle, int flags) throws ErrnoException {
    new DrmPrimeHandle(handle, flags, 0).write(struct, 0);
    prime("PRIME_HANDLE_TO_FD", DrmIoctl.PRIME_HANDLE_TO_FD);
    return DrmPrimeHandle.read(struct, 0).fd();
  }

  /**
   * Makes a handle of a buffer's descriptor: {@code drmPrimeFDToHandle()}.
   *
   * @throws ErrnoException EBADF; EINVAL if it is of something else; ENOMEM
   */
  public int primeFdToHandle(int bufferFd) throws ErrnoException {
    new DrmPrimeHandle(0, 0, bufferFd).write(struct, 0);
    prime("PRIME_FD_TO_HANDLE", DrmIoctl.PRIME_FD_TO_HANDLE);
    return DrmPrimeHandle.read(struct, 0).handle();
  }

  private void prime(String what, int cmd) throws ErrnoException {
    ioctl(what, cmd, DrmPrimeHandle.LAYOUT.byteSize());
  }

  /**
   * Returns the name of a buffer for everybody who is authenticated: GEM_FLINK.
   *
   * @throws ErrnoException ENOENT; EACCES on a render node
   */
  public int flink(int handle) throws ErrnoException {
    new DrmGemFlink(handle, 0).write(struct, 0);
    ioctl("GEM_FLINK", DrmIoctl.GEM_FLINK, DrmGemFlink.LAYOUT.byteSize());
    return DrmGemFlink.read(struct, 0).name();
  }

  /**
   * Makes a handle of a name: GEM_OPEN.
   *
   * @throws ErrnoException ENOENT; EACCES on a render node; ENOMEM
   */
  public int openByName(int name) throws ErrnoException {
    new DrmGemOpen(name, 0, 0).write(struct, 0);
    ioctl("GEM_OPEN", DrmIoctl.GEM_OPEN, DrmGemOpen.LAYOUT.byteSize());
    return DrmGemOpen.read(struct, 0).handle();
  }

  // ---- masters

  /**
   * Returns the number by which the master can vouch for the file: {@code drmGetMagic()}.
   *
   * @throws ErrnoException EACCES on a render node
   */
  public int getMagic() throws ErrnoException {
    ioctl("GET_MAGIC", DrmIoctl.GET_MAGIC, DrmAuth.LAYOUT.byteSize());
    return DrmAuth.read(struct, 0).magic();
  }

  /**
   * Vouches for the file with that number: {@code drmAuthMagic()}.
   *
   * @throws ErrnoException EACCES if the file is not the master; EINVAL if no file has the number
   */
  public void authMagic(int magic) throws ErrnoException {
    new DrmAuth(magic).write(struct, 0);
    ioctl("AUTH_MAGIC", DrmIoctl.AUTH_MAGIC, DrmAuth.LAYOUT.byteSize());
  }

  /**
   * Asks for interface 1.4 of the core, after which the device has a name: {@code
   * drmSetInterfaceVersion()}.
   *
   * @return the driver's version, major and minor
   * @throws ErrnoException EACCES if the file is not the master
   */
  public DrmSetVersion setVersion() throws ErrnoException {
    new DrmSetVersion(1, 4, -1, -1).write(struct, 0);
    ioctl("SET_VERSION", DrmIoctl.SET_VERSION, DrmSetVersion.LAYOUT.byteSize());
    return DrmSetVersion.read(struct, 0);
  }

  /**
   * Returns the name of the device, empty before {@link #setVersion}: {@code drmGetBusid()}.
   *
   * @throws ErrnoException EACCES on a render node
   */
  public String getUnique() throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long room = scratch.bytes(MAX_NAME_BYTES);
      new DrmUnique(MAX_NAME_BYTES, room).write(struct, 0);
      ioctl("GET_UNIQUE", DrmIoctl.GET_UNIQUE, DrmUnique.LAYOUT.byteSize());
      return text(room, (int) DrmUnique.read(struct, 0).uniqueLen());
    }
  }

  private String text(long va, int bytes) {
    MemorySegment copy = MemorySegment.ofArray(new byte[bytes]);
    client.load(va, copy);
    return new String(copy.toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  // ---- about the device and the client

  /**
   * Returns the driver's name: {@code drmGetVersion()}.
   *
   * @throws ErrnoException EFAULT
   */
  public String driverName() throws ErrnoException {
    try (Client.Scratch scratch = client.scratch()) {
      long room = scratch.bytes(MAX_NAME_BYTES);
      new DrmVersion(0, 0, 0, MAX_NAME_BYTES, room, 0, 0, 0, 0).write(struct, 0);
      ioctl("VERSION", DrmIoctl.VERSION, DrmVersion.LAYOUT.byteSize());
      return text(room, (int) DrmVersion.read(struct, 0).nameLen());
    }
  }

  /**
   * Asks what the device can do: {@code drmGetCap()}.
   *
   * @param capability a constant of {@link DrmGetCap}
   * @throws ErrnoException EOPNOTSUPP for one of displays; EINVAL for one that there is not
   */
  public long getCap(long capability) throws ErrnoException {
    new DrmGetCap(capability, 0).write(struct, 0);
    ioctl("GET_CAP", DrmIoctl.GET_CAP, DrmGetCap.LAYOUT.byteSize());
    return DrmGetCap.read(struct, 0).value();
  }

  /**
   * Gives the file a name that people see in fdinfo: SET_CLIENT_NAME.
   *
   * @param name empty for none
   * @throws ErrnoException EINVAL for more than 64 bytes and for what is no graphic ASCII
   */
  public void setClientName(String name) throws ErrnoException {
    byte[] bytes = name.getBytes(UTF_8);
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.bytes(Math.max(bytes.length, 1));
      client.store(at, MemorySegment.ofArray(bytes));
      new DrmSetClientName(bytes.length, at).write(struct, 0);
      ioctl("SET_CLIENT_NAME", DrmIoctl.SET_CLIENT_NAME, DrmSetClientName.LAYOUT.byteSize());
    }
  }

  // ---- sync objects

  /**
   * Makes a sync object and returns its handle: {@code drmSyncobjCreate()}.
   *
   * @param flags a mask of {@link DrmSyncobjCreate#SIGNALED}
   * @throws ErrnoException EOPNOTSUPP if the driver has none; EINVAL for other flags
   */
  public int createSyncobj(int flags) throws ErrnoException {
    new DrmSyncobjCreate(0, flags).write(struct, 0);
    ioctl("SYNCOBJ_CREATE", DrmIoctl.SYNCOBJ_CREATE, DrmSyncobjCreate.LAYOUT.byteSize());
    return DrmSyncobjCreate.read(struct, 0).handle();
  }

  /**
   * Gives a sync object's handle back: {@code drmSyncobjDestroy()}.
   *
   * @throws ErrnoException EOPNOTSUPP if the driver has none; EINVAL if it stands for nothing
   */
  public void destroySyncobj(int handle) throws ErrnoException {
    new DrmSyncobjDestroy(handle, 0).write(struct, 0);
    ioctl("SYNCOBJ_DESTROY", DrmIoctl.SYNCOBJ_DESTROY, DrmSyncobjDestroy.LAYOUT.byteSize());
  }

  /** libdrm on a descriptor; the same object each time. */
  public static LibDrm of(Descriptor descriptor) {
    return descriptor.library(LibDrm.class, open -> new LibDrm(open.client(), open.number()));
  }
}
