package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.attacks.Bystander;
import org.smmulator.attacks.RawMsm;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.process.ProcessDied;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.dmabuf.DmaHeapIoctl;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.userspace.Client;

/**
 * The input is a program of calls on a DRM node, with any bytes as structs and any pointers.
 *
 * <p>A call is a byte that says which (its low three bits: four kinds of ioctl, a store, a mapping,
 * a descriptor, a pause; the next whether a known ioctl is one that shares), a byte that chooses
 * among its forms, and what it takes. In what is stored an aligned 64-bit word whose top byte is
 * {@link #POINTER} becomes a pointer into the program's memory; so that a fuzzer can make structs
 * that lead to structs. Every call gives an errno or succeeds, nobody else's bytes are touched, and
 * nothing is left when the process has ended.
 */
final class IoctlFuzz {
  /** Marks a word that stands for an address: its low bits are an offset into the memory. */
  static final int POINTER = 0xa5;

  private static final int MEMORY_BYTES = 64 << 10;
  private static final int MAX_CALLS = 48;
  private static final int ARGUMENT = 0x8000;
  private static final int MAX_STRUCT_BYTES = 256;
  private static final int PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int[] KNOWN = {
    MsmIoctl.GEM_NEW,
    MsmIoctl.GEM_INFO,
    MsmIoctl.GEM_SUBMIT,
    MsmIoctl.WAIT_FENCE,
    MsmIoctl.GEM_CPU_PREP,
    MsmIoctl.GEM_CPU_FINI,
    MsmIoctl.GEM_MADVISE,
    MsmIoctl.GET_PARAM,
    MsmIoctl.SET_PARAM,
    MsmIoctl.SUBMITQUEUE_NEW,
    MsmIoctl.SUBMITQUEUE_CLOSE,
    MsmIoctl.SUBMITQUEUE_QUERY,
    DrmIoctl.GEM_CLOSE,
    DrmIoctl.VERSION,
    DrmIoctl.GET_CAP,
    DrmIoctl.SYNCOBJ_CREATE,
    DrmIoctl.SYNCOBJ_DESTROY,
  };

  /** Those by which buffers and fences go from file to file, and addresses are chosen. */
  private static final int[] SHARING = {
    DmaHeapIoctl.ALLOC,
    DrmIoctl.PRIME_HANDLE_TO_FD,
    DrmIoctl.PRIME_FD_TO_HANDLE,
    DrmIoctl.GEM_FLINK,
    DrmIoctl.GEM_OPEN,
    MsmIoctl.VM_BIND,
    DrmIoctl.SYNCOBJ_HANDLE_TO_FD,
    DrmIoctl.SYNCOBJ_FD_TO_HANDLE,
    DrmIoctl.SYNCOBJ_TIMELINE_WAIT,
    DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL,
    DrmIoctl.SYNCOBJ_TRANSFER,
    DrmIoctl.SYNCOBJ_QUERY,
    DrmIoctl.SYNCOBJ_EVENTFD,
  };

  /** Where the heap's ioctl and that of PRIME have the descriptor of a buffer. */
  private static final int BUFFER_FD = 8;

  private final Machine machine;
  private final Client own;
  private final MemorySegment input;
  private final long memory;
  private final List<Integer> fds = new ArrayList<>();
  private long next;

  private IoctlFuzz(Machine machine, byte[] data) throws ErrnoException {
    this.machine = machine;
    this.own = machine.host("fuzzer");
    this.input = MemorySegment.ofArray(data);
    this.memory = own.mmapAnonymous(MEMORY_BYTES, READ_WRITE);
    fds.add(own.openNonblocking(RawMsm.NODE));
  }

  /** Runs one program. */
  public static void fuzzerTestOneInput(byte[] data) throws BadInputException, ErrnoException {
    try (Machine machine = Machine.on(FuzzTarget.db845c()).boot()) {
      Bystander bystander = new Bystander(machine);
      IoctlFuzz program = new IoctlFuzz(machine, data);
      program.run();
      program.own.exit();
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
      bystander.assertServed();
      bystander.assertUntouched();
      assertThat(
              machine.dmesg().lines().stream()
                  .filter(line -> line.text().contains("WARNING"))
                  .toList())
          .isEmpty();
    }
  }

