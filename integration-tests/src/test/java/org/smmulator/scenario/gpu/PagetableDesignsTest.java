package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.msm.MsmContext;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.drm.msm.MsmGpu;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.Pm4Stream;

/**
 * The values of {@code msm.pagetables}: one client, one driver path, and the same bytes under each;
 * what differs is who owns the table and who touches which register when.
 */
class PagetableDesignsTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final int READ_WRITE = GemSubmitBo.READ | GemSubmitBo.WRITE;
  private static final long AT = 0x10;

  /** Stores to registers of the IOMMU in front of the GPU. */
  private static final class Stores implements Interposer {
    final List<String> seen = new ArrayList<>();

    @Override
    public MmioTarget registers(DtNode device, MmioTarget registers) {
      if (!device.baseName().startsWith("iommu")) {
        return registers;
      }
      return new MmioTarget() {
        @Override
        public int read32(int offset) {
          return registers.read32(offset);
        }

        @Override
        public void write32(int offset, int value) {
          seen.add("%05x".formatted(offset));
          registers.write32(offset, value);
        }

        @Override
        public long read64(int offset) {
          return registers.read64(offset);
        }

        @Override
        public void write64(int offset, long value) {
          seen.add("%05x".formatted(offset));
          registers.write64(offset, value);
        }
      };
    }
  }

  private static Machine boot(String board, Interposer wires, String... set)
      throws BadInputException {
    KernelConfig config = KernelConfig.defaults();
    for (String each : set) {
      config = config.with(each);
    }
    return Machine.on(new Boards().load(board)).config(config).interpose(wires).boot();
  }

  private static ImmutableList<Integer> play(Machine machine) throws ErrnoException {
    Painter painter = Painter.open(machine.host("painter"));
    Painter reader = Painter.open(machine.host("reader"));
    ImmutableList.Builder<Integer> bytes = ImmutableList.builder();
    for (int round = 1; round <= 3; round++) {
      painter.paint(0xcafe0000 + round);
      reader.paint(0xbeef0000 + round);
      bytes.add(painter.canvas().load32(AT), reader.canvas().load32(AT));
    }
    painter.gpu().client().exit();
    reader.gpu().client().exit();
    machine.settle();
    return bytes.build();
  }

  /** A client that has the GPU write into its one buffer. */
  private record Painter(MsmDevice gpu, MsmBuffer canvas) {
    static Painter open(Client client) throws ErrnoException {
      MsmDevice gpu = new MsmDevice(client, client.open(NODE));
      return new Painter(gpu, gpu.newBuffer(64 << 10, GemNew.WC));
    }

    void paint(int value) throws ErrnoException {
      gpu.submit(
              MsmDevice.DEFAULT_QUEUE,
              ImmutableList.of(new MsmDevice.Use(canvas, READ_WRITE)),
              gpu.stream().memWrite(canvas.iova() + AT, value))
          .await(1_000_000_000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "db845c,adreno-smmu",
    "db845c,bind-task",
    "db845c,dynamic-domains",
    "db845c,aux-domains",
    "db845c,shared",
    "trogdor,adreno-smmu",
    "trogdor,bind-task",
    "trogdor,dynamic-domains",
    "db820c,adreno-smmu",
    "db820c,bind-task",
    "db820c,dynamic-domains",
    "db820c,aux-domains",
    "db410c,adreno-smmu",
    "db410c,bind-task",
    "db410c,dynamic-domains",
    "db410c,aux-domains"
  })
  void theSameClientGetsTheSameBytes(String board, String design) throws Exception {
    try (Machine machine = boot(board, Interposer.none(), "msm.pagetables=" + design)) {
      ImmutableList<Integer> bytes = play(machine);

      assertThat(bytes)
          .containsExactly(0xcafe0001, 0xbeef0001, 0xcafe0002, 0xbeef0002, 0xcafe0003, 0xbeef0003)
          .inOrder();
      assertThat(machine.leakedPages()).isEmpty();
      assertThat(faults(machine)).isEmpty();
    }
  }

  private static ImmutableList<String> faults(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .filter(text -> text.contains("gpu fault") || text.contains("context fault"))
        .collect(ImmutableList.toImmutableList());
  }

  @ParameterizedTest
  @CsvSource({
    "db845c,adreno-smmu,true",
    "db845c,bind-task,true",
    "db845c,dynamic-domains,true",
    "db845c,aux-domains,true",
    "db845c,shared,false",
    "db820c,adreno-smmu,false",
    "db820c,bind-task,true",
    "db820c,dynamic-domains,true",
    "db820c,aux-domains,false",
    "db410c,adreno-smmu,false",
    "db410c,bind-task,true",
    "db410c,dynamic-domains,true"
  })
  void twoFilesHaveOneAddressUnlessTheyShareTheTable(String board, String design, boolean apart)
      throws Exception {
    try (Machine machine = boot(board, Interposer.none(), "msm.pagetables=" + design)) {
      Painter painter = Painter.open(machine.host("painter"));
      Painter reader = Painter.open(machine.host("reader"));

      assertThat(painter.canvas().iova() == reader.canvas().iova()).isEqualTo(apart);
    }
  }

  /**
   * Without TTBR1 each root has one entry that leads to the kernel's tables, so that a buffer of
   * the kernel's that is mapped later is there in every file, and no file's table is touched.
   */
  @ParameterizedTest
  @CsvSource({"db820c,bind-task", "db820c,dynamic-domains", "db410c,bind-task"})
  void whatTheKernelMapsLaterIsInEveryFilesTable(String board, String design) throws Exception {
    try (Machine machine = boot(board, Interposer.none(), "msm.pagetables=" + design)) {
      ImmutableList.Builder<MsmVm> files = ImmutableList.builder();
      MsmGpu gpu = gpu(machine);
      for (int i = 0; i < 20; i++) {
        Client client = machine.host("client" + i);
        Painter painter = Painter.open(client);
        assertThat(painter.canvas().iova()).isNotEqualTo(0);
        files.add(
            MsmContext.of(
                    (DrmFile)
                        requireNonNull(machine.processes().find(client.pid()))
                            .files()
                            .file(painter.gpu().fd())
                            .operations())
                .vm());
      }
      long pagesBefore = machine.pages().pagesInUse();
      long pa = 0x9000_0000L;
      long iova = gpu.kernelVm().start() + (64 << 20);

      gpu.kernelVm().mmu().map(iova, pa, 4096, IommuProt.READ);

      assertThat(machine.pages().pagesInUse() - pagesBefore).isLessThan(2L);
      for (MsmVm vm : files.build()) {
        assertThat(walk(machine, board, vm.mmu().pagetableBase(), iova)).isEqualTo(pa);
      }
      gpu.kernelVm().mmu().unmap(iova, 4096);
    }
  }

  /** Reads a table as hardware would: four levels of nine bits, or three with a root of two. */
  private static long walk(Machine machine, String board, long root, long iova) {
    long table = root;
    for (int shift = board.equals("db410c") ? 30 : 39; shift >= 12; shift -= 9) {
      int index = (int) (iova >>> shift) & 511;
      table = machine.dram().getLong(table + 8L * index) & 0x0000_ffff_ffff_f000L;
    }
    return table;
  }

  private static MsmGpu gpu(Machine machine) {
    for (PlatformDevice device : machine.devices().devices()) {
      DrmDevice drm = device.find(DrmDevice.class);
      if (drm != null && drm.driver() instanceof MsmDriver msm) {
        return msm.gpu();
      }
    }
    throw new AssertionError("no GPU");
  }

  /** No table of the lower half takes in what the upper half has. */
  @Test
  void aDynamicDomainTouchesNoRegisterWhenItIsAllocatedAndAttached() throws Exception {
    Stores stores = new Stores();
    try (Machine machine = boot("db845c", stores, "msm.pagetables=dynamic-domains")) {
      open(machine); // wakes the GPU, and with it the SMMU
      int whenAwake = stores.seen.size();

      for (int i = 0; i < 5; i++) {
        open(machine);
      }

      assertThat(stores.seen.subList(whenAwake, stores.seen.size())).isEmpty();
    }
  }

  /** TTBR0's half of TCR is opened by the first table and closed after the last. */
  @ParameterizedTest
  @ValueSource(strings = {"adreno-smmu", "bind-task", "aux-domains"})
  void theOthersProgramTheBankWithTheFirstTableOnly(String design) throws Exception {
    Stores stores = new Stores();
    try (Machine machine = boot("db845c", stores, "msm.pagetables=" + design)) {
      int atBoot = stores.seen.size();
      open(machine);
      int afterFirst = stores.seen.size();

      open(machine);

      assertThat(afterFirst).isGreaterThan(atBoot);
      assertThat(stores.seen.subList(afterFirst, stores.seen.size())).isEmpty();
    }
  }

  /** Opens the node and has the file's address space made. */
  private static Client open(Machine machine) throws ErrnoException {
    Client client = machine.host("client");
    MsmDevice device = new MsmDevice(client, client.open(NODE));
    assertThat(device.newBuffer(4096, GemNew.WC).iova()).isNotEqualTo(0);
    return client;
  }

  // ---- whose task is dead

  /** Today the file goes on with its child; in 2017 a task and its table were one. */
  @ParameterizedTest
  @CsvSource({"adreno-smmu,true", "bind-task,false", "dynamic-domains,false"})
  void whenTheOpenerIsDeadItsChildMapsUnderTodaysDesignOnly(String design, boolean maps)
      throws Exception {
    try (Machine machine = boot("db845c", Interposer.none(), "msm.pagetables=" + design)) {
      Client parent = machine.host("parent");
      MsmDevice gpu = new MsmDevice(parent, parent.open(NODE));
      assertThat(gpu.newBuffer(4096, GemNew.WC).iova()).isNotEqualTo(0);
      boolean[] parentIsDead = new boolean[1];
      List<String> outcome = new ArrayList<>();

      int child =
          parent.fork(own -> {
            while (!parentIsDead[0]) {
              machine.scheduler().sleep(1000);
            }
            outcome.add(outcomeOf(new MsmDevice(own, gpu.fd())));
          });
      parent.exit();
      parentIsDead[0] = true;
      var _ = machine.run(() -> machine.processes().find(child) == null);
      machine.settle();

      assertThat(outcome).containsExactly(maps ? "works" : "ESRCH");
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  private static String outcomeOf(MsmDevice gpu) {
    try {
      gpu.submit(MsmDevice.DEFAULT_QUEUE, ImmutableList.of(), new Pm4Stream().nop(1))
          .await(1_000_000_000);
      return "works";
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  // ---- bind-task.base

  @ParameterizedTest
  @ValueSource(strings = {"token", "pasid", "attribute"})
  void theBaseComesByEachOfTheThreeWays(String way) throws Exception {
    try (Machine machine =
        boot("db845c", Interposer.none(), "msm.pagetables=bind-task", "bind-task.base=" + way)) {
      assertThat(play(machine)).contains(0xbeef0003);
    }
  }

  @Test
  void aBaseAbove32BitsDoesNotFitIntoAnInt(@TempDir Path folder) throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("high.dts"),
            """
            /dts-v1/;
            #include "sdm845.dtsi"
            / {
              model = "All memory above 4 GiB";
              compatible = "test,high", "qcom,sdm845";
              memory@100000000 { device_type = "memory"; reg = <0x1 0x0 0x0 0x40000000>; };
            };
            """);
    try (Machine machine =
        boot(
            board.toString(),
            Interposer.none(),
            "msm.pagetables=bind-task",
            "bind-task.base=pasid")) {
      Client client = machine.host("client");
      MsmDevice device = new MsmDevice(client, client.open(NODE));

      ErrnoException e =
          assertThrows(
              ErrnoException.class, () -> requireNonNull(device.newBuffer(4096, GemNew.WC)).iova());

      assertWithMessage("%s", e.reason()).that(e.errno()).isEqualTo(Errno.EOVERFLOW);
    }
  }
}
