package org.smmulator.failures;

import java.util.List;
import org.smmulator.attacks.RawMsm;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.VmBindOp;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDmaBuf;
import org.smmulator.userspace.LibDrm;

/** A client with a file that is in use and one that is just open, ready for any call. */
final class MsmClient {
  private static final int READ_WRITE = 3;
  private static final long LONG_NS = 1_000_000_000_000L;
  static final int PAGE = 4096;
  static final int LARGE_BYTES = 9 * PAGE;
  private static final long FREE_OFFSET = 0x4000_0000;

  final Client own;
  final RawMsm used;
  final RawMsm fresh;

  /** Commands of the file in use. */
  final int commands;

  /** A buffer of nine pages that no call has looked at. */
  final int buffer;

  /** The only buffer of the other file. */
  final int freshBuffer;

  /** A file whose addresses the client chooses, its queue of changes, and a buffer of it. */
  final RawMsm bound;

  final int bindQueue;
  final int boundBuffer;

  /** An address of each file where nothing is. */
  final long free;

  /** Memory of the process. */
  final long memory;

  /** The open heap of shared buffers. */
  private final int heap;

  MsmClient(Machine machine) throws ErrnoException {
    own = machine.host("client");
    heap = own.openForReading("/dev/dma_heap/system");
    used = new RawMsm(own, own.open(RawMsm.NODE));
    fresh = new RawMsm(own, own.open(RawMsm.NODE));
    free = used.param(MsmParam.VA_START) + FREE_OFFSET;
    memory = own.mmapAnonymous(PAGE, READ_WRITE);
    own.store32(memory, 1);
    commands = used.gemNew(PAGE, GemNew.WC);
    long va = used.mmap(commands, PAGE);
    own.store32(va, used.stream().nop(0).dwords().get(0));
    used.await(0, used.submit(0, List.of(bo(commands)), 4), LONG_NS);
    buffer = used.gemNew(LARGE_BYTES, GemNew.WC);
    freshBuffer = fresh.gemNew(PAGE, GemNew.WC);
    bound = new RawMsm(own, own.open(RawMsm.NODE));
    bindQueue = bound.bindAddresses();
    boundBuffer = bound.gemNew(LARGE_BYTES, GemNew.WC);
  }

  static GemSubmitBo bo(int handle) {
    return new GemSubmitBo(RawMsm.READ_WRITE, handle, 0);
  }

  /** The DRM core's ioctls on the file in use. */
  LibDrm usedDrm() {
    return new LibDrm(own, used.fd);
  }

  /** Maps a buffer at an address of its own choice. */
  long bind() throws ErrnoException {
    bound.bind(bindQueue, new VmBindOp(VmBindOp.MAP, boundBuffer, 0, free, LARGE_BYTES, 0, 0));
    return free;
  }

  /** Shares the large buffer with the other file, and returns its handle there. */
  long handOver() throws ErrnoException {
    int fd = usedDrm().primeHandleToFd(buffer, 0);
    try {
      return new LibDrm(own, fresh.fd).primeFdToHandle(fd);
    } finally {
      own.close(fd);
    }
  }

  /** Makes a buffer of no device, and returns its descriptor. */
  long heapBuffer() throws ErrnoException {
    return new LibDmaBuf(own).allocate(heap, LARGE_BYTES);
  }

  /** Imports a buffer that no device made, and returns its handle and address. */
  long importForeign() throws ErrnoException {
    int fd = (int) heapBuffer();
    try {
      return usedDrm().primeFdToHandle(fd);
    } finally {
      own.close(fd);
    }
  }

  /** The next of everything that is counted: handle, address, queue, descriptor, fence, mapping. */
  List<Long> nextOfEach() throws ErrnoException {
    int handle = used.gemNew(PAGE, GemNew.WC);
    long iova = used.iova(handle);
    int fence = used.submit(0, List.of(bo(commands), bo(buffer)), 4);
    used.await(0, fence, LONG_NS);
    return List.of(
        (long) handle,
        iova,
        used.iova(buffer),
        (long) fence,
        (long) used.newQueue(0),
        (long) own.dup(used.fd),
        used.mmap(handle, PAGE),
        (long) fresh.gemNew(PAGE, GemNew.WC),
        fresh.iova(freshBuffer));
  }
}
