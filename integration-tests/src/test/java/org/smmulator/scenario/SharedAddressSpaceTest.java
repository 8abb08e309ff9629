package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.junit.Board;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.uapi.engines.EngineIoctl;
import org.smmulator.userspace.Client;

/** An engine that copies between a process's own addresses: one table for CPU and device. */
class SharedAddressSpaceTest {
  private static final int READ = 1;
  private static final int READ_WRITE = 3;
  private static final int PAGE = 4096;

  /** The engine that stalls until the page is there; {@code copy2} asks before the access. */
  private static final String STALLS = "/dev/copy0";

  @ParameterizedTest
  @ValueSource(strings = {"/dev/copy0", "/dev/copy2"})
  void theEngineWaitsForPagesThatNobodyHasTouched(String node) throws Exception {
    try (Machine machine = Machine.on(new Boards().load("virt")).boot()) {
      Client client = machine.host("copier");
      int fd = client.open(node);
      long from = client.mmapAnonymous(4 * PAGE, READ_WRITE);
      long to = client.mmapAnonymous(4 * PAGE, READ_WRITE);
      byte[] bytes = random(3 * PAGE);
      client.store(from + 10, MemorySegment.ofArray(bytes));

      copy(client, fd, from + 10, to + 100, bytes.length); // the target was never touched

      byte[] arrived = new byte[bytes.length];
      client.load(to + 100, MemorySegment.ofArray(arrived));
      assertThat(arrived).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/copy0", "/dev/copy2"})
  void whatTheProcessMayNotTouchTheEngineMayNotEither(String node) throws Exception {
    try (Machine machine = Machine.on(new Boards().load("virt")).boot()) {
      Client client = machine.host("copier");
      int fd = client.open(node);
      long from = client.mmapAnonymous(PAGE, READ_WRITE);
      long readOnly = client.mmapAnonymous(PAGE, READ);
      client.store32(from, 0xcafe);

      assertErrno(EIO, () -> copy(client, fd, from, readOnly, 4));
      assertErrno(EIO, () -> copy(client, fd, from, 0x10_0000_0000L, 4)); // nothing is mapped there

      assertThat(client.load32(readOnly)).isEqualTo(0);
      copy(client, fd, from, from + 8, 4); // and the engine goes on
      assertThat(client.load32(from + 8)).isEqualTo(0xcafe);
    }
  }

  @Test
  void twoProcessesUseOneAddressEachItsOwnMemory(@Board("virt") Machine machine) throws Exception {
    Client painter = machine.host("painter");
    Client reader = machine.host("reader");
    int ofPainter = painter.open(STALLS);
    int ofReader = reader.open(STALLS);
    long one = painter.mmapAnonymous(2 * PAGE, READ_WRITE);
    long other = reader.mmapAnonymous(2 * PAGE, READ_WRITE);
    assertThat(one).isEqualTo(other);
    painter.store32(one, 0xcafe);
    reader.store32(other, 0xbeef);

    copy(painter, ofPainter, one, one + PAGE, 4);
    copy(reader, ofReader, other, other + PAGE, 4);

    assertThat(painter.load32(one + PAGE)).isEqualTo(0xcafe);
    assertThat(reader.load32(other + PAGE)).isEqualTo(0xbeef);
    assertThat(domainOfPasid(machine, 1)).isNotSameInstanceAs(domainOfPasid(machine, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/copy0", "/dev/copy2"})
  void whatIsUnmappedIsOutOfTheEnginesReachAtOnce(String node) throws Exception {
    try (Machine machine = Machine.on(new Boards().load("virt")).boot()) {
      Client client = machine.host("copier");
      int fd = client.open(node);
      long from = client.mmapAnonymous(PAGE, READ_WRITE);
      long gone = client.mmapAnonymous(PAGE, READ_WRITE);
      client.store32(from, 0xcafe);
      copy(client, fd, from, gone, 4); // the translation is in the TLB now, or in the engine

      client.munmap(gone, PAGE);

      assertErrno(EIO, () -> copy(client, fd, from, gone, 4));
    }
  }

  @Test
  void aProcessThatOpensTwiceHasOnePasidAndItEndsWithTheLastFile(@Board("virt") Machine machine)
      throws Exception {
    Client client = machine.host("copier");
    int first = client.open(STALLS);
    int second = client.open(STALLS);
    long memory = client.mmapAnonymous(PAGE, READ_WRITE);
    copy(client, first, memory, memory + 8, 4);
    copy(client, second, memory, memory + 8, 4);
    assertThat(domainOfPasid(machine, 1)).isNotNull();
    assertThat(domainOfPasid(machine, 2)).isNull();

    client.close(first);
    copy(client, second, memory, memory + 8, 4);
    client.close(second);
    machine.settle();

    assertThat(domainOfPasid(machine, 1)).isNull();
  }

  @Test
  void aProcessThatEndsLeavesNothingBehindAndItsPasidIsTheNextOnes(@Board("virt") Machine machine)
      throws Exception {
    for (int life = 0; life < 3; life++) {
      Client client = machine.host("mayfly");
      int fd = client.open(STALLS);
      long memory = client.mmapAnonymous(2 * PAGE, READ_WRITE);
      copy(client, fd, memory, memory + PAGE, 4);
      assertThat(domainOfPasid(machine, 1)).isNotNull();

      client.exit();
      machine.settle();

      assertThat(domainOfPasid(machine, 1)).isNull();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void anEngineBehindAnIommuWithoutPasidsSharesNothing(@Board("virt") Machine machine)
      throws Exception {
    Client client = machine.host("copier");
    int fd = client.open("/dev/copy1");
    long memory = client.mmapAnonymous(PAGE, READ_WRITE);

    assertErrno(EOPNOTSUPP, () -> copy(client, fd, memory, memory + 8, 4));
  }

  /** Without a map or a sync, a coherent engine finds data that only the cache has. */
  @ParameterizedTest
  @ValueSource(strings = {"/dev/copy0", "/dev/copy2"})
  void theEngineSnoopsWhatTheCpusHaveNotWrittenBack(String node) throws Exception {
    KernelConfig writeBack = KernelConfig.defaults().with("cpu.cache", "write-back");
    try (Machine machine = Machine.on(new Boards().load("virt")).config(writeBack).boot()) {
      Client client = machine.host("copier");
      int fd = client.open(node);
      long from = client.mmapAnonymous(4 * PAGE, READ_WRITE);
      long to = client.mmapAnonymous(4 * PAGE, READ_WRITE);
      for (int round = 1; round <= 3; round++) {
        client.store32(from, round);
        client.store32(to + 8, -round); // beside the target, in the same line
        copy(client, fd, from, to, 4);
        assertThat(client.load32(to)).isEqualTo(round);
        assertThat(client.load32(to + 8)).isEqualTo(-round);
      }
      byte[] bytes = random(3 * PAGE);
      client.store(from + 10, MemorySegment.ofArray(bytes));

      copy(client, fd, from + 10, to + 100, bytes.length);

      byte[] arrived = new byte[bytes.length];
      client.load(to + 100, MemorySegment.ofArray(arrived));
      assertThat(arrived).isEqualTo(bytes);
      assertThat(client.load32(to + 8)).isEqualTo(-3);
    }
  }

  @Test
  void anEngineThatDoesNotSnoopReadsOldBytesWhichIsWhySharingNeedsCoherency(@TempDir Path folder)
      throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("board.dts"),
            "/dts-v1/;\n#include \"virt.dts\"\n&copy0 { /delete-property/ dma-coherent; };\n");
    KernelConfig writeBack = KernelConfig.defaults().with("cpu.cache", "write-back");
    try (Machine machine =
        Machine.on(new Boards().load(board.toString())).config(writeBack).boot()) {
      Client client = machine.host("copier");
      int fd = client.open(STALLS);
      long memory = client.mmapAnonymous(2 * PAGE, READ_WRITE);
      client.store32(memory, 7);

      copy(client, fd, memory, memory + PAGE, 4);

      assertThat(client.load32(memory + PAGE)).isEqualTo(0);
    }
  }

  private static @Nullable IommuDomain domainOfPasid(Machine machine, int pasid) {
    IommuGroup group =
        requireNonNull(
            machine.iommu().groupOf(requireNonNull(machine.devices().find("a000000.copy"))));
    return group.domainOfPasid(pasid);
  }

  private static void copy(Client client, int fd, long from, long to, long sizeBytes)
      throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[4]);
    new CopyRun(from, to, sizeBytes, CopyRun.PROCESS, 0).write(arg, 0);
    try (var scratch = client.scratch()) {
      long va = scratch.bytes(arg.byteSize());
      client.store(va, arg);
      client.ioctl("COPY_RUN", fd, EngineIoctl.COPY_RUN, va);
    }
  }

  private static byte[] random(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new SplittableRandom(3).nextBytes(bytes);
    return bytes;
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno);
  }
}
