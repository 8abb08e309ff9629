package org.smmulator.attacks;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.drm.msm.gem.MsmShrinker;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDmaBuf;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibSync;
import org.smmulator.userspace.LibSyncobj;
import org.smmulator.userspace.msm.Pm4Stream;

/**
 * A process that makes calls by chance on a file that others use too. It knows no handle, it
 * guesses: so it meets what the others made a moment ago, or are about to close.
 */
// The memptrs are spared: an A630 cannot keep a client from forging a fence there, see
// MaliciousClientsTest.aForgedFenceIsTheHoleThatAnA630Has.
final class RandomMsmClient implements RandomCaller {
  private static final int PAGE = 4096;
  private static final int HANDLES = 12;
  private static final int QUEUES = 4;
  private static final int SYNCOBJS = 6;

  /** Places where things may lie, from the first address of a file's address space. */
  private static final long[] OFFSETS = {
    0, 0x4000_0000L, 0x6ead_b000L, 0xffff_0000_1000L, 0xffff_0000_8000L
  };

  private static final int[] CACHE_MODES = {GemNew.WC, GemNew.CACHED, GemNew.CACHED_COHERENT};

  private final Machine machine;
  private final Client client;
  private final Random random;
  private final List<RawMsm> files = new ArrayList<>();
  private final long start;
  private final int heap;

  RandomMsmClient(Machine machine, Client client, List<Integer> fds, long seed)
      throws ErrnoException {
    this.machine = machine;
    this.client = client;
    this.random = new Random(seed);
    fds.forEach(fd -> files.add(new RawMsm(client, fd)));
    heap = client.openForReading("/dev/dma_heap/system");
    start = files.getFirst().param(MsmParam.VA_START);
    for (RawMsm file : files) {
      if (random.nextInt(3) == 0) {
        chooseAddresses(file);
      }
    }
  }

  /** Opts in to VM_BIND, unless somebody has used the file already. */
  private static void chooseAddresses(RawMsm file) {
    try {
      int _ = file.bindAddresses();
    } catch (ErrnoException tooLate) {
      // it is as good as any other
    }
  }

  @Override
  public void call() throws ErrnoException {
    call(files.get(random.nextInt(files.size())));
  }

  private int handle() {
    return 1 + random.nextInt(HANDLES);
  }

  private long address() {
    return start + OFFSETS[random.nextInt(OFFSETS.length)] + (long) random.nextInt(24) * PAGE;
  }

  private void call(RawMsm file) throws ErrnoException {
    switch (random.nextInt(34)) {
      case 0, 1, 2 -> {
        int pages = 1 + random.nextInt(4);
        int flags = CACHE_MODES[random.nextInt(3)] | random.nextInt(2) * GemNew.GPU_READONLY;
        int _ = file.gemNew((long) pages * PAGE, flags);
      }
      case 3, 4, 5 -> file.gemClose(handle());
      case 6, 7 -> {
        long _ = file.iova(handle());
      }
      case 8 -> {
        long _ = file.info(handle(), GemInfo.SET_IOVA, random.nextInt(3) == 0 ? 0 : address());
      }
      case 9 -> touch(file);
      case 10, 11, 12, 13, 14 -> submit(file);
      case 15 -> file.await(random.nextInt(QUEUES), 1 + random.nextInt(30), random.nextInt(50_000));
      case 16 -> file.cpuPrep(handle(), 1 + random.nextInt(2), random.nextInt(50_000));
      case 17 -> {
        if (random.nextBoolean()) {
          int _ = file.newQueue(random.nextInt(3));
        } else {
          file.closeQueue(1 + random.nextInt(QUEUES));
        }
      }
      case 18 -> {
        if (random.nextInt(40) == 0) { // who touches it meanwhile dies of SIGBUS
          file.madvise(handle(), GemMadvise.DONTNEED);
          file.madvise(handle(), GemMadvise.WILLNEED);
        } else {
          long _ = file.param(random.nextBoolean() ? MsmParam.VA_START : MsmParam.FAULTS);
        }
      }
      case 19, 20, 21, 22 -> sync(file);
      case 23, 24 -> share(file);
      case 25, 26, 27 -> bind(file);
      case 28 -> submitWhereItLies(file);
      case 30, 31 -> bindLater(file);
      case 32 -> {
        int bytes = 4 * random.nextInt(8);
        file.submitBetween(0, address(), bytes, syncobjOrNone(), syncobjOrNone());
      }
      case 29 -> {
        if (random.nextInt(20) == 0) {
          long _ = shrinker().shrink(1 + random.nextInt(8));
        }
      }
      default -> machine.scheduler().sleep(random.nextInt(3_000));
    }
  }

