package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.process.Process;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.VmBindOp;

/** Recordings: {@code dri/N/rd} and {@code hangrd}, in the format of {@code msm_rd.c}. */
class RdTest {
  private static final String RD = "/sys/kernel/debug/dri/0/rd";
  private static final String HANGRD = "/sys/kernel/debug/dri/0/hangrd";
  private static final int[] NOP = {0x70108000};

  /** A section: its type by the number that {@code enum rd_sect_type} gives it. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares sections
  private record Section(int type, byte[] bytes) {
    int dword(int index) {
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * index);
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

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

  /** A process that reads {@code path} to the end of the run. */
  private ByteArrayOutputStream record(String path) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    root.fork(child -> {
      int fd = child.open(path, OpenFlags.O_RDONLY);
      Process reader = child.process;
      while (true) {
        long got = machine.syscalls.read(reader, fd, child.ptr(GpuClient.DATA), 100);
        if (got <= 0) {
          return;
        }
        byte[] bytes = new byte[(int) got];
        machine.userAccess.load(reader, child.ptr(GpuClient.DATA), MemorySegment.ofArray(bytes));
        read.writeBytes(bytes);
      }
    });
    var _ = machine.scheduler.run(() -> read.size() >= 28);
    return read;
  }

  private static List<Section> sections(ByteArrayOutputStream read) {
    ByteBuffer bytes = ByteBuffer.wrap(read.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    List<Section> all = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int type = bytes.getInt();
      byte[] content = new byte[bytes.getInt()];
      bytes.get(content);
      all.add(new Section(type, content));
    }
    return all;
  }

  private static List<Integer> types(List<Section> sections) {
    return sections.stream().map(Section::type).toList();
  }

  @Test
  void everySubmitIsRecordedWithItsCommands() throws Exception {
    ByteArrayOutputStream read = record(RD);
    GpuClient client = machine.client("painter");
    int page = client.gemNew(4096);
    long iova = client.info(page, GemInfo.GET_IOVA);

    int fence = client.submit(GpuClient.memWrite(iova, 7), page);
    assertThat(client.waitFence(fence)).isNull();
    long end = machine.scheduler.nowNs() + 1_000_000;
    machine.scheduler.after(1_000_000, () -> {});
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= end);

    List<Section> all = sections(read);
    // GPU_ID, CHIP_ID, CMD, two buffers, the commands' place and contents, where they begin
    assertThat(types(all)).containsExactly(13, 14, 2, 3, 3, 3, 12, 6).inOrder();
    assertThat(all.get(0).dword(0)).isEqualTo(630);
    assertThat(all.get(1).dword(0)).isEqualTo(0x06030002);
    // not yet in the ring: its number there is not known
    assertThat(all.get(2).text()).startsWith("painter/" + client.process.pid() + ": fence=0");
    assertThat(all.get(4).dword(0)).isEqualTo((int) iova);
    assertThat(all.get(4).dword(1)).isEqualTo(4096);
    assertThat(all.get(4).dword(2)).isEqualTo((int) (iova >>> 32));
    assertThat(all.get(6).bytes()).hasLength(16);
    assertThat(all.get(6).dword(3)).isEqualTo(7);
    assertThat(all.get(7).dword(1)).isEqualTo(4);
  }

  /** A whole buffer passes through half a KiB: who submits waits for who reads. */
  @Test
  void withRdFullEveryBufferIsRecordedWhole() throws Exception {
    root.writeFile("/sys/module/msm/parameters/rd_full", "Y");
    ByteArrayOutputStream read = record(RD);
    GpuClient client = machine.client("painter");
    int page = client.commands(1, 2, 3);

    assertThat(client.waitFence(client.submit(NOP, page))).isNull();
    long end = machine.scheduler.nowNs() + 1_000_000;
    machine.scheduler.after(1_000_000, () -> {});
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= end);

    List<Section> all = sections(read);
    assertThat(types(all)).containsExactly(13, 14, 2, 3, 12, 3, 12, 6).inOrder();
    assertThat(all.get(4).bytes()).hasLength(4096);
    assertThat(all.get(4).dword(0)).isEqualTo(NOP[0]);
    assertThat(all.get(6).dword(2)).isEqualTo(3);
  }

  @Test
  void onlyWhatHungIsInTheOtherRecording() throws Exception {
    ByteArrayOutputStream read = record(HANGRD);
    GpuClient client = machine.client("painter");

    assertThat(client.waitFence(client.submit(NOP))).isNull();
    assertThat(client.waitFence(client.submit(new int[] {Pm4.packet(0x7f, 0)}))).isNull();

    List<Section> all = sections(read);
    assertThat(types(all)).containsExactly(13, 14, 2, 2, 3, 3, 12, 6).inOrder();
    assertThat(all.get(2).text()).startsWith("offending task: painter (painter)");
    assertThat(all.get(3).text())
        .startsWith("painter/" + client.process.pid() + ": fence=4294967042");
    assertThat(all.get(6).dword(0)).isEqualTo(Pm4.packet(0x7f, 0));
  }

  /**
   * Of a client that chooses its addresses all mappings are recorded, the lowest first, with the
   * part of the buffer that each shows if the client marked it. Kernel: {@code
   * drm_gpuvm_for_each_va()} in {@code msm_rd_dump_submit()}.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRecordingOfAClientThatChoosesItsAddressesHasAllThatIsMapped(boolean full) throws Exception {
    long here = 0x1_4000_0000L;
    root.writeFile("/sys/module/msm/parameters/rd_full", full ? "Y" : "N");
    BindClient binder = new BindClient(machine.client("binder"));
    GpuClient client = binder.client;
    int marked = client.gemNew(8192);
    long va =
        client.machine.syscalls.mmap(
            client.process, 8192, 3, 1, client.fd, client.info(marked, GemInfo.GET_OFFSET));
    machine.userAccess.store(client.process, va, 4, 1);
    machine.userAccess.store(client.process, va + 4096, 4, 2);
    binder.bind(
        new VmBindOp(VmBindOp.MAP, marked, 4096, here + 4096, 4096, VmBindOp.DUMP, 0),
        BindClient.map(client.commands(4, 5, 6), 0, here, 4096));
    binder.commands(NOP);
    ByteArrayOutputStream read = record(RD);

    assertThat(client.waitFence(binder.submit(1))).isNull();
    long end = machine.scheduler.nowNs() + 1_000_000;
    machine.scheduler.after(1_000_000, () -> {});
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= end);

    List<Section> all = sections(read);
    if (full) {
      assertThat(types(all)).containsExactly(13, 14, 2, 3, 12, 3, 12, 3, 12, 6).inOrder();
      assertThat(all.get(4).dword(1)).isEqualTo(5);
      all.remove(4);
    } else {
      assertThat(types(all)).containsExactly(13, 14, 2, 3, 3, 12, 3, 6).inOrder();
    }
    assertThat(all.get(3).dword(0)).isEqualTo((int) here);
    assertThat(all.get(4).dword(0)).isEqualTo((int) here + 4096);
    assertThat(all.get(4).dword(1)).isEqualTo(4096);
    assertThat(all.get(4).dword(2)).isEqualTo(1);
    assertThat(all.get(5).bytes()).hasLength(4096);
    assertThat(all.get(5).dword(0)).isEqualTo(2); // its second page
    assertThat(all.get(6).dword(0)).isEqualTo((int) BindClient.COMMANDS);
    assertThat(all.getLast().dword(0)).isEqualTo((int) BindClient.COMMANDS);
    assertThat(all.getLast().dword(1)).isEqualTo(1);
  }

  /** The address space is unusable then, and what was mapped is recorded first. */
  @Test
  void whatHungOfSuchAClientIsRecordedWithItsMappings() throws Exception {
    BindClient binder = new BindClient(machine.client("binder"));
    int marked = binder.client.commands(7, 8, 9);
    binder.bind(new VmBindOp(VmBindOp.MAP, marked, 0, 0x1_4000_0000L, 4096, VmBindOp.DUMP, 0));
    binder.commands(Pm4.packet(0x7f, 0));
    ByteArrayOutputStream read = record(HANGRD);

    assertThat(binder.client.waitFence(binder.submit(1))).isNull();
    machine.scheduler.after(1_000_000, () -> {});
    long soon = machine.scheduler.nowNs() + 1_000_000;
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= soon);

    List<Section> all = sections(read);
    assertThat(types(all)).containsExactly(13, 14, 2, 2, 3, 12, 3, 6).inOrder();
    assertThat(all.get(2).text()).startsWith("offending task: binder (binder)");
    assertThat(all.get(5).dword(2)).isEqualTo(9);
    assertThat(all.getLast().dword(0)).isEqualTo((int) BindClient.COMMANDS);
    assertThat(binder.trySubmit(1, 0, 0)).isEqualTo(Errno.EPIPE);
  }

  @Test
  void oneReaderAtATimeAndWhenHeGoesNobodyWaitsForHim() throws Exception {
    int fd = root.open(RD, OpenFlags.O_RDONLY);
    assertThat(root.openErrno(RD)).isEqualTo(Errno.EBUSY);
    root.writeFile("/sys/module/msm/parameters/rd_full", "Y");
    GpuClient client = machine.client("painter");
    client.fork(child -> {
      int fence = child.submit(NOP); // more than the ring holds, and nobody reads
      assertThat(child.waitFence(fence)).isNull();
    });
    machine.scheduler.after(1_000_000, () -> {});
    long soon = machine.scheduler.nowNs() + 1_000_000;
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= soon);

    assertThat(machine.syscalls.close(root.process, fd)).isEqualTo(0);
    machine.settle();

    assertThat(root.openErrno(RD)).isNull();
    assertThat(client.waitFence(client.submit(NOP))).isNull();
  }
}