  private void run() {
    for (int calls = 0; calls < MAX_CALLS && next < input.byteSize(); calls++) {
      try {
        call();
      } catch (ErrnoException refused) {
        // as it may be
      } catch (ProcessDied death) {
        return;
      }
    }
  }

  private void call() throws ErrnoException {
    int which = u8();
    int form = u8();
    switch (which & 7) {
      case 0, 1, 2, 3 -> ioctl(which, form);
      case 4 -> store(form * 256);
      case 5 -> map(form);
      case 6 -> descriptor(form);
      default -> pause(form);
    }
  }

  // ---- the calls

  private void ioctl(int which, int form) throws ErrnoException {
    int cmd =
        switch (which & 3) {
          case 0, 1 ->
              (which & 8) == 0 ? KNOWN[form % KNOWN.length] : SHARING[form % SHARING.length];
          case 2 -> Ioc.ioc(u8() & 3, DrmIoctl.TYPE, form, u8());
          default -> (int) word();
        };
    boolean wild = (which & 0x80) != 0;
    store(ARGUMENT);
    own.ioctl("fuzz", fd(which >> 4), cmd, wild ? word() : memory + ARGUMENT);
    if (!wild && (cmd == DmaHeapIoctl.ALLOC || cmd == DrmIoctl.PRIME_HANDLE_TO_FD)) {
      fds.add(own.load32(memory + ARGUMENT + BUFFER_FD));
    }
  }

  /** Maps what lies at any offset of the file, touches its first page, and unmaps it or not. */
  private void map(int form) throws ErrnoException {
    long sizeBytes = (form & 4) != 0 ? word() : (1 + (form & 3)) * (long) PAGE;
    long va = own.mmap(fd(form >> 4), word(), sizeBytes);
    own.store32(va, (int) word());
    if ((form & 8) == 0) {
      own.munmap(va, sizeBytes);
    }
  }

  private void descriptor(int form) throws ErrnoException {
    switch (form & 3) {
      case 0 ->
          fds.add(
              (form & 4) == 0
                  ? own.openNonblocking(RawMsm.NODE)
                  : own.openForReading("/dev/dma_heap/system"));
      case 1 -> fds.add(own.dup(fd(form >> 4)));
      case 2 -> own.close(fd(form >> 4));
      default -> {
        byte[] _ = own.read(fd(form >> 4), 16);
      }
    }
  }

  private void pause(int form) {
    long until = machine.scheduler().nowNs() + form * 1_000L;
    machine.scheduler().after(form * 1_000L, () -> {});
    boolean _ = machine.run(() -> machine.scheduler().nowNs() >= until);
  }

  // ---- the input

  private int fd(int which) {
    return fds.get(which % fds.size());
  }

  /** Stores a run of the input's bytes at an offset of the memory. */
  private void store(int offset) {
    int bytes = (int) Math.min(Math.min(u8(), MAX_STRUCT_BYTES), input.byteSize() - next);
    MemorySegment copy = MemorySegment.ofArray(new long[MAX_STRUCT_BYTES / Long.BYTES]);
    MemorySegment.copy(input, next, copy, 0, bytes);
    next += bytes;
    for (long at = 0; at + Long.BYTES <= bytes; at += Long.BYTES) {
      long word = copy.get(WORD, at);
      if (word >>> 56 == POINTER) {
        copy.set(WORD, at, memory + (word & (MEMORY_BYTES - 1)));
      }
    }
    own.store(memory + offset % MEMORY_BYTES, copy.asSlice(0, bytes));
  }

  private int u8() {
    return next < input.byteSize()
        ? Byte.toUnsignedInt(input.get(ValueLayout.JAVA_BYTE, next++))
        : 0;
  }

  /** Eight bytes, fewer at the end. */
  private long word() {
    long word = 0;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      word |= (long) u8() << shift;
    }
    return word;
  }
}
