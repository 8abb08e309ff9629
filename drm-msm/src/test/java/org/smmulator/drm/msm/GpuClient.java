package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.SubmitQueueQuery;
import org.smmulator.uapi.msm.WaitFence;

/** A process with a page of memory for structs, and a render node open. */
final class GpuClient {
  /** Writes a struct: the {@code write} of a record. */
  interface Writer {
    void write(MemorySegment memory, long at);
  }

  /** Where an ioctl's own struct lies; what it points to lies behind. */
  private static final int ARG = 0;

  static final int BOS = 0x400;
  static final int CMDS = 0x800;
  static final int DATA = 0xc00;

  /** The last struct of a table of buffers that the page has room for. */
  static final int LAST_BO = 0xff0;

  private static final int PAGE_BYTES = 4096;
  private static final long NEVER_SECONDS = 1_000_000;

  final GpuMachine machine;
  final Process process;
  final int fd;
  private final long page;
  private MemorySegment last = MemorySegment.ofArray(new long[0]);

  GpuClient(GpuMachine machine, Process process) {
    this.machine = machine;
    this.process = process;
    this.page =
        machine.syscalls.mmap(
            process,
            PAGE_BYTES,
            Prot.READ | Prot.WRITE,
            Syscalls.MAP_PRIVATE | Syscalls.MAP_ANONYMOUS,
            -1,
            0);
    this.fd = openGpu();
  }

  private GpuClient(GpuMachine machine, Process process, int fd, long page) {
    this.machine = machine;
    this.process = process;
    this.fd = fd;
    this.page = page;
  }

  /** Forks a child that runs {@code body} with the descriptor and the memory of this client. */
  void fork(Consumer<GpuClient> body) {
    long _ =
        machine.syscalls.fork(
            process, child -> body.accept(new GpuClient(machine, child, fd, page)));
  }

  int openGpu() {
    byte[] path = "/dev/dri/renderD128\0".getBytes(UTF_8);
    machine.userAccess.store(process, page, MemorySegment.ofArray(path));
    return (int) machine.syscalls.open(process, page, OpenFlags.O_RDWR);
  }

  // ---- ioctls

  /** The address of the byte at {@code offset} of the client's page. */
  long ptr(int offset) {
    return page + offset;
  }

  /** Stores a struct into the client's page. */
  void store(int offset, StructLayout layout, Writer struct) {
    MemorySegment bytes = MemorySegment.ofArray(new long[CStruct.sizeof(layout) / 8 + 1]);
    struct.write(bytes, 0);
    machine.userAccess.store(process, page + offset, bytes.asSlice(0, CStruct.sizeof(layout)));
  }

  /** Makes an ioctl and returns what it gives. */
  long ioctl(int onFd, int cmd, StructLayout layout, Writer struct) {
    store(ARG, layout, struct);
    long result = machine.syscalls.ioctl(process, onFd, cmd, page + ARG);
    last = MemorySegment.ofArray(new long[CStruct.sizeof(layout) / 8 + 1]);
    if (!process.task().isDead()) {
      machine.userAccess.load(process, page + ARG, last.asSlice(0, CStruct.sizeof(layout)));
    }
    return result;
  }

  long ioctl(int cmd, StructLayout layout, Writer struct) {
    return ioctl(fd, cmd, layout, struct);
  }

  /** The error of an ioctl; null if it succeeds. */
  @Nullable Errno error(int cmd, StructLayout layout, Writer struct) {
    return Errno.ofReturnValue(ioctl(cmd, layout, struct));
  }

  /** The struct of the last ioctl, as it came back. */
  <T> T answer(IoctlArg.Reader<T> reader) {
    return reader.read(last, 0);
  }

  private void succeed(int onFd, int cmd, StructLayout layout, Writer struct) {
    assertWithMessage("ioctl %s", Integer.toHexString(cmd))
        .that(ioctl(onFd, cmd, layout, struct))
        .isEqualTo(0);
  }

  int newQueue(int flags, int priority) {
    succeed(
        fd,
        MsmIoctl.SUBMITQUEUE_NEW,
        SubmitQueue.LAYOUT,
        new SubmitQueue(flags, priority, 0)::write);
    return answer(SubmitQueue::read).id();
  }

  @Nullable Errno tryNewQueue(int flags, int priority) {
    return error(
        MsmIoctl.SUBMITQUEUE_NEW, SubmitQueue.LAYOUT, new SubmitQueue(flags, priority, 0)::write);
  }

