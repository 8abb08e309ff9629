package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.dmabuf.OnePage.ARG;
import static org.smmulator.dmabuf.OnePage.NOWHERE;
import static org.smmulator.dmabuf.OnePage.READ_ONLY;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EMFILE;
import static org.smmulator.kernel.errno.Errno.ENOTTY;
import static org.smmulator.kernel.fs.FileOperations.POLLIN;
import static org.smmulator.kernel.fs.FileOperations.POLLOUT;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.UserContext;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.dmabuf.DmaBufSyncFile;

/** A buffer behind a descriptor: what dma-buf.c answers, and whom it waits for. */
@SuppressWarnings("NullAway.Init") // made before each test
class DmaBufTest {
  private static final int READ = DmaBufSync.READ;
  private static final int WRITE = DmaBufSync.WRITE;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, 0));
  private final ReservationClass reservations = new ReservationClass(new Lockdep(scheduler));
  private final Reservation reservation = reservations.reservation();
  private final OnePage memory = new OnePage();
  private final FdTable files = new FdTable(new FaultInjector());
  private final Caller user = new Caller(new Task(100, "client", false), memory, files);
  private final List<String> log = new ArrayList<>();
  private DmaBuf buffer;
  private int fd;

  /** An exporter that lets everybody map, and says when it is let go. */
  private final class Exporter implements DmaBuf.Exporter {
    @Override
    public VmaBacking mmap() {
      throw new UnsupportedOperationException("mapped");
    }

    @Override
    public ScatterList map(Device device, DmaApi dma, DmaDirection direction) {
      throw new AssertionError();
    }

    @Override
    public void unmap(Device device, DmaApi dma, ScatterList pieces, DmaDirection direction) {
      throw new AssertionError();
    }

    @Override
    public void release() {
      log.add("released");
    }
  }

  @BeforeEach
  void export() throws Exception {
    buffer = new DmaBuf(contexts, 8192, reservation, new Exporter(), "mock", OpenFlags.O_RDWR);
    fd = buffer.install(files.reserve());
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  private void inTask(UserContext.Body body) {
    UserContext.run(scheduler, body);
  }

  private Fence used(Usage usage) {
    Fence fence = new Fence(contexts, "mock", "device", contexts.alloc(1), 1);
    inTask(() -> {
      try (var _ = reservation.lockAlone()) {
        reservation.reserve(1);
        reservation.add(fence, usage);
      }
    });
    return fence;
  }

  private @Nullable Errno ioctl(int cmd, long userPtr) {
    try {
      assertThat(buffer.ioctl(user, cmd, userPtr)).isEqualTo(0);
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private @Nullable Errno sync(long flags) {
    new DmaBufSync(flags).write(memory.page, 0);
    return ioctl(DmaBufIoctl.SYNC, ARG);
  }

  private @Nullable Errno syncFile(int cmd, int flags, int with, long userPtr) {
    new DmaBufSyncFile(flags, with).write(memory.page, 0);
    return ioctl(cmd, userPtr);
  }

  /** The fence of the sync file that an export gives. */
  private Fence exported(int flags) throws ErrnoException {
    assertThat(syncFile(DmaBufIoctl.EXPORT_SYNC_FILE, flags, -1, ARG)).isNull();
    return SyncFile.fenceOf(user, DmaBufSyncFile.read(memory.page, 0).fd());
  }

  // ---- errors

  @Test
  void eachErrorAndWhichOfTwoComesFirst() {
    int export = DmaBufIoctl.EXPORT_SYNC_FILE;
    int imported = DmaBufIoctl.IMPORT_SYNC_FILE;
    assertThat(ioctl(Ioc.io('b', 9), NOWHERE)).isEqualTo(ENOTTY);
    assertThat(ioctl(DmaBufIoctl.SYNC, NOWHERE)).isEqualTo(EFAULT);
    for (long flags : new long[] {0, DmaBufSync.END, 8, READ | 8, 1L << 32 | READ}) {
      assertWithMessage("flags %s", flags).that(sync(flags)).isEqualTo(EINVAL);
    }
    for (int cmd : new int[] {export, imported}) {
      assertThat(syncFile(cmd, READ, -1, NOWHERE)).isEqualTo(EFAULT);
      for (int flags : new int[] {0, DmaBufSync.END, READ | DmaBufSync.END, 8}) {
        assertWithMessage("flags %s", flags).that(syncFile(cmd, flags, -1, ARG)).isEqualTo(EINVAL);
      }
    }
    assertThat(syncFile(export, READ, -1, READ_ONLY)).isEqualTo(EFAULT);
    assertThat(syncFile(imported, READ, 77, ARG)).isEqualTo(EINVAL);
    assertThat(syncFile(imported, READ, fd, ARG)).isEqualTo(EINVAL);
    assertThat(ioctl(DmaBufIoctl.SET_NAME_A, NOWHERE)).isEqualTo(EFAULT);

    assertThat(files.descriptors()).containsExactly(fd); // nothing was left behind
    while (files.descriptors().size() < 1024) {
      assertThat(syncFile(export, WRITE, -1, ARG)).isNull();
    }
    assertThat(syncFile(export, WRITE, -1, READ_ONLY)).isEqualTo(EMFILE);
  }

  /** Kernel: {@code dma_buf_mmap_internal()}. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, true",
    "0, 8192, true",
    "4096, 4096, true",
    "0, 8193, false",
    "4096, 4097, false",
    "8192, 1, false",
    "-4096, 8192, false",
  })
  void itIsMappedAsFarAsItGoes(long offset, long length, boolean fits) {
    Exception e = assertThrows(Exception.class, () -> buffer.mmap(user, offset, length));

    assertThat(e).hasMessageThat().isEqualTo(fits ? "mapped" : e.getMessage());
    assertThat(e instanceof ErrnoException refused && refused.errno() == EINVAL).isEqualTo(!fits);
  }

  @Test
  void itsDescriptorIsKnownAndNoOther() throws Exception {
    int other = files.reserve().install(SyncFile.open(contexts.stub()));

    assertThat(DmaBuf.lookup(user, fd)).isSameInstanceAs(buffer);
    assertThat(assertThrows(ErrnoException.class, () -> DmaBuf.lookup(user, 77)).errno())
        .isEqualTo(EBADF);
    assertThat(assertThrows(ErrnoException.class, () -> DmaBuf.lookup(user, other)).errno())
        .isEqualTo(EINVAL);
    files.close(fd);
    assertThat(log).isEmpty(); // the lookup's reference
    buffer.put();
    assertThat(log).containsExactly("released");
  }

  /** Kernel: {@code dma_buf_show_fdinfo()}, {@code dma_buf_set_name()}. */
  @Test
  void itsNameIsUpTo31BytesAndShows() {
    assertThat(buffer.sizeBytes()).isEqualTo(8192);
    assertThat(buffer.fdinfo()).isEqualTo("size:\t8192\ncount:\t1\nexp_name:\tmock\n");

    memory.page.setString(0, "x".repeat(32));
    assertThat(ioctl(DmaBufIoctl.SET_NAME_A, ARG)).isEqualTo(EINVAL);
    memory.page.setString(0, "x".repeat(31));
    assertThat(ioctl(DmaBufIoctl.SET_NAME_B, READ_ONLY)).isNull();
    memory.page.setString(0, "canvas");
    assertThat(ioctl(DmaBufIoctl.SET_NAME_A, ARG)).isNull();

    assertThat(buffer.get().fdinfo())
        .isEqualTo("size:\t8192\ncount:\t2\nexp_name:\tmock\nname:\tcanvas\n");
  }

  // ---- whom the CPU waits for

  /** Kernel: {@code dma_buf_begin_cpu_access()}; exporters here do nothing at the end. */
  @ParameterizedTest
  @CsvSource({
    "READ, 1, false",
    "READ, 2, true",
    "READ, 3, true",
    "WRITE, 1, true",
    "WRITE, 2, true",
    "WRITE, 6, false",
    "READ, 6, false",
    "BOOKKEEP, 3, false",
  })
  void toReadWaitsForWritersToWriteForAllAndToEndForNobody(Usage usage, int flags, boolean waits) {
    Fence fence = used(usage);
    scheduler.after(1_000, fence::signal);
    inTask(() -> {
      long before = scheduler.nowNs();
      assertThat(sync(flags)).isNull();
      assertThat(scheduler.nowNs() - before).isEqualTo(waits ? 1_000 : 0);
    });
  }

  /** Kernel: {@code dma_buf_export_sync_file()}. */
  @Test
  void anExportedFileSignalsWithTheWritersOrWithAll() throws Exception {
    assertThat(exported(WRITE).isSignaled()).isTrue(); // idle
    Fence reader = used(Usage.READ);
    Fence writer = used(Usage.WRITE);

    Fence toRead = exported(READ);
    Fence toWrite = exported(WRITE);

    assertThat(toRead).isSameInstanceAs(writer);
    writer.signal();
    assertThat(toWrite.isSignaled()).isFalse();
    reader.signal();
    assertThat(toWrite.isSignaled()).isTrue();
  }

  /** Kernel: {@code dma_buf_import_sync_file()}. */
  @ParameterizedTest
  @CsvSource({"1, false", "2, true", "3, true"})
  void anImportedFilesFencesAreThoseOfAReaderOrAWriter(int flags, boolean writer) throws Exception {
    Fence one = new Fence(contexts, "mock", "one", contexts.alloc(1), 1);
    Fence two = new Fence(contexts, "mock", "two", contexts.alloc(1), 1);
    int both = files.reserve().install(SyncFile.open(contexts.all(ImmutableList.of(one, two))));

    inTask(() -> assertThat(syncFile(DmaBufIoctl.IMPORT_SYNC_FILE, flags, both, ARG)).isNull());

    assertThat(reservation.pending(Usage.READ)).containsExactly(one, two);
    assertThat(reservation.pending(Usage.WRITE)).hasSize(writer ? 2 : 0);
  }

  // ---- poll

  /** Kernel: {@code dma_buf_poll()}. */
  @Test
  void itIsReadableWithoutWritersAndWritableWhenIdle() {
    assertThat(buffer.poll()).isEqualTo(POLLIN | POLLOUT);
    Fence reader = used(Usage.READ);
    assertThat(buffer.poll()).isEqualTo(POLLIN);
    Fence writer = used(Usage.WRITE);
    assertThat(buffer.poll()).isEqualTo(0);
    Runnable listener = () -> log.add("poll " + buffer.poll());
    buffer.addPollListener(listener);

    writer.signal();
    reader.signal();

    assertThat(log).containsExactly("poll 1", "poll 5").inOrder();
    Fence later = used(Usage.WRITE);
    buffer.removePollListener(listener);
    later.signal();
    assertThat(log).hasSize(2);
  }

  @Test
  void aBufferThatIsClosedTellsNobody() throws Exception {
    Fence writer = used(Usage.WRITE);
    buffer.addPollListener(() -> log.add("told"));

    files.close(fd);
    writer.signal();

    assertThat(log).containsExactly("released");
  }
}
