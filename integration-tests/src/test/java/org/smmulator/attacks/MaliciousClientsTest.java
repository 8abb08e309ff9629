package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.scenario.CopyNode;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDmaBuf;
import org.smmulator.userspace.LibDrm;

/**
 * Programs that want to read, write, stop or blame another client. Each test is a story with a
 * victim, whose bytes, fences and count of hangs are looked at.
 */
class MaliciousClientsTest {
  private static final int PAGE = 4096;
  private static final long MS = 1_000_000;
  private static final long LONG_NS = 1_000_000_000_000L;
  private static final int SECRET = 0x5ec2e7;

  /** Between two moments at which two processes do something with one buffer. */
  private static final long APART_NS = 50_000;

  /** The upper half of each word of a victim, whose lower half is the number of its page. */
  private static final int SECRETS = 0x5ec2_0000;

  private static final int WAIT_NOT_EQUAL_IN_MEMORY = 4 | 1 << 4;

  /** The upper half, the same for every client: memptrs, ring, shadow of the read pointer. */
  private static final long MEMPTRS = 0x1_0000_0000_0000L;

  /** The number of a ring's first submit. Kernel: {@code msm_fence_context_alloc()}. */
  private static final int FIRST_SEQNO = 0xffffff01;

  private static final long RING = MEMPTRS + 0x1000;
  private static final int RING_DWORDS = 8192;

  private Machine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private RawGpu victim() throws ErrnoException {
    RawGpu victim = new RawGpu(machine.host("victim"));
    victim.run(RawGpu.write(victim.iova, SECRET));
    return victim;
  }

  private void assertUnharmed(RawGpu victim) throws ErrnoException {
    assertThat(victim.load(0)).isEqualTo(SECRET);
    assertThat(victim.load(4)).isEqualTo(0);
    victim.run(RawGpu.write(victim.iova + 8, 0xcafe));
    assertThat(victim.load(8)).isEqualTo(0xcafe);
    assertThat(victim.msm.queueFaults(0)).isEqualTo(0);
    assertThat(blamed()).doesNotContain("victim");
  }

  private List<String> blamed() {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .filter(line -> line.contains("offending task: "))
        .map(line -> line.replaceAll(".*offending task: (\\S+).*", "$1"))
        .toList();
  }

  private static int[] waitUntilChanged(long iova) {
    return new int[] {
      Pm4.packet(Pm4Opcode.WAIT_REG_MEM, 6),
      WAIT_NOT_EQUAL_IN_MEMORY,
      RawGpu.lo(iova),
      RawGpu.hi(iova),
      0,
      -1,
      0
    };
  }

  // ---- through the upper half

