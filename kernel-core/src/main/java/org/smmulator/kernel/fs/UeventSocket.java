package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EAFNOSUPPORT;
import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOBUFS;
import static org.smmulator.kernel.errno.Errno.ENOTSOCK;
import static org.smmulator.kernel.errno.Errno.EPROTONOSUPPORT;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ESOCKTNOSUPPORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A socket of {@code AF_NETLINK} and {@code NETLINK_KOBJECT_UEVENT}, by which udev and compositors
 * learn of changes. Kernel: {@code af_netlink.c}, {@code uevent_net_init()}.
 *
 * <p>Left out: other sockets and protocols, and sending.
 */
public final class UeventSocket implements FileOperations {
  public static final int AF_NETLINK = 16;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_NONBLOCK = 04000;
  public static final int NETLINK_KOBJECT_UEVENT = 15;

  /** The group of the kernel's own messages; udev's is 2. */
  public static final int KERNEL_GROUP = 1;

  /** The size of {@code struct sockaddr_nl}: family, padding, port, groups. */
  public static final int ADDRESS_BYTES = 12;

  private static final int SOCK_CLOEXEC = 02000000;
  private static final int GROUPS = 8;

  /** {@code rmem_default}. */
  private static final int ROOM_BYTES = 212_992;

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Uevents events;
  private final WaitQueue waiters;
  private final boolean blocks;
  private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
  private final List<Runnable> pollListeners = new ArrayList<>();
  private int held;
  private boolean overrun;

  private UeventSocket(Uevents events, Scheduler scheduler, boolean blocks) {
    this.events = events;
    this.waiters = new WaitQueue(scheduler, "a uevent");
    this.blocks = blocks;
  }

  /**
   * Makes a socket that belongs to no group yet, and so hears nothing. Kernel: {@code
   * __sys_socket()}, {@code netlink_create()}.
   *
   * @throws ErrnoException EINVAL for unknown flags; EAFNOSUPPORT for another family;
   *     ESOCKTNOSUPPORT for a type other than {@link #SOCK_DGRAM} and {@link #SOCK_RAW};
   *     EPROTONOSUPPORT for another protocol
   */
  public static OpenFile open(
      Uevents events, Scheduler scheduler, int family, int type, int protocol)
      throws ErrnoException {
    int kind = type & 0xf;
    if ((type & ~(0xf | SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
      throw EINVAL.because("socket type %#x", type);
    }
    if (family != AF_NETLINK) {
      throw EAFNOSUPPORT.because("family %d", family);
    }
    if (kind != SOCK_DGRAM && kind != SOCK_RAW) {
      throw ESOCKTNOSUPPORT.because("socket type %d", kind);
    }
    if (protocol != NETLINK_KOBJECT_UEVENT) {
      throw EPROTONOSUPPORT.because("netlink protocol %d", protocol);
    }
    boolean blocks = (type & SOCK_NONBLOCK) == 0;
    return new OpenFile(new UeventSocket(events, scheduler, blocks), "socket:[uevent]");
  }

  /**
   * The socket behind the caller's {@code fd}.
   *
   * @throws ErrnoException EBADF if {@code fd} is not open; ENOTSOCK if it stands for something
   *     else
   */
  public static UeventSocket of(Caller caller, int fd) throws ErrnoException {
    if (caller.files().file(fd).operations() instanceof UeventSocket found) {
      return found;
    }
    throw ENOTSOCK.because("fd %d is no socket", fd);
  }

  /**
   * Joins the groups that an address names. Kernel: {@code netlink_bind()}.
   *
   * @throws ErrnoException EINVAL if the address is too short or of another family; EFAULT
   */
  public void bind(Caller caller, long addressPtr, int sizeBytes) throws ErrnoException {
    if (sizeBytes < ADDRESS_BYTES) {
      throw EINVAL.because("an address of %d bytes", sizeBytes);
    }
    MemorySegment address = MemorySegment.ofArray(new int[ADDRESS_BYTES / Integer.BYTES]);
    caller.memory().copyFrom(addressPtr, address, 0, ADDRESS_BYTES);
    if (address.get(U16, 0) != AF_NETLINK) {
      throw EINVAL.because("an address of family %d", address.get(U16, 0));
    }
    if ((address.get(U32, GROUPS) & KERNEL_GROUP) != 0) {
      events.add(this);
    } else {
      events.remove(this);
    }
  }

  /** A message that finds no room is lost, and the next read says so. */
  void deliver(byte[] message) {
    if (held + message.length > ROOM_BYTES) {
      overrun = true;
    } else {
      held += message.length;
      messages.addLast(message);
    }
    waiters.wakeAll();
    List.copyOf(pollListeners).forEach(Runnable::run);
  }

  /**
   * Takes a message; what is beyond {@code sizeBytes} is lost. Kernel: {@code netlink_recvmsg()}.
   *
   * @throws ErrnoException EAGAIN of a socket that does not wait; ERESTARTSYS; ENOBUFS once after
   *     messages were lost; EFAULT, and the message is gone
   */
  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    if (!isReady()) {
      await();
    }
    if (overrun) {
      overrun = false;
      throw ENOBUFS.because("messages were lost");
    }
    byte[] message = messages.removeFirst();
    held -= message.length;
    long taken = Math.min(sizeBytes, message.length);
    caller.memory().copyTo(userPtr, MemorySegment.ofArray(message), 0, taken);
    return taken;
  }

  private boolean isReady() {
    return overrun || !messages.isEmpty();
  }

  private void await() throws ErrnoException {
    if (!blocks) {
      throw EAGAIN.because("no uevent");
    }
    if (waiters.awaitInterruptible(this::isReady, WaitQueue.FOREVER) == WaitResult.INTERRUPTED) {
      throw ERESTARTSYS.because("killed while waiting for a uevent");
    }
  }

  @Override
  public int poll() {
    return isReady() ? POLLIN : 0;
  }

  @Override
  public void addPollListener(Runnable listener) {
    pollListeners.add(listener);
  }

  @Override
  public void removePollListener(Runnable listener) {
    pollListeners.remove(listener);
  }

  @Override
  public void release() {
    events.remove(this);
  }
}
