package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.Range;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.drm.DrmGemFlink;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.SubmitQueue;

/** A GPU and its clients as root and monitors see them: debugfs and fdinfo. */
class WatchedGpuTest {
  private static final String DRI = "/sys/kernel/debug/dri/0/";
  private static final int[] NOP = {0x70108000};

  private GpuMachine machine;
  private GpuClient root;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    root = machine.admin("root");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private static long number(String text, String key) {
    Matcher found = Pattern.compile("(?m)^" + key + ":\\t(\\d+)").matcher(text);
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  // ---- fdinfo

  @Test
  void fdinfoCountsWhatAClientsSubmitsTook() throws Exception {
    GpuClient client = machine.client("client");
    assertThat(client.driverFdinfo()).startsWith("drm-engine-gpu:\t0 ns\ndrm-cycles-gpu:\t0\n");

    assertThat(client.waitFence(client.submit(NOP))).isNull();
    machine.settle();

    String after = client.driverFdinfo();
    assertThat(number(after, "drm-engine-gpu")).isAtLeast(1_000L);
    assertThat(number(after, "drm-cycles-gpu")).isAtLeast(700L);
    assertThat(after).contains("drm-maxfreq-gpu:\t710000000 Hz\n");
  }

  /** Kernel: {@code drm_show_memory_stats()}: keys appear with the first reason for them. */
  @Test
  void fdinfoTellsWhatBuffersAreGoodFor() throws Exception {
    GpuClient client = machine.client("client");
    int untouched = client.gemNew(3 << 20);
    assertThat(client.driverFdinfo())
        .endsWith("Hz\ndrm-total-memory:\t3 MiB\ndrm-shared-memory:\t0\n");

    int used = client.commands(NOP);
    assertThat(client.driverFdinfo())
        .endsWith(
            "drm-total-memory:\t3076 KiB\ndrm-shared-memory:\t0\ndrm-resident-memory:\t4 KiB\n");

    madvise(client, untouched, GemMadvise.DONTNEED);
    madvise(client, used, GemMadvise.DONTNEED);
    assertThat(client.driverFdinfo()).endsWith("drm-purgeable-memory:\t4 KiB\n");
  }

  /** Ticks of 19.2 MHz. Kernel: {@code msm_gpu_submit_retired} of {@code msm_gpu_trace.h}. */
  @Test
  void theTraceSaysHowLongASubmitTookAndFdinfoAddsItUp() throws Exception {
    GpuClient client = machine.client("client");
    machine.tracer.enable(MsmTrace.SubmitRetired.class);
    long startNs = machine.scheduler.nowNs();
    for (int i = 0; i < 5; i++) { // there are four places for a ring's times
      assertThat(client.waitFence(client.submit(NOP))).isNull();
      machine.settle();
    }

    List<MsmTrace.SubmitRetired> retired =
        machine.tracer.events().stream().map(MsmTrace.SubmitRetired.class::cast).toList();
    assertThat(retired).hasSize(5);
    long end = startNs * 192 / 10_000;
    for (MsmTrace.SubmitRetired one : retired) {
      assertThat(one.startTicks()).isAtLeast(end);
      end = one.endTicks();
      long ticks = end - one.startTicks();
      assertThat(ticks).isGreaterThan(0L);
      assertThat(one.elapsed()).isEqualTo(ticks * 10_000 / 192);
      assertThat(one.clock()).isIn(Range.closed(680L, 740L));
    }
    assertThat(end).isAtMost(machine.scheduler.nowNs() * 192 / 10_000);
    assertThat(number(client.driverFdinfo(), "drm-engine-gpu"))
        .isEqualTo(retired.stream().mapToLong(MsmTrace.SubmitRetired::elapsed).sum());
    assertThat(retired.getFirst().print())
        .matches("id=\\d+ pid=\\d+ ring=0:-255 elapsed=\\d+ ns mhz=\\d+ start=\\d+ end=\\d+");
  }

  /** {@code a6xx_set_pagetable()} clears counters at a switch, unless a file has set SYSPROF. */
  @Test
  void countersOutliveASwitchAsLongAsAFileProfiles() throws Exception {
    GpuClient[] clients = {machine.client("one"), machine.client("other")};
    GpuClient another = machine.admin("another");
    int plain = dwordsOfASwitch(clients);

    sysprof(root, 1);
    int profiled = dwordsOfASwitch(clients);
    assertThat(profiled).isLessThan(plain);
    sysprof(root, 2);
    sysprof(another, 1);
    sysprof(root, 0);
    assertThat(dwordsOfASwitch(clients)).isEqualTo(profiled);
    another.exit();
    assertThat(dwordsOfASwitch(clients)).isEqualTo(plain);
  }

  private static void sysprof(GpuClient by, long level) {
    MsmParam asked = new MsmParam(MsmParam.PIPE_3D0, MsmParam.SYSPROF, level, 0, 0);
    assertThat(by.error(MsmIoctl.SET_PARAM, MsmParam.LAYOUT, asked::write)).isNull();
  }

  /** The dwords in the ring for a submit of the second after one of the first. */
  private int dwordsOfASwitch(GpuClient[] clients) {
    MsmRingbuffer ring = machine.gpu().ring(0);
    assertThat(clients[0].waitFence(clients[0].submit(NOP))).isNull();
    int before = ring.writePointer();
    assertThat(clients[1].waitFence(clients[1].submit(NOP))).isNull();
    return Math.floorMod(ring.writePointer() - before, MsmRingbuffer.SIZE_BYTES / 4);
  }

  // ---- parameters of the module

  @Test
  void aHangPrintsTheRegistersIfRootWants() throws Exception {
    GpuClient client = machine.client("client");
    String registers = "adreno 5000000.gpu: [drm] status:   00800000";
    int[] unknown = {Pm4.packet(0x7f, 0)};
    assertThat(client.waitFence(client.submit(unknown))).isNull();
    machine.settle();
    assertThat(machine.log()).doesNotContain(registers);

    root.writeFile("/sys/module/msm/parameters/hang_debug", "1");
    assertThat(client.waitFence(client.submit(unknown))).isNull();
    machine.settle();

    assertThat(machine.log()).contains(registers);
  }

  // ---- debugfs

  /** IGT finds buffers of the kernel's by name, and their address two lines on. */
  private long addressOf(String name) {
    List<String> lines = root.readFile(DRI + "gem").lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).stripTrailing().endsWith(" " + name)) {
        Matcher vma =
            Pattern.compile("      vmas: \\[gpu: vm=([0-9a-f]+), ([0-9a-f]+), mapped\\]")
                .matcher(lines.get(i + 1));
        assertThat(vma.matches()).isTrue();
        return Long.parseUnsignedLong(vma.group(2), 16);
      }
    }
    throw new AssertionError("no buffer is called " + name);
  }

  @Test
  void gemListsEveryBufferAndItsPlaces() throws Exception {
    GpuClient client = machine.client("client");
    int page = client.gemNew(8192);
    long iova = client.info(page, GemInfo.GET_IOVA);

    String text = root.readFile(DRI + "gem");

    assertThat(text)
        .startsWith("   flags       id ref  offset   kaddr            size     madv      name\n");
    assertThat(text)
        .contains("00020002: I  0 ( 1) 00000000 0000000000000000 00032768           ring0");
    assertThat(text).containsMatch("00020000: I  0 \\( 1\\) 00100\\w{3} 0{16} 00008192 ");
    assertThat(text).contains(", %08x, unmapped]\n".formatted(iova));
    assertThat(text).containsMatch("Total:        4 objects, +\\d+ bytes\n");
    assertThat(text).containsMatch("Purged:       0 objects, +0 bytes\n");
  }

  /** Kernel: {@code msm_gem_describe()}. */
  @Test
  void gemSaysWhatBuffersAreGoodForAndWhoseTheirPlacesAre() throws Exception {
    GpuClient client = machine.client("client");
    List<String> before = sums();
    int card = root.open("/dev/dri/card0", OpenFlags.O_RDWR);
    DrmGemFlink named = new DrmGemFlink(root.gemNew(card, 4096), 0);
    assertThat(root.ioctl(card, DrmIoctl.GEM_FLINK, DrmGemFlink.LAYOUT, named::write)).isEqualTo(0);
    int purged = client.commands(NOP);
    madvise(client, purged, GemMadvise.DONTNEED);
    var _ = machine.scheduler.spawnKernel("sh", () -> machine.driver().shrinker().shrink(1000));
    machine.settle();
    int unneeded = client.commands(NOP);
    madvise(client, unneeded, GemMadvise.DONTNEED);
    int used = client.gemNew(8192);
    long iova = client.info(used, GemInfo.GET_IOVA);
    int _ = client.submit(GpuClient.hang(), used);

    String text = root.readFile(DRI + "gem");

    assertThat(before).containsExactly("3 40960", "0 0", "3 40960", "0 0", "0 0").inOrder();
    assertThat(sums()) // the hanging commands are a page that is active
        .containsExactly("8 65536", "2 12288", "6 57344", "1 4096", "1 4096")
        .inOrder();
    assertThat(text).containsMatch("00020000: I  1 \\( 1\\) \\w{8} 0{16} 00004096 {11}");
    assertThat(text).containsMatch("00004096 {4}purged ");
    assertThat(text).containsMatch("00004096 {2}purgeable ");
    assertThat(text)
        .containsMatch(
            "00020000: A  0 .*\n      vmas: \\[gpu:client: vm=\\w{16}, %08x, mapped]\n"
                .formatted(iova));
  }

  /** Objects and bytes of the five last lines: all, active, resident, purgeable, purged. */
  private List<String> sums() {
    return root.readFile(DRI + "gem")
        .lines()
        .filter(line -> line.endsWith(" bytes"))
        .map(line -> line.replaceAll("\\D+", " ").strip())
        .toList();
  }

  private static void madvise(GpuClient client, int handle, int advice) {
    GemMadvise asked = new GemMadvise(handle, advice, 0);
    assertThat(client.error(MsmIoctl.GEM_MADVISE, GemMadvise.LAYOUT, asked::write)).isNull();
  }

  @Test
  void mmListsTheOffsetsForMmap() throws Exception {
    GpuClient client = machine.client("client");
    int _ = client.gemNew(8192);

    String text = root.readFile(DRI + "mm");

    assertThat(text)
        .startsWith(
            "0x0000000000100000-0x0000000000100002: 2: used\n" + "0x0000000000100002-0x000000001");
    assertThat(text).containsMatch("total: 268435200, used 2 free 268435198\n");
  }

  // ---- IGT's msm_mapping: what a client's packets may do to the kernel's buffers

  private String faultOf(GpuClient client, int... dwords) throws Exception {
    int before = machine.log().size();
    assertThat(client.waitFence(client.submit(dwords))).isNull();
    long end = machine.scheduler.nowNs() + 1_000_000;
    machine.scheduler.after(1_000_000, () -> {});
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= end);
    return machine.log().stream()
        .skip(before)
        .filter(line -> line.startsWith("*** gpu fault"))
        .findFirst()
        .orElse("none");
  }

  @Test
  void theRingCannotBeWrittenAndTheShadowNotEvenRead() throws Exception {
    GpuClient client = machine.client("client");
    int page = client.gemNew(4096);
    long own = client.info(page, GemInfo.GET_IOVA);
    long ring = addressOf("ring0");
    long shadow = addressOf("shadow");

    String fault = faultOf(client, GpuClient.memWrite(ring, 1));
    assertThat(fault).contains("iova=%016x dir=WRITE type=PERMISSION".formatted(ring | -1L << 49));
    assertThat(faultOf(client, GpuClient.memWrite(shadow, 1)))
        .contains("dir=WRITE type=PERMISSION");
    int[] readShadow = {
      Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5),
      0,
      (int) own,
      (int) (own >>> 32),
      (int) shadow,
      (int) (shadow >>> 32)
    };
    assertThat(faultOf(client, readShadow)).contains("dir=READ type=PERMISSION");
  }

  /** An A630 has no APRIV: in Linux and here its memptrs are everybody's. */
  @Test
  void theMemptrsAreWithinReachOfEveryClient() throws Exception {
    GpuClient client = machine.client("client");
    long statistics = addressOf("memptrs") + 16;

    assertThat(faultOf(client, GpuClient.memWrite(statistics, 1))).isEqualTo("none");
  }

  // ---- queues

  private static GemSubmit inQueue(GpuClient client, int queue) {
    return new GemSubmit(
        0x10,
        0,
        2,
        1,
        client.ptr(GpuClient.BOS),
        client.ptr(GpuClient.CMDS),
        -1,
        queue,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  /** Kernel: {@code msm_submitqueue_remove()}: submits hold the queue until they have run. */
  @Test
  void aQueueThatIsClosedFinishesItsSubmits() throws Exception {
    GpuClient client = machine.client("client");
    int page = client.gemNew(4096);
    long iova = client.info(page, GemInfo.GET_IOVA);
    int queue = client.newQueue(0, 0);
    int commands = client.commands(GpuClient.memWrite(iova, 7));
    client.bos(commands, page);
    client.cmd(16);
    assertThat(client.trySubmit(inQueue(client, queue))).isNull();

    client.store(0, SubmitQueue.LAYOUT, new SubmitQueue(queue, 0, 0)::write);
    assertThat(
            machine.syscalls.ioctl(
                client.process, client.fd, MsmIoctl.SUBMITQUEUE_CLOSE, client.ptr(0)))
        .isEqualTo(0);

    client.cmd(16);
    assertThat(client.trySubmit(inQueue(client, queue))).isEqualTo(Errno.ENOENT);
    machine.settle();
    assertThat(client.load(page, 0)).isEqualTo(7);
  }
}