  // ---- buffers

  int gemNew(long sizeBytes) {
    return gemNew(fd, sizeBytes);
  }

  int gemNew(int onFd, long sizeBytes) {
    succeed(onFd, MsmIoctl.GEM_NEW, GemNew.LAYOUT, new GemNew(sizeBytes, GemNew.WC, 0)::write);
    return answer(GemNew::read).handle();
  }

  long info(int handle, int what) {
    return info(fd, handle, what);
  }

  long info(int onFd, int handle, int what) {
    succeed(onFd, MsmIoctl.GEM_INFO, GemInfo.LAYOUT, new GemInfo(handle, what, 0, 0, 0)::write);
    return answer(GemInfo::read).value();
  }

  /** Maps a buffer of one page. */
  long mmap(int handle) {
    return mmapAt(info(handle, GemInfo.GET_OFFSET));
  }

  /** Maps what is at {@code offset} of the device's file. */
  long mmapAt(long offset) {
    return mmapAt(fd, offset);
  }

  long mmapAt(int onFd, long offset) {
    return machine.syscalls.mmap(
        process, PAGE_BYTES, Prot.READ | Prot.WRITE, Syscalls.MAP_SHARED, onFd, offset);
  }

  /** The root of a file's pagetable, which it has by now. */
  long pagetableBase(int onFd) {
    return requireNonNull(MsmContext.of(drmFile(onFd)).vmIfMade()).mmu().pagetableBase();
  }

