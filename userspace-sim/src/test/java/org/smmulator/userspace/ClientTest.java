package org.smmulator.userspace;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/** System calls by name, errors as exceptions, and memory for arguments. */
class ClientTest {
  private static final int PROT_NONE = 0;
  private static final int PROT_READ_WRITE = 3;

  private Machine machine;
  private Client client;

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
    client = machine.host("tester");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void anErrorSaysWhichCallItWas() {
    assertErrno(Errno.ENOENT, "open /dev/nothing", () -> client.open("/dev/nothing"));
    assertErrno(Errno.EBADF, "close", () -> client.close(42));
    assertErrno(Errno.EBADF, "dup", () -> client.dup(42));
    assertErrno(Errno.EBADF, "MY_IOCTL", () -> client.ioctl("MY_IOCTL", 42, 0, 0));
    assertErrno(Errno.ESRCH, "kill", () -> client.kill(4711));
  }

  @Test
  void aFileIsReadInPartsAndFromAnyPosition() throws Exception {
    int fd = client.openForReading("/sys/kernel/iommu_groups/0/type");

    assertThat(new String(client.read(fd, 4), UTF_8)).isEqualTo("iden");
    assertThat(new String(client.read(fd, 100), UTF_8)).isEqualTo("tity\n");
    assertThat(client.read(fd, 100)).isEmpty();
    assertThat(new String(client.pread(fd, 2, 1), UTF_8)).isEqualTo("de");
  }

  @Test
  void freshMemoryIsZeroAndTakesWhatIsStored() throws Exception {
    long va = client.mmapAnonymous(8192, PROT_READ_WRITE);

    assertThat(client.load32(va + 4096)).isEqualTo(0);
    client.store32(va + 4096, 0xcafe);

    assertThat(client.load32(va + 4096)).isEqualTo(0xcafe);
    client.munmap(va, 8192);
    assertErrno(Errno.EINVAL, "mmap", () -> client.mmapAnonymous(0, PROT_NONE));
  }

  @Test
  void scratchMemoryIsAlignedAndGivenBackInOrder() throws Exception {
    long first;
    try (var outer = client.scratch()) {
      first = outer.bytes(3);
      try (var inner = client.scratch()) {
        assertThat(inner.bytes(1)).isEqualTo(first + 8);
      }
      try (var inner = client.scratch()) {
        assertThat(inner.bytes(1)).isEqualTo(first + 8);
      }
    }
    try (var again = client.scratch()) {
      assertThat(again.bytes(8)).isEqualTo(first);
    }
  }

  @Test
  void whatDoesNotFitIntoScratchMemoryIsMappedForTheCallAlone() throws Exception {
    try (var scratch = client.scratch()) {
      client.store32(scratch.bytes(60 << 10), 1);
    }
    long pages = machine.pages().pagesInUse();

    try (var scratch = client.scratch()) {
      long small = scratch.bytes(60 << 10);
      long large = scratch.bytes(1 << 20);
      client.store32(large + (1 << 20) - 4, 7);
      assertThat(client.load32(large + (1 << 20) - 4)).isEqualTo(7);
      assertThat(scratch.bytes(8)).isEqualTo(small + (60 << 10));
      assertErrno(Errno.ENOMEM, "mmap", () -> scratch.bytes(1L << 60));
    }

    assertThat(machine.pages().pagesInUse()).isAtMost(pages + 2); // tables of the range stay
    int file = client.openForReading("/proc/" + client.pid() + "/comm");
    assertThat(new String(client.read(file, 1 << 20), UTF_8)).isEqualTo("tester\n");
  }

  @Test
  void aLibraryIsMadeOnceForADescriptorAndAnewForTheNext() throws Exception {
    Descriptor first = new Descriptor(client, client.open("/dev/dri/renderD128"));
    StringBuilder library = first.library(StringBuilder.class, d -> new StringBuilder());

    assertThat(first.library(StringBuilder.class, d -> new StringBuilder()))
        .isSameInstanceAs(library);

    client.close(first.number());
    Descriptor second = new Descriptor(client, client.open("/dev/dri/renderD128"));
    assertThat(second.number()).isEqualTo(first.number());
    assertThat(second.library(StringBuilder.class, d -> new StringBuilder()))
        .isNotSameInstanceAs(library);
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, String reason, Call call) {
    var e = assertThrows(ErrnoException.class, call::run);

    assertThat(e.errno()).isEqualTo(errno);
    assertThat(e).hasMessageThat().contains(reason);
  }
}
