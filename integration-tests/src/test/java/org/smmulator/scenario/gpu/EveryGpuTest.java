package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.scenario.gpu.GpuWork.write;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.attacks.RawMsm;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;
import org.smmulator.userspace.msm.Pm4Stream;

/**
 * The behaviours that IGT's {@code msm_submit}, {@code msm_submitoverhead}, {@code msm_mapping},
 * {@code msm_recovery} and {@code msm_shrink} look for, told again on each board, where each file
 * has its own pagetable.
 */
class EveryGpuTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final long SECOND = 1_000_000_000;
  private static final int PAGE = 4096;

  /** An address that no client gets unless it asks. */
  private static final long STRAY = 0x6dea_d000L;

  /** A type 3 or type 7 packet whose opcode nobody has. */
  private static final int NARROW_NONSENSE = 0xc000_7f00;

  private static final int WIDE_NONSENSE = 0x707f_0000;

  private static Machine boot(String board) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("msm.pagetables", "bind-task").with("mm.swap-pages", "256");
    return Machine.on(new Boards().load(board)).config(config).traced().boot();
  }

  private static MsmDevice gpu(Machine machine, String comm) throws Exception {
    Client client = machine.host(comm);
    return new MsmDevice(client, client.open(NODE));
  }

  private static MsmJob submit(MsmDevice gpu, MsmBuffer buffer, Pm4Stream stream) throws Exception {
    var use = ImmutableList.of(new MsmDevice.Use(buffer, GemSubmitBo.READ | GemSubmitBo.WRITE));
    return gpu.submit(0, use, stream);
  }

  private static List<String> log(Machine machine, String part) {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .filter(text -> text.contains(part))
        .toList();
  }

  private static String dump(Machine machine, int number) throws Exception {
    Client root = machine.hostRoot("root");
    String path = "/sys/class/devcoredump/devcd" + number + "/data";
    StringBuilder text = new StringBuilder();
    int fd = root.openForReading(path);
    for (byte[] part = root.read(fd, 65_536); part.length > 0; part = root.read(fd, 65_536)) {
      text.append(new String(part, UTF_8));
    }
    int _ = root.write(root.openForWriting(path), "1".getBytes(UTF_8));
    root.exit();
    return text.toString();
  }

  private static boolean isNarrow(String board) {
    return board.equals("db410c");
  }

  /** The IOMMU of an A306 has nobody to ask what to do about a fault, and tells it itself. */
  private static String faultOf(String board) {
    return isNarrow(board) ? "Unhandled context fault:" : "*** gpu fault:";
  }

  private static Pm4Stream nonsense(MsmDevice gpu, String board) throws Exception {
    return gpu.stream().raw(isNarrow(board) ? NARROW_NONSENSE : WIDE_NONSENSE, 0);
  }

  // ---- msm_submit, msm_submitoverhead

  private interface Call {
    void make() throws ErrnoException;
  }

  private static void assertErrno(String what, Errno expected, Call call) {
    ErrnoException e = assertThrows(ErrnoException.class, call::make, what);
    assertWithMessage(what).that(e.errno()).isEqualTo(expected);
  }

  /** A row an error, in the order in which IGT tries them. */
  @ParameterizedTest
  @MethodSource("boards")
  void whatIsWrongWithASubmitIsRefusedAndWhatIsNotRuns(String board) throws Exception {
    try (Machine machine = boot(board)) {
      Client client = machine.host("client");
      RawMsm gpu = new RawMsm(client, client.open(NODE));
      int buffer = gpu.gemNew(PAGE, GemNew.WC);
      client.store32(gpu.mmap(buffer, PAGE), gpu.stream().nop(0).dwords().get(0));
      var bo = new GemSubmitBo(GemSubmitBo.READ, buffer, 0);
      var cmd = new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4, 0, 0, 0);

      gpu.await(0, gpu.submit(0, List.of(), List.of()), SECOND);
      assertErrno("queue", Errno.ENOENT, () -> gpu.submit(7, List.of(), List.of()));
      assertErrno("twice", Errno.EALREADY, () -> gpu.submit(0, List.of(bo, bo), List.of(cmd)));
      for (GemSubmitBo wrong :
          List.of(
              new GemSubmitBo(0, buffer, 0),
              new GemSubmitBo(0x10 | GemSubmitBo.READ, buffer, 0),
              new GemSubmitBo(GemSubmitBo.READ, 99, 0))) {
        assertErrno("" + wrong, Errno.EINVAL, () -> gpu.submit(0, List.of(wrong), List.of(cmd)));
      }
      for (GemSubmitCmd wrong :
          List.of(
              new GemSubmitCmd(9, 0, 0, 4, 0, 0, 0),
              new GemSubmitCmd(GemSubmitCmd.BUF, 1, 0, 4, 0, 0, 0),
              new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 3, 0, 0, 0),
              new GemSubmitCmd(GemSubmitCmd.BUF, 0, PAGE, 4, 0, 0, 0),
              new GemSubmitCmd(GemSubmitCmd.BUF, 0, 4, PAGE, 0, 0, 0))) {
        assertErrno("" + wrong, Errno.EINVAL, () -> gpu.submit(0, List.of(bo), List.of(wrong)));
      }
      gpu.await(0, gpu.submit(0, List.of(bo), List.of(cmd)), SECOND);
      assertThat(gpu.queueFaults(0)).isEqualTo(0);
    }
  }

  /** A thousand buffers, with fences of their own or without. */
  @ParameterizedTest
  @MethodSource("boards")
  void aSubmitMayHaveAThousandBuffers(String board) throws Exception {
    try (Machine machine = boot(board)) {
      Client client = machine.host("client");
      RawMsm gpu = new RawMsm(client, client.open(NODE));
      for (int noImplicit : new int[] {0, GemSubmitBo.NO_IMPLICIT}) {
        List<GemSubmitBo> bos = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
          int flags = GemSubmitBo.READ | GemSubmitBo.WRITE | noImplicit;
          bos.add(new GemSubmitBo(flags, gpu.gemNew(PAGE, GemNew.WC), 0));
        }
        int nop = gpu.stream().nop(0).dwords().get(0);
        client.store32(gpu.mmap(bos.getFirst().handle(), PAGE), nop);
        int first = gpu.submit(0, bos, 4);
        int second = gpu.submit(0, bos, 4);
        gpu.await(0, second, SECOND);
        gpu.await(0, first, 0);
      }
      client.exit();
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  // ---- msm_recovery

  /** Sixteen submits are under way, every fifth of them bad: the others run, in their order. */
  @ParameterizedTest
  @ValueSource(strings = {"db410c", "db820c", "db845c", "db845c-gmu-apart", "trogdor"})
  void onlyTheBadOnesAreSkippedAndTheOthersReplayed(String board) throws Exception {
    try (Machine machine = boot(board)) {
      MsmDevice gpu = gpu(machine, "client");
      MsmDevice other = gpu(machine, "other");
      MsmBuffer page = gpu.newBuffer(PAGE, GemNew.WC);
      MsmBuffer last = gpu.newBuffer(PAGE, GemNew.WC);
      MsmBuffer others = other.newBuffer(PAGE, GemNew.WC);
      List<MsmJob> jobs = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Pm4Stream stream =
            i % 5 == 2 ? nonsense(gpu, board) : gpu.stream().memWrite(page.iova() + 4L * i, i + 1);
        jobs.add(submit(gpu, page, stream));
      }
      jobs.add(write(gpu, 0, last, 99));
      jobs.add(write(other, 0, others, 7));
      for (MsmJob job : jobs) {
        job.await(100 * SECOND);
      }

      for (int i = 0; i < 16; i++) {
        assertWithMessage("job %s", i).that(page.load32(4L * i)).isEqualTo(i % 5 == 2 ? 0 : i + 1);
      }
      assertThat(last.load32(0)).isEqualTo(99);
      assertThat(others.load32(0)).isEqualTo(7);
      assertThat(log(machine, "offending task: client (client)")).hasSize(3);
      assertThat(log(machine, "offending task: other")).isEmpty();
    }
  }

  /** The fault names the address, is dumped where the IOMMU can tell, and the job goes on. */
  @ParameterizedTest
  @ValueSource(strings = {"db410c", "db820c", "db845c", "db845c-gmu-apart", "trogdor"})
  void aStrayAccessIsToldWithItsAddressAndKillsNothing(String board) throws Exception {
    try (Machine machine = boot(board)) {
      MsmDevice gpu = gpu(machine, "stray");
      MsmBuffer page = gpu.newBuffer(PAGE, GemNew.WC);

      submit(gpu, page, gpu.stream().memWrite(STRAY, 1).memWrite(page.iova(), 7))
          .await(10 * SECOND);

      assertThat(page.load32(0)).isEqualTo(7);
      List<String> faults = log(machine, faultOf(board));
      assertThat(faults).hasSize(1);
      assertThat(faults.getFirst()).contains("%016x".formatted(STRAY));
      assertThat(log(machine, "recover!")).isEmpty();
      if (board.startsWith("db845c") || board.equals("trogdor")) {
        assertThat(faults.getFirst()).contains("dir=WRITE type=TRANSLATION source=");
        String dump = dump(machine, 1);
        assertThat(dump).contains("  - iova=%016x\n".formatted(STRAY));
        assertThat(dump).contains("  - dir=WRITE\n");
        assertThat(dump).contains("comm: stray\n");
      }
    }
  }

  // ---- msm_mapping

  static Stream<String> boards() {
    return Stream.of("db410c", "db820c", "db845c", "db845c-gmu-apart", "trogdor");
  }

  /** Kernel: MSM_BO_GPU_READONLY of {@code msm_ringbuffer_new()}. */
  @ParameterizedTest
  @MethodSource("boards")
  void noClientWritesTheRing(String board) throws Exception {
    try (Machine machine = boot(board)) {
      MsmDevice gpu = gpu(machine, "evil");
      MsmBuffer page = gpu.newBuffer(PAGE, GemNew.WC);
      write(gpu, 0, page, 1).await(SECOND);
      for (KernelBuffer ring : buffers(machine, "ring")) {
        long behind = ring.sizeBytes() - 16;

        submit(gpu, page, gpu.stream().memWrite(ring.iova() + behind, 0x666)).await(10 * SECOND);

        assertThat(machine.dram().getInt(ring.pa() + behind)).isEqualTo(0);
      }
      assertThat(log(machine, faultOf(board))).isNotEmpty();
      write(gpu, 0, page, 2).await(SECOND);
      assertThat(page.load32(0)).isEqualTo(2);
    }
  }

  /** Kernel: MSM_BO_MAP_PRIV. An A306 has no copy of its read pointer that is privileged. */
  @ParameterizedTest
  @ValueSource(strings = {"db820c", "db845c", "db845c-gmu-apart", "trogdor"})
  void noClientReachesTheShadowOfTheReadPointer(String board) throws Exception {
    try (Machine machine = boot(board)) {
      MsmDevice gpu = gpu(machine, "evil");
      MsmBuffer page = gpu.newBuffer(PAGE, GemNew.WC);
      write(gpu, 0, page, 5).await(SECOND);
      KernelBuffer shadow = buffers(machine, "shadow").getFirst();
      int before = machine.dram().getInt(shadow.pa());

      submit(gpu, page, gpu.stream().memCopy(page.iova(), shadow.iova())).await(10 * SECOND);
      assertThat(page.load32(0)).isEqualTo(0); // of a refused read comes zero
      submit(gpu, page, gpu.stream().memWrite(shadow.iova(), 0x666)).await(10 * SECOND);

      assertThat(machine.dram().getInt(shadow.pa())).isNotEqualTo(0x666);
      assertThat(before).isNotEqualTo(0x666);
      assertThat(log(machine, faultOf(board))).isNotEmpty();
    }
  }

  private static List<KernelBuffer> buffers(Machine machine, String name) {
    DrmDevice drm =
        machine.devices().devices().stream()
            .filter(device -> device.name().endsWith(".gpu"))
            .map(device -> requireNonNull(device.find(DrmDevice.class)))
            .findFirst()
            .orElseThrow();
    return ((MsmDriver) drm.driver())
        .gpu().kernelBuffers().stream().filter(buffer -> buffer.name().startsWith(name)).toList();
  }

  // ---- msm_shrink

  /** What is needed goes to swap and comes back where the GPU looks for it. */
  @ParameterizedTest
  @MethodSource("boards")
  void whatTheShrinkerTookIsBackForTheNextJob(String board) throws Exception {
    try (Machine machine = boot(board)) {
      MsmDevice gpu = gpu(machine, "client");
      List<MsmBuffer> buffers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        buffers.add(gpu.newBuffer(PAGE, GemNew.WC));
        write(gpu, 0, buffers.get(i), 100 + i).await(SECOND);
      }
      MsmBuffer unneeded = gpu.newBuffer(PAGE, GemNew.WC);
      write(gpu, 0, unneeded, 1).await(SECOND);
      assertThat(unneeded.madvise(GemMadvise.DONTNEED)).isTrue();
      machine.settle();

      shrink(machine, 64);

      assertThat(unneeded.madvise(GemMadvise.WILLNEED)).isFalse(); // purged
      MsmBuffer sum = gpu.newBuffer(PAGE, GemNew.WC);
      Pm4Stream copies = gpu.stream();
      ImmutableList.Builder<MsmDevice.Use> uses = ImmutableList.builder();
      uses.add(new MsmDevice.Use(sum, GemSubmitBo.WRITE));
      for (int i = 0; i < 16; i++) {
        uses.add(new MsmDevice.Use(buffers.get(i), GemSubmitBo.READ));
        copies.memCopy(sum.iova() + 4L * i, buffers.get(i).iova());
      }
      gpu.submit(0, uses.build(), copies).await(SECOND);
      for (int i = 0; i < 16; i++) {
        assertWithMessage("buffer %s", i).that(sum.load32(4L * i)).isEqualTo(100 + i);
      }
      gpu.client().exit();
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  private static void shrink(Machine machine, int pages) throws Exception {
    Client root = machine.hostRoot("root");
    int fd = root.openForWriting("/sys/kernel/debug/dri/0/shrink");
    int _ = root.write(fd, Integer.toString(pages).getBytes(UTF_8));
    root.exit();
  }
}
