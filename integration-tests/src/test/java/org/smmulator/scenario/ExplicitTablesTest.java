package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.ERANGE;
import static org.smmulator.kernel.errno.Errno.ESRCH;
import static org.smmulator.scenario.CopyNode.READ_WRITE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.junit.Board;
import org.smmulator.junit.ExpectFault;
import org.smmulator.junit.ExpectWarning;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.engines.CopyBind;
import org.smmulator.uapi.engines.CopyMap;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.uapi.engines.EngineIoctl;
import org.smmulator.userspace.Client;

/** An engine with PASIDs gets an explicit table for each bind, and reaches no other. */
class ExplicitTablesTest {
  private static final int PAGE = 4096;
  private static final int PROT_READ_WRITE = 3;

  /** An engine that cannot wait for pages, so that its tables are explicit. */
  private static final String EXPLICIT = "/dev/copy3";

  /** The address of the client's buffers, far from everything else. */
  private static final long CHOSEN = 0x5_0000_0000L;

  /** The property says the contrary of what the list of compatibles says. */
  private static final String CONTRARY =
      """
      /dts-v1/;
      #include "virt.dts"
      &copy0 { /delete-property/ iommu-shares-process-table; };
      &copy3 { iommu-shares-process-table; };
      """;

  @ParameterizedTest(name = "{0}: {1}, asked {2}: {3}")
  @CsvSource({
    // The device decides, as the kernel's list has it: who asks for what it gives, gets it.
    "by-compatible,  /dev/copy0, nothing, shared",
    "by-compatible,  /dev/copy0, SVA,     shared",
    "by-compatible,  /dev/copy3, nothing, explicit",
    "by-compatible,  /dev/copy3, SVA,     EOPNOTSUPP",
    // The device decides, as its node has it, which here is the contrary.
    "by-dt-property, /dev/copy0, nothing, explicit",
    "by-dt-property, /dev/copy0, SVA,     EOPNOTSUPP",
    "by-dt-property, /dev/copy3, nothing, shared",
    "by-dt-property, /dev/copy3, SVA,     shared",
    "by-dt-property, /dev/copy2, SVA,     shared",
    // The caller decides; an IOMMU without PASIDs can do neither.
    "by-flag,        /dev/copy0, nothing, explicit",
    "by-flag,        /dev/copy0, SVA,     shared",
    "by-flag,        /dev/copy3, nothing, explicit",
    "by-flag,        /dev/copy3, SVA,     shared",
    "by-flag,        /dev/copy1, nothing, ENODEV",
    "by-flag,        /dev/copy1, SVA,     EOPNOTSUPP",
  })
  void whoeverDecidesDecides(
      String mode, String node, String asked, String given, @TempDir Path folder) throws Exception {
    Path board = Files.writeString(folder.resolve("contrary.dts"), CONTRARY);
    KernelConfig config = KernelConfig.defaults().with("iommu.task-mode", mode);
    try (Machine machine = Machine.on(new Boards().load(board.toString())).config(config).boot()) {
      Client client = machine.host("copier");
      CopyNode engine = CopyNode.open(client, node);

      assertThat(bindOutcome(engine, asked.equals("SVA") ? CopyBind.SHARE : 0)).isEqualTo(given);

      if (given.equals("explicit")) {
        CopyAlloc buffer = engine.alloc(PAGE);
        client.store32(engine.mmap(buffer), 7);
        engine.map(CHOSEN, buffer, READ_WRITE);
        engine.copy(CHOSEN, CHOSEN + 8, 4, CopyRun.TABLE);
        assertThat(client.load32(engine.mmap(buffer) + 8)).isEqualTo(7);
      } else if (given.equals("shared")) {
        long memory = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
        client.store32(memory, 7);
        engine.copy(memory, memory + 8, 4, CopyRun.PROCESS);
        assertThat(client.load32(memory + 8)).isEqualTo(7);
        CopyAlloc buffer = engine.alloc(PAGE);
        assertErrno(EINVAL, () -> engine.map(CHOSEN, buffer, READ_WRITE));
      }
    }
  }