  /** Somebody writes to {@code shrink} in debugfs. */
  private MsmShrinker shrinker() {
    DrmDevice drm =
        machine.devices().devices().stream()
            .map(device -> device.find(DrmDevice.class))
            .filter(found -> found != null && found.driver() instanceof MsmDriver)
            .findFirst()
            .orElseThrow();
    return ((MsmDriver) drm.driver()).shrinker();
  }

  /** Maps a part of a buffer wherever it likes, or unmaps what is there. */
  private void bind(RawMsm file) throws ErrnoException {
    int op = random.nextInt(5) / 2; // MAP_NULL is rare
    long offset = (long) random.nextInt(3) * PAGE;
    long range = (long) random.nextInt(4) * PAGE;
    int handle = op == VmBindOp.MAP ? handle() : 0;
    file.bind(random.nextInt(QUEUES), new VmBindOp(op, handle, offset, address(), range, 0, 0));
  }

  /**
   * Changes a few ranges behind a fence, perhaps of a job that hangs or of a file that somebody
   * closes meanwhile.
   */
  private void bindLater(RawMsm file) throws ErrnoException {
    List<VmBindOp> ops = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      boolean map = random.nextBoolean();
      long range = (long) random.nextInt(4) * PAGE;
      ops.add(
          new VmBindOp(
              map ? VmBindOp.MAP : VmBindOp.UNMAP, map ? handle() : 0, 0, address(), range, 0, 0));
    }
    file.bindBetween(1, syncobjOrNone(), syncobjOrNone(), ops);
  }

  private int syncobjOrNone() {
    return random.nextInt(SYNCOBJS + 1);
  }

  /** Submits what it has just mapped, or what others map there meanwhile. */
  private void submitWhereItLies(RawMsm file) throws ErrnoException {
    int commands = file.gemNew(PAGE, GemNew.WC);
    int dwords = fill(file, commands);
    long at = address();
    file.bind(1, new VmBindOp(VmBindOp.MAP, commands, 0, at, PAGE, 0, 0));
    int fence = file.submitAt(0, at, 4 * dwords);
    if (random.nextBoolean()) {
      file.await(0, fence, 1_000_000);
    }
  }

  /** Sync objects: puts fences in, takes them out, waits a little, and hands them about. */
  private void sync(RawMsm file) throws ErrnoException {
    LibDrm drm = new LibDrm(client, file.fd);
    LibSyncobj syncobjs = new LibSyncobj(drm);
    int one = 1 + random.nextInt(SYNCOBJS);
    int other = 1 + random.nextInt(SYNCOBJS);
    long point = random.nextInt(8);
    int flags = random.nextInt(16);
    long untilNs = client.nowNs() + random.nextInt(20_000);
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> {
        int _ = drm.createSyncobj(random.nextInt(2));
      }
      case 3 -> drm.destroySyncobj(one);
      case 4, 5 -> {
        int _ = syncobjs.await(new int[] {one, other}, untilNs, flags & 3);
      }
      case 6, 7 -> {
        long[] points = {point, random.nextInt(8)};
        int _ = syncobjs.awaitPoints(new int[] {one, other}, points, untilNs, flags);
      }
      case 8 -> syncobjs.reset(one);
      case 9 -> syncobjs.signal(one, other);
      case 10 -> syncobjs.signalPoints(new int[] {one, other}, new long[] {point, point + 1});
      case 11 -> syncobjs.transfer(one, point, other, random.nextInt(4), 0);
      case 12 -> {
        long _ = syncobjs.query(one, random.nextInt(2));
      }
      default -> handAbout(syncobjs, one, other, point);
    }
  }

  /** Shared buffers: into whichever file, waited for, mapped, and closed. */
  private void share(RawMsm file) throws ErrnoException {
    LibDrm drm = new LibDrm(client, file.fd);
    LibDrm into = new LibDrm(client, files.get(random.nextInt(files.size())).fd);
    LibDmaBuf buffers = new LibDmaBuf(client);
    int fd =
        random.nextInt(4) == 0
            ? buffers.allocate(heap, 1 + random.nextInt(3 * PAGE))
            : drm.primeHandleToFd(handle(), random.nextInt(2) * DrmPrimeHandle.RDWR);
    try {
      int imported = into.primeFdToHandle(fd);
      switch (random.nextInt(4)) {
        case 0 -> into.closeGem(imported);
        case 1 -> buffers.sync(fd, 1 + random.nextInt(7));
        case 2 -> {
          int fence = buffers.exportSyncFile(fd, 1 + random.nextInt(3));
          buffers.importSyncFile(fd, 1 + random.nextInt(3), fence);
          client.close(fence);
        }
        default -> {
          long va = client.mmap(fd, 0, PAGE);
          client.store32(va, random.nextInt());
          client.munmap(va, PAGE);
        }
      }
    } finally {
      client.close(fd);
    }
  }

  private void handAbout(LibSyncobj syncobjs, int one, int other, long point)
      throws ErrnoException {
    int fd =
        switch (random.nextInt(3)) {
          case 0 -> syncobjs.toFd(one);
          case 1 -> syncobjs.exportSyncFile(one, point);
          default -> client.eventfd(0, 0);
        };
    try {
      switch (random.nextInt(4)) {
        case 0 -> {
          int _ = syncobjs.fromFd(fd);
        }
        case 1 -> syncobjs.importSyncFile(other, fd, random.nextInt(8));
        case 2 -> syncobjs.signalEventFd(other, point, fd, random.nextInt(2) * 4);
        default -> {
          int merged = new LibSync(client).merge("merged", fd, fd);
          client.close(merged);
        }
      }
    } finally {
      client.close(fd);
    }
  }

  /** Maps a buffer, writes and reads it, and unmaps it, perhaps when its handle is long gone. */
  private void touch(RawMsm file) throws ErrnoException {
    long va = file.mmap(handle(), PAGE);
    try {
      client.store32(va, random.nextInt());
      int _ = client.load32(va);
      machine.scheduler().sleep(random.nextInt(2_000));
      client.store32(va + 8, random.nextInt());
    } finally {
      client.munmap(va, PAGE);
    }
  }

  private void submit(RawMsm file) throws ErrnoException {
    int commands = file.gemNew(PAGE, GemNew.WC);
    int dwords = fill(file, commands);
    List<GemSubmitBo> bos = new ArrayList<>();
    bos.add(new GemSubmitBo(GemSubmitBo.READ, commands, 0));
    for (int i = random.nextInt(4); i > 0; i--) {
      int flags = 1 + random.nextInt(3) | random.nextInt(8) / 7 * GemSubmitBo.NO_IMPLICIT;
      bos.add(new GemSubmitBo(flags, handle(), 0));
    }
    GemSubmitCmd cmd =
        new GemSubmitCmd(1 + random.nextInt(3), 0, 0, 4 * dwords, 0, 0, random.nextInt(2));
    try {
      int queue = random.nextInt(3) == 0 ? random.nextInt(QUEUES) : 0;
      int fence = file.submit(queue, bos, List.of(cmd));
      if (random.nextInt(3) == 0) {
        file.await(queue, fence, 1_000_000);
      }
    } finally {
      if (random.nextInt(4) != 0) {
        file.gemClose(commands);
      }
    }
  }

  /** Fills a buffer with packets that read and write wherever buffers may be; returns its size. */
  private int fill(RawMsm file, int handle) throws ErrnoException {
    long va = file.mmap(handle, PAGE);
    try {
      Pm4Stream stream = file.stream();
      for (int packets = 1 + random.nextInt(6); packets > 0; packets--) {
        addPacket(stream);
      }
      ImmutableIntArray dwords = stream.dwords();
      for (int i = 0; i < dwords.length(); i++) {
        client.store32(va + 4L * i, dwords.get(i));
      }
      return dwords.length();
    } finally {
      client.munmap(va, PAGE);
    }
  }

  private void addPacket(Pm4Stream stream) {
    switch (random.nextInt(8)) {
      case 0 -> stream.nop(1 + random.nextInt(2));
      case 1, 2, 3 -> stream.memWrite(address(), random.nextInt());
      case 4, 5 -> stream.memCopy(address(), address());
      case 6 -> {
        if (hasMemCopyPacket()) {
          long to = address();
          long from = address();
          stream.raw(Pm4.packet(Pm4Opcode.MEMCPY, 5), 8, lo(from), hi(from), lo(to), hi(to));
        }
      }
      default -> {
        if (random.nextInt(40) == 0) {
          stream.raw(random.nextInt()); // nonsense, which mostly hangs the GPU
        } else {
          stream.nop(0);
        }
      }
    }
  }

  /** Those GPUs have it whose addresses have 64 bits. */
  private boolean hasMemCopyPacket() {
    return hi(start) != 0;
  }

  private static int lo(long address) {
    return (int) address;
  }

  private static int hi(long address) {
    return (int) (address >>> 32);
  }
}
