package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EIO;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.iopf.FaultGroup;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.iommu.sva.ProcessFaults;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.kernel.IommuModule;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.userspace.Client;

/**
 * Engines that wait for pages of processes: what becomes of them if the process dies meanwhile, and
 * what if they ask for more than the queue of page requests holds.
 */
@SuppressWarnings("NullAway.Init") // each test boots first
class PageFaultStoriesTest {
  private static final int PAGE = 4096;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;

  /** A kernel in which bringing a page takes as long as a test wants. */
  private static final class SlowKernel extends IommuModule {
    private final PageFaultHandler sound = new ProcessFaults();
    private final List<FaultGroup> held = new ArrayList<>();
    private boolean holds;

    @Override
    protected PageFaultHandler processFaults() {
      return group -> {
        if (holds) {
          held.add(group);
        } else {
          sound.handle(group);
        }
      };
    }

    void goOn() throws ErrnoException {
      holds = false;
      for (FaultGroup group : held) {
        sound.handle(group);
      }
      held.clear();
    }
  }

  private final SlowKernel kernel = new SlowKernel();
  private Machine machine;

  @AfterEach
  void shutDown() {
    machine.close();
  }

  // ---- the process dies

  @ParameterizedTest(name = "{0}")
  @CsvSource({"/dev/copy0, a000000.copy", "/dev/copy2, a080000.copy"})
  void aProcessThatIsKilledWhileItsEngineWaitsLeavesNothing(String node, String device)
      throws Exception {
    machine = Machine.on(new Boards().load("virt")).kernel(kernel).boot();
    liveAndDie(node); // what is made once and stays is there now
    long pages = machine.pages().pagesInUse();
    kernel.holds = true;
    Client victim = machine.spawn("victim", own -> work(own, node));
    assertThat(machine.run(() -> !kernel.held.isEmpty())).isTrue();
    assertThat(domainOfPasid(device, 1)).isNotNull();

    kill(victim);
    machine.settle();

    assertThat(machine.processes().all()).isEmpty();
    assertThat(domainOfPasid(device, 1)).isNull();
    assertThat(machine.leakedPages()).isEmpty();
    assertThat(machine.pages().pagesInUse()).isEqualTo(pages);

    KernelThread.run(machine, kernel::goOn); // too late, and nobody waits for it
    liveAndDie(node); // on the channel that was held up, under the same PASID
    assertThat(machine.pages().pagesInUse()).isEqualTo(pages);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"/dev/copy0, a000000.copy", "/dev/copy2, a080000.copy"})
  void othersGoOnWhileAnEngineWaitsForOneThatDies(String node, String device) throws Exception {
    machine = Machine.on(new Boards().load("virt")).kernel(kernel).boot();
    Client survivor = machine.host("survivor");
    work(survivor, node); // its file stays open, so its PASID stays
    long pages = machine.pages().pagesInUse();
    kernel.holds = true;
    Client victim = machine.spawn("victim", own -> work(own, node));
    assertThat(machine.run(() -> !kernel.held.isEmpty())).isTrue();
    kernel.holds = false;

    work(survivor, node); // on another channel, page faults and all
    long more = machine.pages().pagesInUse();
    kill(victim);
    machine.settle();
    assertThat(domainOfPasid(device, 2)).isNull();
    assertThat(machine.leakedPages()).isEmpty();
    work(survivor, node); // the dead process's channel is still held up, and left alone

    KernelThread.run(machine, kernel::goOn); // finds no process: the engine gives up the access
    work(survivor, node);
    survivor.exit();
    machine.settle();
    assertThat(machine.leakedPages()).isEmpty();
    assertThat(pages).isLessThan(more);
    assertThat(machine.pages().pagesInUse()).isLessThan(pages);
  }

  @Test
  void aProcessThatDiesWhileItsEngineCopiesLeavesNothing() throws Exception {
    machine = Machine.on(new Boards().load("virt")).boot();
    liveAndDie("/dev/copy0");
    long pages = machine.pages().pagesInUse();
    int killed = 0;
    for (int afterNs = 1_000; afterNs < 60_000; afterNs += 1_700) {
      Client victim = machine.spawn("victim", own -> work(own, "/dev/copy0"));
      long deadlineNs = machine.scheduler().nowNs() + afterNs;
      var _ = machine.run(() -> machine.scheduler().nowNs() >= deadlineNs);
      if (machine.processes().find(victim.pid()) != null) {
        kill(victim);
        killed++;
      }
      machine.settle();
      assertWithMessage("killed after %s ns", afterNs)
          .that(machine.pages().pagesInUse())
          .isEqualTo(pages);
    }
    assertThat(killed).isGreaterThan(10);
    liveAndDie("/dev/copy0");
  }

  // ---- groups of page requests

  @Test
  void pagesThatAreAskedForTogetherComeTogether(@TempDir Path folder) throws Exception {
    boot(folder, "&copy2 { smmulator,page-requests = <4>; };");
    Client client = machine.host("copier");
    CopyNode engine = CopyNode.open(client, "/dev/copy2");
    long from = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    long to = client.mmapAnonymous(8 * PAGE, PROT_READ_WRITE);
    client.store32(from, 0xcafe);

    engine.copy(from, to, 4, CopyRun.PROCESS);

    AddressSpace mm = requireNonNull(machine.processes().find(client.pid())).mm();
    for (int page = 0; page < 8; page++) {
      assertWithMessage("page %s", page)
          .that(mm.translate(to + (long) page * PAGE) != 0)
          .isEqualTo(page < 4); // three requests that were not the last, and the last
    }
    assertThat(client.load32(to)).isEqualTo(0xcafe);
  }

  @Test
  void aGroupThatCannotBeHadAsAWholeIsRefusedAndTheEngineAsksForLess(@TempDir Path folder)
      throws Exception {
    boot(folder, "&copy2 { smmulator,page-requests = <4>; };");
    Client client = machine.host("copier");
    CopyNode engine = CopyNode.open(client, "/dev/copy2");
    long readOnly = client.mmapAnonymous(PAGE, PROT_READ);
    long to = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    long from = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    assertThat(readOnly).isEqualTo(to + PAGE);
    client.store32(from, 0xcafe);

    engine.copy(from, to, 4, CopyRun.PROCESS);

    assertThat(client.load32(to)).isEqualTo(0xcafe);
    assertThat(
            assertThrows(
                    ErrnoException.class, () -> engine.copy(from, readOnly, 4, CopyRun.PROCESS))
                .errno())
        .isEqualTo(EIO);
  }

  /**
   * The queue holds four requests, and four channels ask for three each. Who finds no room is told
   * by the SMMU itself to try again; groups whose last request was lost are forgotten.
   */
  @Test
  void requestsThatOverflowTheQueueAreTriedAgainUntilAllAreServed(@TempDir Path folder)
      throws Exception {
    boot(
        folder,
        "&smmu3 { smmulator,queue-bits = <8 7 2>; };"
            + "&copy2 { dma-channels = <4>; smmulator,page-requests = <3>; };");
    int[] done = new int[1];
    for (int i = 0; i < 4; i++) {
      var _ =
          machine.spawn(
              "copier" + i,
              own -> {
                work(own, "/dev/copy2");
                work(own, "/dev/copy2");
                done[0]++;
              });
    }
    machine.settle();

    assertThat(done[0]).isEqualTo(4);
    assertThat(log()).contains("PRIQ overflow detected -- requests lost");
    assertThat(machine.processes().all()).isEmpty();
    assertThat(machine.leakedPages()).isEmpty();
  }

  @Test
  void whileTheQueueIsOffTheSmmuRefusesAndTheEngineGivesUp() throws Exception {
    @Nullable MmioTarget[] registers = new MmioTarget[1];
    machine =
        Machine.on(new Boards().load("virt"))
            .interpose(
                new Interposer() {
                  @Override
                  public MmioTarget registers(DtNode device, MmioTarget found) {
                    if (device.compatible().contains("arm,smmu-v3")) {
                      registers[0] = found;
                    }
                    return found;
                  }
                })
            .boot();
    MmioTarget smmu = requireNonNull(registers[0]);
    int cr0 = SmmuV3Regs.CR0.offset();
    int on = smmu.read32(cr0);
    Client client = machine.host("copier");
    CopyNode engine = CopyNode.open(client, "/dev/copy2");
    long from = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    long to = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    client.store32(from, 0xcafe);

    KernelThread.run(machine, () -> smmu.write32(cr0, on & ~SmmuV3Regs.CR0_PRIQEN.mask()));
    ErrnoException refused =
        assertThrows(ErrnoException.class, () -> engine.copy(from, to, 4, CopyRun.PROCESS));
    KernelThread.run(machine, () -> smmu.write32(cr0, on));
    engine.copy(from, to, 4, CopyRun.PROCESS);

    assertThat(refused.errno()).isEqualTo(EIO);
    assertThat(client.load32(to)).isEqualTo(0xcafe);
  }

  // ---- helpers

  private void boot(Path folder, String changes) throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("board.dts"), "/dts-v1/;\n#include \"virt.dts\"\n" + changes + "\n");
    machine = Machine.on(new Boards().load(board.toString())).boot();
  }

  /** A process that copies into pages that nobody has touched, and ends. */
  private void liveAndDie(String node) throws ErrnoException {
    Client client = machine.host("mayfly");
    work(client, node);
    client.exit();
    machine.settle();
    assertThat(machine.leakedPages()).isEmpty();
  }

  private static void work(Client client, String node) {
    try {
      CopyNode engine = CopyNode.open(client, node);
      long from = client.mmapAnonymous(8 * PAGE, PROT_READ_WRITE);
      long to = client.mmapAnonymous(8 * PAGE, PROT_READ_WRITE);
      byte[] bytes = new byte[7 * PAGE];
      new SplittableRandom(client.pid()).nextBytes(bytes);
      client.store(from + 5, MemorySegment.ofArray(bytes));

      engine.copy(from + 5, to + 40, bytes.length, CopyRun.PROCESS);

      byte[] arrived = new byte[bytes.length];
      client.load(to + 40, MemorySegment.ofArray(arrived));
      assertThat(arrived).isEqualTo(bytes);
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private void kill(Client victim) throws ErrnoException {
    Client killer = machine.host("killer");
    killer.kill(victim.pid());
    killer.exit();
  }

  private @Nullable IommuDomain domainOfPasid(String device, int pasid) {
    return requireNonNull(machine.iommu().groupOf(requireNonNull(machine.devices().find(device))))
        .domainOfPasid(pasid);
  }

  private String log() {
    StringBuilder text = new StringBuilder();
    machine.dmesg().lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