  private static String bindOutcome(CopyNode engine, int flags) {
    try {
      return engine.bind(flags).flags() == CopyBind.SHARE ? "shared" : "explicit";
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  @Test
  void twoProcessesUseOneAddressEachItsOwnMemory(@Board("virt") Machine machine) throws Exception {
    CopyNode painter = CopyNode.open(machine.host("painter"), EXPLICIT);
    CopyNode reader = CopyNode.open(machine.host("reader"), EXPLICIT);
    long canvas = bound(painter, CHOSEN, 0xcafe);
    long page = bound(reader, CHOSEN, 0xbeef);

    painter.copy(CHOSEN, CHOSEN + 64, 4, CopyRun.TABLE);
    reader.copy(CHOSEN, CHOSEN + 64, 4, CopyRun.TABLE);

    assertThat(painter.client().load32(canvas + 64)).isEqualTo(0xcafe);
    assertThat(reader.client().load32(page + 64)).isEqualTo(0xbeef);
  }

  @Test
  @ExpectFault(times = 4)
  void theEngineReachesNothingElseOfTheProcess(@Board("virt") Machine machine) throws Exception {
    Client client = machine.host("copier");
    CopyNode engine = CopyNode.open(client, EXPLICIT);
    long mapped = bound(engine, CHOSEN, 1);
    CopyAlloc other = engine.alloc(PAGE);
    client.store32(engine.mmap(other), 0x5ec2e7);
    long secret = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    client.store32(secret, 0x5ec2e7);

    for (long wanted : new long[] {secret, other.address(), mapped, CHOSEN + PAGE}) {
      assertErrno(EIO, () -> engine.copy(wanted, CHOSEN + 64, 4, CopyRun.TABLE));
    }

    assertThat(client.load32(mapped + 64)).isEqualTo(0);
    assertThat(log(machine)).contains("F_TRANSLATION client: a090000.copy sid: 0x12 ssid: 0x1");
    engine.copy(CHOSEN, CHOSEN + 64, 4, CopyRun.TABLE); // and it goes on
    assertThat(client.load32(mapped + 64)).isEqualTo(1);
  }

  @Test
  @ExpectFault(times = 2)
  void whatMayOnlyBeReadIsNotWrittenAndWhatIsUnmappedIsOutOfReachAtOnce(
      @Board("virt") Machine machine) throws Exception {
    Client client = machine.host("copier");
    CopyNode engine = CopyNode.open(client, EXPLICIT);
    long target = bound(engine, CHOSEN, 1);
    CopyAlloc source = engine.alloc(PAGE);
    client.store32(engine.mmap(source), 2);
    engine.map(CHOSEN + PAGE, source, CopyMap.READ);

    engine.copy(CHOSEN + PAGE, CHOSEN, 4, CopyRun.TABLE);
    assertThat(client.load32(target)).isEqualTo(2);
    assertErrno(EIO, () -> engine.copy(CHOSEN, CHOSEN + PAGE, 4, CopyRun.TABLE));

    engine.unmap(CHOSEN + PAGE, PAGE); // its translation was in the TLB
    assertErrno(EIO, () -> engine.copy(CHOSEN + PAGE, CHOSEN, 4, CopyRun.TABLE));
    engine.map(CHOSEN + PAGE, source, CopyMap.READ);
    engine.copy(CHOSEN + PAGE, CHOSEN + 8, 4, CopyRun.TABLE);
    assertThat(client.load32(target + 8)).isEqualTo(2);
  }

  /** An explicit table is never filled on demand: a page request is answered as invalid. */
  @ParameterizedTest
  @CsvSource({"/dev/copy0", "/dev/copy2"})
  void anEngineThatWouldWaitForAPageIsRefused(String node) throws Exception {
    KernelConfig byFlag = KernelConfig.defaults().with("iommu.task-mode", "by-flag");
    try (Machine machine = Machine.on(new Boards().load("virt")).config(byFlag).boot()) {
      CopyNode explicit = CopyNode.open(machine.host("explicit"), node);
      CopyNode sharing = CopyNode.open(machine.host("sharing"), node);
      var _ = bound(explicit, CHOSEN, 1);
      long memory = sharing.client().mmapAnonymous(2 * PAGE, PROT_READ_WRITE);

      assertErrno(EIO, () -> explicit.copy(CHOSEN, CHOSEN + PAGE, 4, CopyRun.TABLE));
      sharing.copy(memory, memory + PAGE, 4, CopyRun.PROCESS); // it waits, and is served
      assertErrno(EIO, () -> explicit.copy(CHOSEN, CHOSEN + PAGE, 4, CopyRun.TABLE));
      explicit.copy(CHOSEN, CHOSEN + 64, 4, CopyRun.TABLE);
    }
  }

  @Test
  @ExpectFault(times = 1)
  void aProcessThatOpensTwiceHasTwoTables(@Board("virt") Machine machine) throws Exception {
    Client client = machine.host("copier");
    CopyNode first = CopyNode.open(client, EXPLICIT);
    CopyNode second = CopyNode.open(client, EXPLICIT);
    assertThat(first.bind(0).pasid()).isEqualTo(1);
    assertThat(second.bind(0).pasid()).isEqualTo(2);
    assertThat(domainOfPasid(machine, 1)).isNotSameInstanceAs(domainOfPasid(machine, 2));
    CopyAlloc buffer = first.alloc(PAGE);
    first.map(CHOSEN, buffer, READ_WRITE);

    first.copy(CHOSEN, CHOSEN + 8, 4, CopyRun.TABLE);
    assertErrno(EIO, () -> second.copy(CHOSEN, CHOSEN + 8, 4, CopyRun.TABLE));

    CopyNode again = new CopyNode(client, client.dup(first.fd())); // the same file, the same table
    again.copy(CHOSEN, CHOSEN + 8, 4, CopyRun.TABLE);
    assertErrno(EBUSY, () -> again.bind(0));
    first.close();
    again.copy(CHOSEN, CHOSEN + 8, 4, CopyRun.TABLE);
    again.close();
    assertThat(domainOfPasid(machine, 1)).isNull();
    assertThat(domainOfPasid(machine, 2)).isNotNull();
  }

  @Test
  void aChildThatInheritsTheFileUsesItsTableAndOutlivesWhoBoundIt(@Board("virt") Machine machine)
      throws Exception {
    Client parent = machine.host("parent");
    CopyNode engine = CopyNode.open(parent, EXPLICIT);
    long va = bound(engine, CHOSEN, 0xcafe);
    CopyAlloc more = engine.alloc(PAGE);
    List<String> seen = new ArrayList<>();
    boolean[] parentIsGone = new boolean[1];
    var _ =
        parent.fork(child -> {
          CopyNode inherited = new CopyNode(child, engine.fd());
          try {
            while (!parentIsGone[0]) {
              inherited.copy(CHOSEN, CHOSEN + 64, 4, CopyRun.TABLE);
            }
            inherited.copy(CHOSEN, CHOSEN + 128, 4, CopyRun.TABLE);
            seen.add(Integer.toHexString(child.load32(va + 128)));
            inherited.map(CHOSEN + PAGE, more, READ_WRITE);
          } catch (ErrnoException e) {
            seen.add(e.errno().name());
          }
        });

    parent.exit();
    parentIsGone[0] = true;
    machine.settle();

    assertThat(seen).containsExactly("cafe", ESRCH.name()).inOrder();
    assertThat(domainOfPasid(machine, 1)).isNull();
    assertThat(machine.leakedPages()).isEmpty();
  }

  @Test
  void aProcessThatEndsGivesBackTablePasidAndBuffers(@Board("virt") Machine machine)
      throws Exception {
    long before = 0;
    for (int life = 0; life < 3; life++) {
      CopyNode engine = CopyNode.open(machine.host("mayfly"), EXPLICIT);
      var _ = bound(engine, CHOSEN, life);
      var _ = bound(CopyNode.open(engine.client(), EXPLICIT), CHOSEN, life);
      engine.copy(CHOSEN, CHOSEN + 64, 4, CopyRun.TABLE);
      assertThat(domainOfPasid(machine, 2)).isNotNull();

      engine.client().exit();
      machine.settle();

      assertThat(domainOfPasid(machine, 1)).isNull();
      assertThat(domainOfPasid(machine, 2)).isNull();
      assertThat(machine.leakedPages()).isEmpty();
      if (life > 0) { // the first left a second level of context descriptors, which stays
        assertThat(machine.pages().pagesInUse()).isEqualTo(before);
      }
      before = machine.pages().pagesInUse();
    }
  }

  @Test
  @ExpectWarning("is mapped already")
  @ExpectFault(times = 2)
  void badInputGetsItsErrnoAndChangesNothing(@Board("virt") Machine machine) throws Exception {
    Client client = machine.host("fuzzer");
    CopyNode engine = CopyNode.open(client, EXPLICIT);
    CopyAlloc buffer = engine.alloc(3 * PAGE);
    long at = buffer.offset();
    assertErrno(EINVAL, () -> engine.bind(2));
    assertErrno(EINVAL, () -> engine.map(CHOSEN, buffer, READ_WRITE)); // not bound yet
    assertErrno(EINVAL, () -> engine.unmap(CHOSEN, PAGE));
    assertErrno(EINVAL, () -> engine.copy(CHOSEN, CHOSEN, 4, CopyRun.TABLE));
    assertErrno(EFAULT, () -> client.ioctl("bind", engine.fd(), EngineIoctl.COPY_BIND, 0x10));
    assertErrno(
        EFAULT, () -> client.ioctl("bind", engine.fd(), EngineIoctl.COPY_BIND, readOnly(client)));
    var _ = engine.bind(0);
    assertErrno(EBUSY, () -> engine.bind(0));
    engine.map(new CopyMap(CHOSEN, at + PAGE, PAGE, READ_WRITE, 0));
    long pages = machine.pages().pagesInUse();

    assertErrno(EEXIST, () -> engine.map(CHOSEN, buffer, READ_WRITE));
    assertErrno(
        EEXIST, () -> engine.map(CHOSEN - PAGE, buffer, READ_WRITE)); // page 2 of 3 is taken
    assertErrno(EINVAL, () -> engine.map(CHOSEN + 0x800, buffer, READ_WRITE));
    assertErrno(ERANGE, () -> engine.map((1L << 48) - PAGE, buffer, READ_WRITE));
    assertErrno(ERANGE, () -> engine.map(-PAGE, buffer, READ_WRITE));
    assertErrno(EINVAL, () -> engine.map(CHOSEN + PAGE, buffer, 0));
    assertErrno(EINVAL, () -> engine.map(CHOSEN + PAGE, buffer, 4));
    for (CopyMap wrong :
        new CopyMap[] {
          new CopyMap(CHOSEN + PAGE, at, 0, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at, -PAGE, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at, Long.MAX_VALUE & -PAGE, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at, 4 * PAGE, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at + 3 * PAGE, PAGE, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, -PAGE, PAGE, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at + 8, PAGE, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at, 100, READ_WRITE, 0),
          new CopyMap(CHOSEN + PAGE, at, PAGE, READ_WRITE, 1),
        }) {
      assertErrno(EINVAL, () -> engine.map(wrong));
    }
    assertErrno(ENOENT, () -> engine.unmap(CHOSEN, 2 * PAGE));
    assertErrno(ENOENT, () -> engine.unmap(CHOSEN + PAGE, PAGE));
    assertErrno(EINVAL, () -> engine.unmap(CHOSEN + 8, PAGE));
    assertErrno(EINVAL, () -> engine.unmap(CHOSEN, 0));
    assertErrno(EINVAL, () -> engine.copy(CHOSEN, CHOSEN, 4, CopyRun.TABLE | CopyRun.PROCESS));
    assertErrno(EINVAL, () -> engine.copy(CHOSEN, CHOSEN, 4, 4));

    engine.copy(CHOSEN, CHOSEN + 8, 4, CopyRun.TABLE);
    assertErrno(EIO, () -> engine.copy(CHOSEN - PAGE, CHOSEN, 4, CopyRun.TABLE));
    assertErrno(EIO, () -> engine.copy(CHOSEN + PAGE, CHOSEN, 4, CopyRun.TABLE));
    engine.unmap(CHOSEN, PAGE);
    client.exit();
    machine.settle();
    assertThat(machine.leakedPages()).isEmpty();
    assertThat(pages).isGreaterThan(machine.pages().pagesInUse());
  }

  private static long readOnly(Client client) throws ErrnoException {
    return client.mmapAnonymous(PAGE, 1); // a read brings zeros: flags 0, a good argument
  }

  @Test
  void whenAllPasidsAreTakenTheNextFileHasToWait(@TempDir Path folder) throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("narrow.dts"),
            "/dts-v1/;\n#include \"virt.dts\"\n&copy3 { pasid-num-bits = <2>; };\n");
    try (Machine machine = Machine.on(new Boards().load(board.toString())).boot()) {
      Client client = machine.host("copier");
      for (int pasid = 1; pasid <= 3; pasid++) {
        assertThat(CopyNode.open(client, EXPLICIT).bind(0).pasid()).isEqualTo(pasid);
      }
      CopyNode late = CopyNode.open(client, EXPLICIT);
      assertErrno(ENOSPC, () -> late.bind(0));

      client.close(late.fd() - 2);
      assertThat(late.bind(0).pasid()).isEqualTo(2);
    }
  }

  @Test
  void anEngineWithoutPasidsHasNoTables(@Board("virt") Machine machine) throws Exception {
    assertErrno(ENODEV, () -> CopyNode.open(machine.host("copier"), "/dev/copy1").bind(0));
  }

  /** Binds, and maps one page with {@code value} at its start; returns where the process has it. */
  private static long bound(CopyNode engine, long address, int value) throws ErrnoException {
    assertThat(engine.bind(0).flags()).isEqualTo(0);
    CopyAlloc buffer = engine.alloc(PAGE);
    engine.map(address, buffer, READ_WRITE);
    long va = engine.mmap(buffer);
    engine.client().store32(va, value);
    return va;
  }

  private static @Nullable IommuDomain domainOfPasid(Machine machine, int pasid) {
    return requireNonNull(
            machine.iommu().groupOf(requireNonNull(machine.devices().find("a090000.copy"))))
        .domainOfPasid(pasid);
  }

  private static String log(Machine machine) {
    StringBuilder text = new StringBuilder();
    machine.dmesg().lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno);
  }
}
