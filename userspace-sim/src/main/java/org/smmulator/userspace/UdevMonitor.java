package org.smmulator.userspace;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Listens to what the kernel says of changed devices, as libudev's monitor of the source {@code
 * kernel} does.
 */
public final class UdevMonitor {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int NETLINK_KOBJECT_UEVENT = 15;
  private static final int KERNEL_GROUP = 1;
  private static final int ADDRESS_BYTES = 12;
  private static final int BUFFER_BYTES = 8192;
  private static final int READ_WRITE = 3;

  private final Client client;
  private final int fd;

  /**
   * Opens a socket and joins the kernel's group.
   *
   * @throws ErrnoException EMFILE; ENOMEM for the address
   */
  public UdevMonitor(Client client) throws ErrnoException {
    this.client = client;
    this.fd = client.socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    long address = client.mmapAnonymous(BUFFER_BYTES, READ_WRITE);
    client.store(address, MemorySegment.ofArray(new int[] {AF_NETLINK, 0, KERNEL_GROUP}));
    client.bind(fd, address, ADDRESS_BYTES);
  }

  private UdevMonitor(Client client, int fd) {
    this.client = client;
    this.fd = fd;
  }

  /** The monitor whose socket is {@code fd}. */
  public static UdevMonitor of(Descriptor socket) {
    return new UdevMonitor(socket.client(), socket.number());
  }

  /** The socket, for poll. */
  public int fd() {
    return fd;
  }

  /**
   * Takes the next message.
   *
   * @return its variables, as they come; null if there is none yet
   */
  public @Nullable ImmutableMap<String, String> receive() throws ErrnoException {
    byte[] message;
    try {
      message = client.read(fd, BUFFER_BYTES);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EAGAIN) {
        return null;
      }
      throw e;
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (String each :
        Splitter.on('\0').omitEmptyStrings().split(new String(message, StandardCharsets.UTF_8))) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        variables.put(each.substring(0, equals), each.substring(equals + 1));
      }
    }
    return ImmutableMap.copyOf(variables);
  }
}