  /**
   * Reads the ring, which it may, for tables of others; and writes its own next packets, or not.
   */
  @Test
  void whoKnowsAnothersTableCannotHaveTheRingSwitchToIt() throws Exception {
    RawGpu victim = victim();
    RawGpu evil = new RawGpu(machine.host("evil"));
    evil.run(Pm4.packet(Pm4Opcode.NOP, 0));
    evil.run(
        Pm4.packet(Pm4Opcode.MEMCPY, 5),
        RING_DWORDS,
        RawGpu.lo(RING),
        RawGpu.hi(RING),
        RawGpu.lo(evil.iova),
        RawGpu.hi(evil.iova));
    List<Integer> switches = new ArrayList<>();
    for (int i = 0; i < RING_DWORDS; i++) {
      if (evil.load(4 * i) == Pm4.packet(Pm4Opcode.SMMU_TABLE_UPDATE, 4)) {
        switches.add(4 * i);
      }
    }
    assertThat(switches).hasSize(2);
    int tableLo = evil.load(switches.getFirst() + 4);
    int tableHi = evil.load(switches.getFirst() + 8);

    int[] attack = {
      Pm4.packet(Pm4Opcode.SMMU_TABLE_UPDATE, 4),
      tableLo,
      tableHi,
      0,
      0,
      Pm4.packet(Pm4Opcode.MEM_WRITE, 3),
      RawGpu.lo(victim.iova + 4),
      RawGpu.hi(victim.iova + 4),
      0x666
    };
    for (int at = 0; at < RING_DWORDS; at += 512) {
      int[] packet = new int[3 + attack.length];
      long target = RING + 4L * at;
      packet[0] = Pm4.packet(Pm4Opcode.MEM_WRITE, 2 + attack.length);
      packet[1] = RawGpu.lo(target);
      packet[2] = RawGpu.hi(target);
      System.arraycopy(attack, 0, packet, 3, attack.length);
      evil.run(packet);
    }
    for (int i = 0; i < 200; i++) {
      evil.run(Pm4.packet(Pm4Opcode.NOP, 0));
    }

    assertUnharmed(victim);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, -1})
  void aClientCannotSwitchTablesItself(int bank) throws Exception {
    RawGpu victim = victim();
    RawGpu evil = new RawGpu(machine.host("evil"));

    evil.run(
        Pm4.packet(Pm4Opcode.SMMU_TABLE_UPDATE, 4),
        0x84000000,
        0,
        0,
        bank,
        Pm4.packet(Pm4Opcode.MEM_WRITE, 3),
        RawGpu.lo(victim.iova + 4),
        RawGpu.hi(victim.iova + 4),
        0x666);

    assertUnharmed(victim);
    assertThat(blamed()).containsExactly("evil");
  }

  /**
   * The fence of the ring lies in the memptrs, which everybody's packets may write: an A630 has no
   * APRIV, so neither Linux nor this driver can keep a client from it. What it forges signals at
   * once, also what others submit, until the GPU starts anew. But the run comes to its end.
   */
  @Test
  void aForgedFenceIsTheHoleThatAnA630Has() throws Exception {
    Client _ =
        machine.spawn(
            "evil",
            own -> {
              try {
                RawGpu gpu = new RawGpu(own);
                int[] forge = RawGpu.write(MEMPTRS + 4, 0x1000);
                int[] hang = waitUntilChanged(gpu.iova);
                gpu.run(Ints.concat(forge, hang)); // its fence signals, and it runs for ever
              } catch (ErrnoException e) {
                throw new IllegalStateException(e);
              }
            });

    machine.settle();

    assertThat(machine.processes().all()).isEmpty();
    assertThat(machine.leakedPages()).isEmpty();
    RawGpu victim = new RawGpu(machine.host("victim"));
    victim.run(RawGpu.write(victim.iova, SECRET));
    assertThat(victim.load(0)).isEqualTo(0); // signalled, and never run
  }

  /**
   * Sets the ring's fence back to a number that has retired, and hangs: no submit has the number
   * that follows. In Linux the GPU is wedged then.
   */
  @Test
  void whoForgesAFenceBackwardsAndHangsIsSkippedLikeOthers() throws Exception {
    RawGpu victim = victim();
    RawGpu evil = new RawGpu(machine.host("evil"));
    evil.run(Pm4.packet(Pm4Opcode.NOP, 0));
    int[] forge = RawGpu.write(MEMPTRS + 4, FIRST_SEQNO);
    int[] hang = waitUntilChanged(evil.iova);
    int forging = evil.submit(Ints.concat(forge, hang));
    int behind = victim.submit(RawGpu.write(victim.iova + 4, SECRET));

    victim.msm.await(0, behind, LONG_NS);
    evil.msm.await(0, forging, LONG_NS);

    assertThat(victim.load(4)).isEqualTo(SECRET);
    assertThat(blamed()).containsExactly("evil");
    assertThat(evil.msm.queueFaults(0)).isEqualTo(1);
    victim.store(4, 0);
    assertUnharmed(victim);
  }

  // ---- lost work

  /** A submit that comes while the command processor lies down. */
  @Test
  void aSubmitIsFetchedHoweverLongAfterTheLastOneItComes() throws Exception {
    RawGpu client = new RawGpu(machine.host("good"));
    client.run(Pm4.packet(Pm4Opcode.NOP, 0));
    for (int gap = 0; gap <= 4_000; gap += 65) {
      long gapNs = gap;
      int first = client.submit(Pm4.packet(Pm4Opcode.NOP, 0));
      long until = machine.scheduler().nowNs() + gapNs;
      machine.scheduler().after(gapNs, () -> {});
      boolean _ = machine.run(() -> machine.scheduler().nowNs() >= until);
      int second = client.submit(RawGpu.write(client.iova, gap + 1));

      client.msm.await(0, first, MS);
      client.msm.await(0, second, MS);
      assertWithMessage("gap %s ns", gap).that(client.load(0)).isEqualTo(gap + 1);
    }
    assertThat(blamed()).isEmpty();
  }

  /** One store too many, over the end of its buffer, stalls the command processor. */
  @Test
  void aStallIsResumedAndTheNextClientsJobIsRun() throws Exception {
    for (int words = 1; words < 40; words += 3) {
      RawGpu evil = new RawGpu(machine.host("evil"));
      RawGpu victim = new RawGpu(machine.host("victim"));
      int[] overrun = new int[3 + words];
      overrun[0] = Pm4.packet(Pm4Opcode.MEM_WRITE, 2 + words);
      overrun[1] = RawGpu.lo(evil.iova + 16 * PAGE - 4L * (words - 1));
      overrun[2] = RawGpu.hi(evil.iova);
      int _ = evil.submit(overrun);
      evil.msm.client.exit();

      victim.msm.await(0, victim.submit(RawGpu.write(victim.iova, SECRET)), 100 * MS);

      assertUnharmed(victim);
      victim.msm.client.exit();
      // a second without faults, so that the next one stalls again
      long until = machine.scheduler().nowNs() + 1_000 * MS;
      machine.scheduler().after(1_000 * MS, () -> {});
      boolean _ = machine.run(() -> machine.scheduler().nowNs() >= until);
    }
    assertThat(machine.leakedPages()).isEmpty();
  }

  /** A packet that the reset cut off does not go on in the victim's memory. */
  @Test
  void whatAHangingJobWasDoingEndsWithTheReset() throws Exception {
    RawGpu evil = new RawGpu(machine.host("evil"));
    int _ =
        evil.submit(
            Pm4.packet(Pm4Opcode.MEMCPY, 5),
            -1,
            RawGpu.lo(evil.iova),
            RawGpu.hi(evil.iova),
            RawGpu.lo(evil.iova + 4),
            RawGpu.hi(evil.iova + 4));
    evil.msm.client.exit();
    RawGpu victim = victim();

    assertUnharmed(victim);
    assertThat(blamed()).containsExactly("evil"); // its exit waits for its buffers
  }

  @Test
  void whoHangsOverAndOverCostsTheOthersNothingButTime() throws Exception {
    RawGpu victim = victim();
    for (int i = 0; i < 10; i++) {
      RawGpu evil = new RawGpu(machine.host("evil"));
      evil.run(waitUntilChanged(evil.iova));
      victim.run(RawGpu.write(victim.iova + 12, i));
      assertThat(victim.load(12)).isEqualTo(i);
      evil.msm.client.exit();
    }

    assertUnharmed(victim);
    assertThat(blamed()).hasSize(10);
  }

  /** Whatever registers a client writes, the next client's job runs. */
  @Test
  void registersThatFeedTheGpuAreOutOfReach() throws Exception {
    RawGpu victim = victim();
    RawGpu evil = new RawGpu(machine.host("evil"));
    for (int register = 0; register < 0x1000; register += 7) {
      int _ = evil.submit(Pm4.writeRegisters(register, 1), -1);
      if (register % 20 == 0) {
        victim.run(RawGpu.write(victim.iova + 12, register + 1));
        assertWithMessage("register %s", register).that(victim.load(12)).isEqualTo(register + 1);
      }
    }

    assertUnharmed(victim);
  }

  /** More commands than the ring holds, and then rings full of commands behind a job that waits. */
  @Test
  void theRingCannotBeOverrun() throws Exception {
    RawGpu victim = victim();
    RawGpu evil = new RawGpu(machine.host("evil"));
    GemSubmitCmd nop = new GemSubmitCmd(GemSubmitCmd.BUF, 0, 63 * 1024, 4, 0, 0, 0);
    List<GemSubmitCmd> many = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      many.add(nop);
    }
    var e = assertThrows(ErrnoException.class, () -> evil.msm.submit(0, evil.bos(), many));
    assertThat(e.errno()).isEqualTo(Errno.EINVAL);

    int _ = evil.submit(waitUntilChanged(evil.iova));
    int last = 0;
    for (int i = 0; i < 7; i++) {
      last = evil.msm.submit(0, evil.bos(), many.subList(0, 1_500));
    }
    evil.store(0, 1); // lets the first go on, when the driver has waited for room for long
    evil.msm.await(0, last, LONG_NS);

    assertUnharmed(victim);
  }

  // ---- what a client asks for

  @Test
  void moreThanTheMachineHasIsAnErrno() throws Exception {
    RawGpu victim = victim();
    RawGpu evil = new RawGpu(machine.host("evil"));
    for (int pages = 1; pages < 34; pages += 8) {
      try {
        int huge = evil.msm.gemNew((long) PAGE << pages, GemNew.WC);
        evil.msm.await(
            0,
            evil.msm.submit(
                0,
                List.of(
                    new GemSubmitBo(GemSubmitBo.READ, evil.commands, 0),
                    new GemSubmitBo(GemSubmitBo.READ, huge, 0)),
                4),
            LONG_NS);
        evil.msm.gemClose(huge);
      } catch (ErrnoException refused) {
        assertThat(refused.errno()).isAnyOf(Errno.ENOMEM, Errno.ENOSPC);
      }
    }

    assertUnharmed(victim);
  }

  /** All files of a copy engine share its domain, whose addresses are easy to guess. */
  @Test
  void aCopyEngineReachesTheBuffersOfTheFileOnly() throws Exception {
    try (Machine virt = Machine.on(new Boards().load("virt")).boot()) {
      CopyNode victim = CopyNode.open(virt.host("victim"), "/dev/copy0");
      CopyNode thief = CopyNode.open(virt.host("thief"), "/dev/copy0");
      CopyAlloc secret = victim.alloc(PAGE);
      CopyAlloc own = thief.alloc(PAGE);
      long secretVa = victim.mmap(secret);
      long ownVa = thief.mmap(own);
      victim.client().store32(secretVa, SECRET);
      long[][] attacks = {
        {secret.address(), own.address(), 4},
        {own.address(), secret.address(), 4},
        {own.address() - 4, own.address() + 64, 8},
        {own.address(), own.address() + PAGE - 4, 8},
        {own.address(), own.address(), PAGE + 1},
        {own.address(), own.address(), -1},
        {own.address(), own.address(), 1L << 62},
        {own.address(), own.address(), 0},
        {0x4000_0000L, own.address(), 4}, // the first byte of memory
      };

      for (long[] each : attacks) {
        assertWithMessage("%s -> %s, %s bytes", each[0], each[1], each[2])
            .that(errnoOf(() -> thief.copy(each[0], each[1], each[2], 0)))
            .isEqualTo(Errno.EINVAL);
      }

      assertThat(victim.client().load32(secretVa)).isEqualTo(SECRET);
      assertThat(thief.client().load32(ownVa)).isEqualTo(0);
      victim.copy(secret.address(), secret.address() + 64, 4, 0);
      assertThat(victim.client().load32(secretVa + 64)).isEqualTo(SECRET);
    }
  }

  /** Sizes are looked at before the host's memory is taken for them. */
  @Test
  void aSizeThatNoMachineHasIsAnErrnoAndTheMachineGoesOn() throws Exception {
    try (Machine virt = Machine.on(new Boards().load("virt")).boot()) {
      Client client = virt.host("giant");
      CopyNode engine = CopyNode.open(client, "/dev/copy0");
      for (long size : new long[] {1L << 40, 1L << 46, Long.MAX_VALUE}) {
        assertThat(errnoOf(() -> engine.alloc(size))).isEqualTo(Errno.ENOMEM);
      }
      assertThat(errnoOf(() -> engine.alloc(-1))).isEqualTo(Errno.EINVAL);

      int video = client.open("/dev/video0");
      assertThat(client.pread(video, 16, 1L << 46)).isEmpty();
      assertThat(errnoOf(() -> client.pwrite(video, new byte[16], 1L << 46)))
          .isEqualTo(Errno.ENOSPC);
      assertThat(client.pwrite(video, new byte[0], 1L << 46)).isEqualTo(0);

      assertThat(engine.alloc(PAGE).address()).isNotEqualTo(0);
    }
  }

  /** Another process stores what the loop waits for, later: time must pass for it. */
  @Test
  void whoPollsSharedMemoryDoesNotStopTheClock() throws Exception {
    try (Machine virt = Machine.on(new Boards().load("virt")).boot()) {
      int[] seen = {0};
      Client _ = virt.spawn("poller", client -> seen[0] = pollUntilAChildStores(virt, client));
      virt.settle();

      assertThat(seen[0]).isAtLeast(1000);
      assertThat(seen[0]).isAtMost(100_000);
    }
  }

  @Test
  void anothersBufferIsNeitherMappedNorNamed() throws Exception {
    RawGpu victim = victim();
    int offset = victim.data;
    RawGpu evil = new RawGpu(machine.host("evil"));
    for (long at = 0x1_0000_0000L; at < 0x1_0010_0000L; at += PAGE) {
      long where = at;
      try {
        long va = evil.msm.client.mmap(evil.msm.fd, where, PAGE);
        assertThat(evil.msm.client.load32(va)).isNotEqualTo(SECRETS);
      } catch (ErrnoException refused) {
        assertThat(refused.errno()).isAnyOf(Errno.EINVAL, Errno.EACCES);
      }
    }
    var e = assertThrows(ErrnoException.class, () -> evil.msm.iova(offset + 2));
    assertThat(e.errno()).isEqualTo(Errno.ENOENT);

    assertUnharmed(victim);
  }

  // ---- two processes on one file

  /**
   * A submit and the close of its buffer, at the same time: no address is left that leads to pages
   * which are somebody else's by now.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void aBufferThatIsClosedDuringItsSubmitLeavesNoAddressBehind(int seed) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("schedule", "random").with("seed", "" + seed);
    try (Machine raced = Machine.on(new Boards().load("db845c")).config(config).boot()) {
      int[] stolen = {0};
      Client _ = raced.spawn("evil", own -> stolen[0] = submitAndClose(raced, own));

      raced.settle();

      assertThat(stolen[0] & 0xffff_0000).isNotEqualTo(SECRETS);
      assertThat(raced.leakedPages()).isEmpty();
    }
  }

  /**
   * {@code put_iova_spaces()}: who asks for an address while the buffer goes leaves none behind.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void aBufferThatIsClosedWhileItsAddressIsAskedLeavesNone(int seed) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("schedule", "random").with("seed", "" + seed);
    try (Machine raced = Machine.on(new Boards().load("db845c")).config(config).boot()) {
      int[] stolen = {0};
      Client _ = raced.spawn("evil", own -> stolen[0] = addressesOfClosedBuffers(raced, own));

      raced.settle();

      assertThat(stolen[0]).isEqualTo(0);
      assertThat(raced.leakedPages()).isEmpty();
    }
  }

  /** How many buffers that are closed while their address is asked still show somebody's bytes. */
  private static int addressesOfClosedBuffers(Machine raced, Client own) {
    try {
      RawGpu gpu = new RawGpu(own);
      gpu.run(Pm4.packet(Pm4Opcode.NOP, 0));
      List<Integer> buffers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        buffers.add(gpu.msm.gemNew(PAGE, GemNew.WC));
      }
      long at = raced.scheduler().nowNs() + 100_000;
      int _ = own.fork(child -> closeAll(raced, at, new RawMsm(child, gpu.msm.fd), buffers));
      List<Long> dangling = new ArrayList<>();
      for (int buffer : buffers) {
        raced.scheduler().sleep(at + buffer * APART_NS - raced.scheduler().nowNs());
        try {
          dangling.add(gpu.msm.iova(buffer));
        } catch (ErrnoException closed) {
          assertThat(closed.errno()).isEqualTo(Errno.ENOENT);
        }
      }
      Client _ = raced.spawn("victim", other -> keepSecrets(raced, other));
      raced.scheduler().sleep(MS);
      int seen = 0;
      for (long iova : dangling) {
        gpu.store(0, 0);
        gpu.run(
            Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5),
            0,
            RawGpu.lo(gpu.iova),
            RawGpu.hi(gpu.iova),
            RawGpu.lo(iova),
            RawGpu.hi(iova));
        seen += (gpu.load(0) & 0xffff_0000) == SECRETS ? 1 : 0;
      }
      return seen;
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeAll(Machine raced, long atNs, RawMsm file, List<Integer> buffers) {
    try {
      for (int buffer : buffers) {
        raced.scheduler().sleep(atNs + buffer * APART_NS - raced.scheduler().nowNs());
        file.gemClose(buffer);
      }
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The mapping of another's buffer may be the last that holds it, and then its owner's lock is
   * wanted; who evicts holds such a lock and wants that of the table.
   */
  @Test
  void anotherExportersBufferGoesWithItsMappingAndOthersMayBeEvicted() throws Exception {
    KernelConfig config = KernelConfig.defaults().with("mm.swap-pages", "4");
    try (Machine swaps = Machine.on(new Boards().load("db845c")).config(config).boot()) {
      Client evil = swaps.host("evil");
      RawMsm file = new RawMsm(evil, evil.open(RawMsm.NODE));
      int queue = file.bindAddresses();
      long at = file.param(MsmParam.VA_START);
      int evicted = file.gemNew(PAGE, GemNew.WC);
      file.bind(queue, mapping(evicted, at));
      int heap = evil.openForReading("/dev/dma_heap/system");
      int shared = new LibDmaBuf(evil).allocate(heap, PAGE);
      int imported = new LibDrm(evil, file.fd).primeFdToHandle(shared);
      file.bind(queue, mapping(imported, at + PAGE));
      file.gemClose(imported);
      evil.close(shared);
      swaps.settle();

      file.bind(queue, new VmBindOp(VmBindOp.UNMAP, 0, 0, at + PAGE, PAGE, 0, 0));
      swaps.settle();
      Client root = swaps.hostRoot("root");
      int _ = root.write(root.open("/sys/kernel/debug/dri/128/shrink"), "1".getBytes(US_ASCII));

      assertThat(swaps.pages().reclaim().swap().freePages()).isEqualTo(3); // it was evicted
    }
  }

  private static VmBindOp mapping(int handle, long iova) {
    return new VmBindOp(VmBindOp.MAP, handle, 0, iova, PAGE, 0, 0);
  }

  /** The first use of a file makes its table, and a use at the same moment gets the same one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void twoFirstUsesOfOneFileMakeOneTable(int seed) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("schedule", "random").with("seed", "" + seed);
    try (Machine raced = Machine.on(new Boards().load("db845c")).config(config).boot()) {
      List<Long> given = new ArrayList<>();
      int[] tables = {0};
      Client _ = raced.spawn("both", own -> tables[0] = tablesOfTwoFirstUses(raced, own, given));

      raced.settle();

      assertThat(tables[0]).isEqualTo(1);
      assertThat(given).hasSize(2);
      assertThat(given).containsNoDuplicates(); // one table has one allocator of addresses
    }
  }

  private static int tablesOfTwoFirstUses(Machine raced, Client own, List<Long> given) {
    try {
      long at = raced.scheduler().nowNs() + 100_000;
      RawMsm shared = new RawMsm(own, own.open(RawMsm.NODE));
      int _ = own.fork(child -> given.add(firstUse(raced, at, new RawMsm(child, shared.fd))));
      given.add(firstUse(raced, at, shared));
      raced.scheduler().sleep(MS);
      return raced.tasks().bound().size();
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long firstUse(Machine raced, long atNs, RawMsm file) {
    try {
      raced.scheduler().sleep(atNs - raced.scheduler().nowNs());
      return file.iova(file.gemNew(PAGE, GemNew.WC));
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int pollUntilAChildStores(Machine machine, Client client) {
    try {
      CopyNode engine = CopyNode.open(client, "/dev/copy0");
      long va = engine.mmap(engine.alloc(PAGE));
      int _ =
          client.fork(child -> {
            machine.scheduler().sleep(MS);
            child.store32(va, 7);
          });
      int polls = 0;
      while (client.load32(va) != 7) {
        polls++;
      }
      return polls;
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Errno errnoOf(Executable call) {
    return assertThrows(ErrnoException.class, call).errno();
  }

  private static int submitAndClose(Machine raced, Client own) {
    try {
      RawGpu gpu = new RawGpu(own);
      gpu.run(Pm4.packet(Pm4Opcode.NOP, 0));
      List<GemSubmitBo> bos = new ArrayList<>(gpu.bos());
      for (int i = 0; i < 60; i++) {
        bos.add(new GemSubmitBo(RawMsm.READ_WRITE, gpu.msm.gemNew(PAGE, GemNew.WC), 0));
      }
      int closed = gpu.msm.gemNew(PAGE, GemNew.WC);
      long dangling = gpu.msm.iova(closed);
      bos.add(new GemSubmitBo(RawMsm.READ_WRITE, closed, 0));
      long at = raced.scheduler().nowNs() + 100_000;
      int _ =
          own.fork(child -> {
            try {
              raced.scheduler().sleep(at - raced.scheduler().nowNs());
              new RawMsm(child, gpu.msm.fd).gemClose(closed);
            } catch (ErrnoException e) {
              throw new IllegalStateException(e);
            }
          });
      raced.scheduler().sleep(at - raced.scheduler().nowNs());
      try {
        int _ = gpu.msm.submit(0, bos, 4);
      } catch (ErrnoException refused) {
        // it was closed before it was looked up
      }
      raced.scheduler().sleep(MS);
      Client _ = raced.spawn("victim", other -> keepSecrets(raced, other));
      raced.scheduler().sleep(MS);
      gpu.run(
          Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5),
          0,
          RawGpu.lo(gpu.iova),
          RawGpu.hi(gpu.iova),
          RawGpu.lo(dangling),
          RawGpu.hi(dangling));
      return gpu.load(0);
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keepSecrets(Machine raced, Client own) {
    try {
      long memory = own.mmapAnonymous(512L * PAGE, 3);
      for (int i = 0; i < 512; i++) {
        own.store32(memory + (long) i * PAGE, SECRETS + i);
      }
      raced.scheduler().sleep(3 * MS);
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }
}
