package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.UdevMonitor;

/** Sockets of uevents: what opens one, who hears, and what is lost. */
class UeventSocketTest {
  private static final int NETLINK = 16;
  private static final int RAW = 3;
  private static final int UEVENT = 15;
  private static final int POLLIN = 1;
  private static final int NOWHERE = 8;

  private Tm2 board;
  private Client client;

  @BeforeEach
  void boot() throws Exception {
    board = Tm2.on("snow");
    client = board.machine.host("udevd");
  }

  @AfterEach
  void close() {
    board.close();
  }

  private static void check(String what, Errno wanted, Executable call) {
    ErrnoException refused = assertThrows(ErrnoException.class, call, what);
    assertWithMessage(what).that(refused.errno()).isEqualTo(wanted);
  }

  /** Kernel: {@code __sys_socket()}, {@code netlink_create()}. */
  @Test
  void onlyASocketOfUeventsCanBeMade() {
    check("a flag", Errno.EINVAL, () -> client.socket(2, RAW | 0x100, UEVENT));
    check("another family", Errno.EAFNOSUPPORT, () -> client.socket(2, 1, 99));
    check("another type", Errno.ESOCKTNOSUPPORT, () -> client.socket(NETLINK, 1, 99));
    check("another protocol", Errno.EPROTONOSUPPORT, () -> client.socket(NETLINK, RAW, 0));
  }

  /** Kernel: {@code netlink_bind()}. */
  @Test
  void anAddressIsOfNetlinkAndWhole() throws Exception {
    int socket = client.socket(NETLINK, RAW, UEVENT);
    int file = client.open("/dev/dri/card0");
    long address = client.mmapAnonymous(4096, 3);

    check("no file", Errno.EBADF, () -> client.bind(77, address, 12));
    check("no socket", Errno.ENOTSOCK, () -> client.bind(file, NOWHERE, 0));
    check("a short one nowhere", Errno.EINVAL, () -> client.bind(socket, NOWHERE, 11));
    check("nowhere", Errno.EFAULT, () -> client.bind(socket, NOWHERE, 12));
    check("of no family", Errno.EINVAL, () -> client.bind(socket, address, 12));
    client.store(address, MemorySegment.ofArray(new int[] {NETLINK, 0, 1}));
    client.bind(socket, address, 12);
  }

  private Monitor socket() {
    return requireNonNull(board.machine.sockets().get("hdmi@14530000"));
  }

  private void pull() {
    socket().unplug();
    board.machine.settle();
    socket().plugBack();
    board.machine.settle();
  }

  @Test
  void everyListenerHearsEachMessageAndSomebodyWhoDidNotJoinHearsNone() throws Exception {
    UdevMonitor first = new UdevMonitor(client);
    UdevMonitor second = new UdevMonitor(board.machine.host("compositor"));
    int deaf = client.socket(NETLINK, RAW, UEVENT);

    pull();

    ImmutableMap<String, String> out = requireNonNull(first.receive());
    ImmutableMap<String, String> in = requireNonNull(first.receive());
    assertThat(out).containsAtLeast("ACTION", "change", "HOTPLUG", "1", "DEVNAME", "dri/card0");
    assertThat(Long.parseLong(in.get("SEQNUM"))).isEqualTo(Long.parseLong(out.get("SEQNUM")) + 1);
    assertThat(first.receive()).isNull();
    assertThat(second.receive()).isEqualTo(out);
    assertThat(client.poll(deaf, POLLIN, 0)).isEqualTo(0);
    pull();
    assertThat(client.poll(first.fd(), POLLIN, 0)).isEqualTo(POLLIN);
  }

  /** Kernel: {@code netlink_recvmsg()}; the room is {@code rmem_default}. */
  @Test
  void whoNeverReadsLosesMessagesAndIsToldOnce() throws Exception {
    UdevMonitor udev = new UdevMonitor(client);
    for (int i = 0; i < 800; i++) {
      pull();
    }

    check("after a loss", Errno.ENOBUFS, udev::receive);
    assertThat(requireNonNull(udev.receive())).containsEntry("HOTPLUG", "1");
  }

  @Test
  void aListenerThatDiesIsForgotten() throws Exception {
    UdevMonitor udev = new UdevMonitor(client);
    assertThat(udev.receive()).isNull();

    client.exit();
    pull();

    board.machine.shutDown();
    assertThat(board.machine.leakedPages()).isEmpty();
  }
}