  private DrmFile drmFile(int onFd) {
    try {
      return (DrmFile) process.files().file(onFd).operations();
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  /** A buffer of one page with {@code dwords} at its start. */
  int commands(int... dwords) {
    int handle = gemNew(PAGE_BYTES);
    long va = mmap(handle);
    for (int i = 0; i < dwords.length; i++) {
      machine.userAccess.store(process, va + 4L * i, 4, dwords[i]);
    }
    long _ = machine.syscalls.munmap(process, va, PAGE_BYTES);
    return handle;
  }

  /** Commands that write one word. */
  static int[] memWrite(long iova, int value) {
    return new int[] {Pm4.packet(Pm4Opcode.MEM_WRITE, 3), (int) iova, (int) (iova >>> 32), value};
  }

  /** Commands that write one register. */
  static int[] regWrite(int register, int value) {
    return new int[] {Pm4.writeRegisters(register, 1), value};
  }

  /** Commands that wait for what never comes. */
  static int[] hang() {
    return new int[] {Pm4.packet(Pm4Opcode.WAIT_REG_MEM, 6), 0x3 | 1 << 4, 0, 1, 0x12345678, -1, 0};
  }

  /** What the CPU reads at {@code offset} of a buffer. */
  int load(int handle, long offset) {
    long va = mmap(handle);
    int value = (int) machine.userAccess.load(process, va + offset, 4);
    long _ = machine.syscalls.munmap(process, va, PAGE_BYTES);
    return value;
  }

  // ---- submits

  GemSubmit submitArgs(int flags, int bos, int cmds) {
    return new GemSubmit(0x10 | flags, 0, bos, cmds, ptr(BOS), ptr(CMDS), -1, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Puts a table of buffers where {@link #submitArgs} says, all to be read and written. */
  void bos(int... handles) {
    GemSubmitBo[] table = new GemSubmitBo[handles.length];
    for (int i = 0; i < handles.length; i++) {
      table[i] = new GemSubmitBo(GemSubmitBo.READ | GemSubmitBo.WRITE, handles[i], 0);
    }
    bos(table);
  }

  void bos(GemSubmitBo... table) {
    for (int i = 0; i < table.length; i++) {
      store(BOS + 16 * i, GemSubmitBo.LAYOUT, table[i]::write);
    }
  }

  /** Puts commands of {@code sizeBytes} in buffer 0 of the table where {@link #submitArgs} says. */
  void cmd(int sizeBytes) {
    cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, sizeBytes, 0, 0, 0));
  }

  void cmd(GemSubmitCmd cmd) {
    store(CMDS, GemSubmitCmd.LAYOUT, cmd::write);
  }

  /** Submits {@code cmd} {@code count} times over, with the table of one buffer. */
  @Nullable Errno submitMany(GemSubmitCmd cmd, int count) {
    int bytes = CStruct.sizeof(GemSubmitCmd.LAYOUT);
    MemorySegment table = MemorySegment.ofArray(new long[bytes * count / 8]);
    for (int i = 0; i < count; i++) {
      cmd.write(table, (long) i * bytes);
    }
    long at =
        machine.syscalls.mmap(
            process,
            table.byteSize(),
            Prot.READ | Prot.WRITE,
            Syscalls.MAP_PRIVATE | Syscalls.MAP_ANONYMOUS,
            -1,
            0);
    machine.userAccess.store(process, at, table);
    Errno error =
        trySubmit(new GemSubmit(0x10, 0, 1, count, ptr(BOS), at, -1, 0, 0, 0, 0, 0, 0, 0));
    long _ = machine.syscalls.munmap(process, at, table.byteSize());
    return error;
  }

  @Nullable Errno trySubmit(GemSubmit args) {
    return error(MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT, args::write);
  }

  /** Submits {@code dwords} with {@code handles} beside them; returns the fence. */
  int submit(int[] dwords, int... handles) {
    int[] all = new int[handles.length + 1];
    all[0] = commands(dwords);
    System.arraycopy(handles, 0, all, 1, handles.length);
    bos(all);
    cmd(4 * dwords.length);
    succeed(fd, MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT, submitArgs(0, all.length, 1)::write);
    return answer(GemSubmit::read).fence();
  }

  @Nullable Errno waitFence(int fence) {
    return waitFence(fence, NEVER_SECONDS);
  }

  @Nullable Errno waitFence(int fence, long untilSeconds) {
    WaitFence args = new WaitFence(fence, 0, new MsmTimespec(untilSeconds, 0), 0);
    return error(MsmIoctl.WAIT_FENCE, WaitFence.LAYOUT, args::write);
  }

  /** The driver's lines of the GPU's fdinfo. */
  String driverFdinfo() {
    DrmFile file = drmFile(fd);
    return file.device().driver().fdinfo(file);
  }

  /** How many submits of a queue hung. */
  int faultsOfQueue(int queue) {
    SubmitQueueQuery args =
        new SubmitQueueQuery(ptr(DATA), queue, SubmitQueueQuery.FAULTS, Integer.BYTES, 0);
    succeed(fd, MsmIoctl.SUBMITQUEUE_QUERY, SubmitQueueQuery.LAYOUT, args::write);
    return (int) machine.userAccess.load(process, ptr(DATA), Integer.BYTES);
  }

  // ---- text files

  private long openFile(String path, int flags) {
    machine.userAccess.store(
        process, ptr(DATA), MemorySegment.ofArray((path + "\0").getBytes(UTF_8)));
    return machine.syscalls.open(process, ptr(DATA), flags);
  }

  /** Opens a file, which must succeed. */
  int open(String path, int flags) {
    long opened = openFile(path, flags);
    assertWithMessage("open %s", path).that(opened).isAtLeast(0L);
    return (int) opened;
  }

  /** The error of opening a file; null if that succeeds. */
  @Nullable Errno openErrno(String path) {
    long opened = openFile(path, OpenFlags.O_RDONLY);
    if (opened >= 0) {
      long _ = machine.syscalls.close(process, (int) opened);
    }
    return Errno.ofReturnValue(opened);
  }

  /** All of a text file. */
  String readFile(String path) {
    int opened = open(path, OpenFlags.O_RDONLY);
    StringBuilder text = new StringBuilder();
    int room = PAGE_BYTES - DATA;
    long got;
    do {
      got = machine.syscalls.read(process, opened, ptr(DATA), room);
      byte[] bytes = new byte[(int) got];
      machine.userAccess.load(process, ptr(DATA), MemorySegment.ofArray(bytes));
      text.append(new String(bytes, UTF_8));
    } while (got > 0);
    long _ = machine.syscalls.close(process, opened);
    return text.toString();
  }

  /** Writes to a text file and returns the error; null if there is none. */
  @Nullable Errno writeFile(String path, String text) {
    int opened = open(path, OpenFlags.O_WRONLY);
    byte[] bytes = text.getBytes(UTF_8);
    machine.userAccess.store(process, ptr(DATA), MemorySegment.ofArray(bytes));
    long written = machine.syscalls.write(process, opened, ptr(DATA), bytes.length);
    long _ = machine.syscalls.close(process, opened);
    return Errno.ofReturnValue(written);
  }

  /** Ends the process, whatever it has in flight. */
  void exit() {
    machine.syscalls.exit(process);
  }
}
