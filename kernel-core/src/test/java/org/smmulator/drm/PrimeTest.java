package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.drm.DrmTrial.PAGE;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EMFILE;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOTTY;
import static org.smmulator.kernel.errno.Errno.EPERM;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.dmabuf.DmaBufSyncFile;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmGemFlink;
import org.smmulator.uapi.drm.DrmGemOpen;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmPrimeHandle;

/** Buffers by descriptor and by name: drm_prime.c, dma-buf.c, and FLINK and OPEN of drm_gem.c. */
class PrimeTest {
  private static final long NOWHERE = 0x10;
  private static final int BUFFER_BYTES = 2 * 4096;

  private final DrmTrial trial = new DrmTrial();
  private final DrmDevice device = trial.device();
  private final FdTable files = (FdTable) trial.user.files();
  private final Caller root = trial.caller("root", true);
  private DrmFile file;
  private DrmFile other;

  @BeforeEach
  void open() throws Exception {
    file = device.openRender(trial.user);
    other = device.openRender(trial.user);
  }

  @AfterEach
  void close() {
    trial.close();
  }

  // ---- handles and descriptors

  @Test
  void theSameBufferIsTheSameHandleAndTheSameFile() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    int fd = export(file, handle);
    int again = export(file, handle);

    assertThat(files.file(again)).isSameInstanceAs(files.file(fd));
    assertThat(importInto(file, fd)).isEqualTo(handle);
    int imported = importInto(other, fd);
    assertThat(importInto(other, again)).isEqualTo(imported);
    assertThat(files.file(export(other, imported))).isSameInstanceAs(files.file(fd));
    assertThat(object(other, imported)).isSameInstanceAs(object(file, handle));
  }

  @Test
  void aHandleThatWasClosedIsMadeAnew() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    int fd = export(file, handle);
    int imported = importInto(other, fd);
    closeGem(other, imported);
    int taken = trial.buffer(other, trial.gem(device));
    assertThat(taken).isEqualTo(imported);

    assertThat(importInto(other, fd)).isNotEqualTo(taken);
  }

  @Test
  void aDescriptorKeepsTheBufferAndTheLastOneFreesIt() throws Exception {
    DrmTrial.Gem gem = trial.gem(device);
    int handle = trial.buffer(file, gem);
    int fd = export(file, handle);

    closeGem(file, handle);
    assertThat(gem.freed).isFalse();
    int imported = importInto(other, fd); // its maker has let go of it
    files.close(fd);
    assertThat(gem.freed).isFalse();
    closeGem(other, imported);

    assertThat(gem.freed).isTrue();
  }

  @Test
  void closingTheFileLetsGoOfAllThatItShared() throws Exception {
    List<DrmTrial.Gem> gems = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      gems.add(trial.gem(device));
      int fd = export(file, trial.buffer(file, gems.get(i)));
      int _ = importInto(other, fd);
      files.close(fd);
    }

    file.release();
    assertThat(gems.stream().noneMatch(gem -> gem.freed)).isTrue();
    other.release();

    assertThat(gems.stream().allMatch(gem -> gem.freed)).isTrue();
  }

  @Test
  void anotherHandleToTheSameBufferMakesTheSameFileAndTheFirstIsFound() throws Exception {
    DrmTrial.Gem gem = trial.gem(device);
    int first = file.handles().create(gem);
    int second = file.handles().create(gem);
    gem.put();
    int fd = export(file, second);
    assertThat(files.file(export(file, first))).isSameInstanceAs(files.file(fd));

    assertThat(importInto(file, fd)).isEqualTo(second);
    closeGem(file, second);
    assertThat(importInto(file, fd)).isEqualTo(first);
  }

  @Test
  void eachErrorAndWhichOfTwoComesFirst() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    DrmTrial.Gem secret = trial.gem(device);
    secret.mayBeShared = false;
    int secretHandle = trial.buffer(file, secret);
    int noBuffer = files.reserve().install(SyncFile.open(trial.core.fences().stub()));
    int foreign = foreignBuffer();

    record Row(String why, Errno errno, int cmd, DrmPrimeHandle arg) {}
    int toFd = DrmIoctl.PRIME_HANDLE_TO_FD;
    int toHandle = DrmIoctl.PRIME_FD_TO_HANDLE;
    for (Row row :
        List.of(
            new Row("flags before the handle", EINVAL, toFd, new DrmPrimeHandle(9, 1, 0)),
            new Row("no such handle", ENOENT, toFd, new DrmPrimeHandle(9, 0, 0)),
            new Row("not to be shared", EPERM, toFd, new DrmPrimeHandle(secretHandle, 0, 0)),
            new Row("not open", EBADF, toHandle, new DrmPrimeHandle(0, 0, 77)),
            new Row("negative", EBADF, toHandle, new DrmPrimeHandle(0, 0, -1)),
            new Row("no buffer", EINVAL, toHandle, new DrmPrimeHandle(0, 1, noBuffer)),
            new Row("another device's", EINVAL, toHandle, new DrmPrimeHandle(0, 0, foreign)))) {
      assertWithMessage(row.why)
          .that(trial.errno(file, row.cmd, row.arg::write))
          .isEqualTo(row.errno);
    }
    assertThat(files.descriptors()).containsExactly(noBuffer, foreign);
    assertThat(trial.errno(file, toFd, new DrmPrimeHandle(handle, 1 << 19 | 2, 0)::write)).isNull();
    while (DrmTrial.errno(() -> files.reserve()) == null) {}
    assertThat(trial.errno(file, toFd, new DrmPrimeHandle(9, 0, 0)::write)).isEqualTo(EMFILE);
  }

  private int foreignBuffer() throws ErrnoException {
    DrmDevice foreign = trial.device();
    DrmFile foreignFile = foreign.openRender(trial.user);
    return export(foreignFile, trial.buffer(foreignFile, trial.gem(foreign)));
  }

  @Test
  void anImportWithoutAFreeHandleLeavesNothing() throws Exception {
    DrmTrial.Gem gem = trial.gem(device);
    int handle = trial.buffer(file, gem);
    int fd = export(file, handle);
    closeGem(file, handle);
    DrmTrial.Gem filler = trial.gem(device);
    for (int i = 0; i < GemHandles.MAX_HANDLES; i++) {
      int _ = other.handles().create(filler);
    }

    assertThat(trial.errno(other, DrmIoctl.PRIME_FD_TO_HANDLE, new DrmPrimeHandle(0, 0, fd)::write))
        .isEqualTo(ENOMEM);
    files.close(fd);

    assertThat(gem.freed).isTrue();
  }

  @Test
  void aDescriptorIsOpenAsItWasFirstAskedFor() throws Exception {
    int plain = export(file, trial.buffer(file, trial.gem(device)));
    int handle = trial.buffer(file, trial.gem(device));
    DrmPrimeHandle asked = new DrmPrimeHandle(handle, DrmPrimeHandle.RDWR, 0);
    trial.ioctl(file, DrmIoctl.PRIME_HANDLE_TO_FD, asked::write);

    assertThat(files.file(plain).isWritable()).isFalse();
    assertThat(files.file(DrmPrimeHandle.read(trial.page, 0).fd()).isWritable()).isTrue();
  }

  // ---- the file of a buffer

  @Test
  void aMappingIsAsLargeAsTheBufferAtMost() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    FileOperations buffer = files.file(export(file, handle)).operations();

    assertThat(buffer.mmap(trial.user, 0, BUFFER_BYTES)).isSameInstanceAs(object(file, handle));
    assertThat(buffer.mmap(trial.user, 4096, 4096)).isSameInstanceAs(object(file, handle));
    assertThat(DrmTrial.errno(() -> buffer.mmap(trial.user, 0, BUFFER_BYTES + 1)))
        .isEqualTo(EINVAL);
    assertThat(DrmTrial.errno(() -> buffer.mmap(trial.user, 4096, BUFFER_BYTES))).isEqualTo(EINVAL);
    assertThat(DrmTrial.errno(() -> buffer.mmap(trial.user, -4096, 4096))).isEqualTo(EINVAL);
  }

  @Test
  void theFilesErrorsInTheirOrder() throws Exception {
    int fd = export(file, trial.buffer(file, trial.gem(device)));
    FileOperations buffer = files.file(fd).operations();
    record Row(String why, Errno errno, int cmd, long userPtr, DrmTrial.Writer arg) {}
    int in = DmaBufIoctl.IMPORT_SYNC_FILE;
    int out = DmaBufIoctl.EXPORT_SYNC_FILE;
    for (Row row :
        List.of(
            new Row("no such command", ENOTTY, Ioc.io('b', 0), PAGE, (m, at) -> {}),
            new Row("unreadable", EFAULT, DmaBufIoctl.SYNC, NOWHERE, new DmaBufSync(8)::write),
            new Row("flags", EINVAL, DmaBufIoctl.SYNC, PAGE, new DmaBufSync(8 | 1)::write),
            new Row(
                "high flags", EINVAL, DmaBufIoctl.SYNC, PAGE, new DmaBufSync(1L << 32 | 1)::write),
            new Row("neither", EINVAL, DmaBufIoctl.SYNC, PAGE, new DmaBufSync(4)::write),
            new Row("unreadable", EFAULT, out, NOWHERE, new DmaBufSyncFile(8, 0)::write),
            new Row("flags", EINVAL, out, PAGE, new DmaBufSyncFile(4, 0)::write),
            new Row("neither", EINVAL, out, PAGE, new DmaBufSyncFile(0, 0)::write),
            new Row("unreadable", EFAULT, in, NOWHERE, new DmaBufSyncFile(8, 0)::write),
            new Row(
                "flags before the descriptor", EINVAL, in, PAGE, new DmaBufSyncFile(4, 77)::write),
            new Row("no sync file", EINVAL, in, PAGE, new DmaBufSyncFile(1, fd)::write),
            new Row("unreadable", EFAULT, DmaBufIoctl.SET_NAME_B, NOWHERE, (m, at) -> {}),
            new Row(
                "too long", EINVAL, DmaBufIoctl.SET_NAME_A, PAGE, PrimeTest::fiftyCharacters))) {
      row.arg.write(trial.page, 0);
      assertWithMessage(row.why)
          .that(DrmTrial.errno(() -> buffer.ioctl(trial.user, row.cmd, row.userPtr)))
          .isEqualTo(row.errno);
    }
    assertThat(files.descriptors()).containsExactly(fd);
  }

  private static void fiftyCharacters(MemorySegment memory, long at) {
    memory.asSlice(at, 50).fill((byte) 'x');
  }

  @Test
  void itsNameAndReferencesAreInFdinfo() throws Exception {
    int fd = export(file, trial.buffer(file, trial.gem(device)));
    FileOperations buffer = files.file(fd).operations();
    // the descriptor, the object, the file's table
    assertThat(buffer.fdinfo()).isEqualTo("size:\t8192\ncount:\t3\nexp_name:\tfeatured\n");

    trial.page.fill((byte) 0);
    trial.page.asSlice(0, 4).copyFrom(MemorySegment.ofArray(new byte[] {'i', 'c', 'o', 'n'}));
    long _ = buffer.ioctl(trial.user, DmaBufIoctl.SET_NAME_B, PAGE);

    assertThat(buffer.fdinfo()).endsWith("exp_name:\tfeatured\nname:\ticon\n");
  }

  @Test
  void cpuAccessWaitsForWriters() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    FileOperations buffer = files.file(export(file, handle)).operations();
    Fence reader = fence(1);
    Fence writer = fence(2);
    List<String> log = new ArrayList<>();
    trial.scheduler.after(100, writer::signal);
    trial.scheduler.after(200, reader::signal);

    trial.run(() -> {
      add(handle, writer, Usage.WRITE);
      add(handle, reader, Usage.READ);
      log.add("poll " + buffer.poll());
      trial.ioctl(buffer, DmaBufIoctl.SYNC, new DmaBufSync(DmaBufSync.READ)::write);
      log.add("read at " + trial.scheduler.nowNs() + ", poll " + buffer.poll());
      trial.ioctl(buffer, DmaBufIoctl.SYNC, new DmaBufSync(DmaBufSync.WRITE)::write);
      log.add("write at " + trial.scheduler.nowNs() + ", poll " + buffer.poll());
      trial.ioctl(buffer, DmaBufIoctl.SYNC, new DmaBufSync(3 | DmaBufSync.END)::write);
    });

    assertThat(log).containsExactly("poll 0", "read at 100, poll 1", "write at 200, poll 5");
  }

  @Test
  void pollersAreToldOfEachStep() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    FileOperations buffer = files.file(export(file, handle)).operations();
    Fence reader = fence(1);
    Fence writer = fence(2);
    List<String> log = new ArrayList<>();
    trial.run(() -> {
      add(handle, writer, Usage.WRITE);
      add(handle, reader, Usage.READ);
    });
    Runnable listener = () -> log.add("poll " + buffer.poll());
    buffer.addPollListener(listener);

    writer.signal();
    reader.signal();

    assertThat(log).containsAtLeast("poll 1", "poll 5").inOrder();
    buffer.removePollListener(listener);
    fence(3).signal();
  }

  @Test
  void fencesGoOutAndInAsSyncFiles() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    FileOperations buffer = files.file(export(file, handle)).operations();
    Fence writer = fence(1);

    trial.run(() -> {
      trial.ioctl(buffer, DmaBufIoctl.EXPORT_SYNC_FILE, new DmaBufSyncFile(3, 0)::write);
      int nothing = DmaBufSyncFile.read(trial.page, 0).fd();
      assertThat(files.file(nothing).operations().poll()).isEqualTo(FileOperations.POLLIN);

      int fd =
          files
              .reserve()
              .install(
                  SyncFile.open(
                      trial
                          .core
                          .fences()
                          .all(com.google.common.collect.ImmutableList.of(writer, fence(2)))));
      trial.ioctl(
          buffer, DmaBufIoctl.IMPORT_SYNC_FILE, new DmaBufSyncFile(DmaBufSync.WRITE, fd)::write);
    });

    GemObject object = object(file, handle);
    assertThat(object.reservation().pending(Usage.WRITE)).hasSize(2); // one by one
    trial.ioctl(buffer, DmaBufIoctl.EXPORT_SYNC_FILE, new DmaBufSyncFile(1, 0)::write);
    int both = DmaBufSyncFile.read(trial.page, 0).fd();
    writer.signal();
    assertThat(files.file(both).operations().poll()).isEqualTo(0);
  }

  /** {@code dma_resv_usage_rw()}: a reader waits for writers, a writer for readers too. */
  @Test
  void whatAReaderPutsInIsWaitedForByWritersAlone() throws Exception {
    int handle = trial.buffer(file, trial.gem(device));
    FileOperations buffer = files.file(export(file, handle)).operations();
    int reading = files.reserve().install(SyncFile.open(fence(1)));

    trial.run(() -> {
      trial.ioctl(
          buffer,
          DmaBufIoctl.IMPORT_SYNC_FILE,
          new DmaBufSyncFile(DmaBufSync.READ, reading)::write);
      trial.ioctl(
          buffer, DmaBufIoctl.EXPORT_SYNC_FILE, new DmaBufSyncFile(DmaBufSync.READ, 0)::write);
      int forReader = DmaBufSyncFile.read(trial.page, 0).fd();
      assertThat(files.file(forReader).operations().poll()).isEqualTo(FileOperations.POLLIN);
      trial.ioctl(
          buffer, DmaBufIoctl.EXPORT_SYNC_FILE, new DmaBufSyncFile(DmaBufSync.WRITE, 0)::write);
      int forWriter = DmaBufSyncFile.read(trial.page, 0).fd();
      assertThat(files.file(forWriter).operations().poll()).isEqualTo(0);
    });
  }

  // ---- names for everybody

  @Test
  void aNameIsOneForTheObjectAndEachOpenMakesAHandle() throws Exception {
    DrmFile card = device.openPrimary(root);
    DrmFile second = device.openPrimary(root);
    DrmTrial.Gem gem = trial.gem(device);
    int handle = trial.buffer(card, gem);

    trial.ioctl(root, card, DrmIoctl.GEM_FLINK, new DrmGemFlink(handle, 0)::write);
    int name = DrmGemFlink.read(trial.page, 0).name();
    trial.ioctl(root, card, DrmIoctl.GEM_FLINK, new DrmGemFlink(handle, 0)::write);
    assertThat(DrmGemFlink.read(trial.page, 0).name()).isEqualTo(name);
    trial.ioctl(root, second, DrmIoctl.GEM_OPEN, new DrmGemOpen(name, 0, 0)::write);
    trial.ioctl(root, second, DrmIoctl.GEM_OPEN, new DrmGemOpen(name, 0, 0)::write);

    assertThat(DrmGemOpen.read(trial.page, 0)).isEqualTo(new DrmGemOpen(name, 2, BUFFER_BYTES));
    closeGem(card, handle);
    closeGem(second, 1);
    assertThat(gem.freed).isFalse();
    closeGem(second, 2);
    assertThat(gem.freed).isTrue();
    assertThat(trial.errno(second, DrmIoctl.GEM_OPEN, new DrmGemOpen(name, 0, 0)::write))
        .isEqualTo(ENOENT);
  }

  @Test
  void namesAreForCardNodesAndForWhoIsVouchedFor() throws Exception {
    DrmFile master = device.openPrimary(trial.user);
    DrmFile stranger = device.openPrimary(trial.user);

    assertThat(trial.errno(master, DrmIoctl.GEM_FLINK, new DrmGemFlink(9, 0)::write))
        .isEqualTo(ENOENT);
    assertThat(trial.errno(master, DrmIoctl.GEM_OPEN, new DrmGemOpen(0, 0, 0)::write))
        .isEqualTo(ENOENT);
    assertThat(trial.errno(stranger, DrmIoctl.GEM_FLINK, new DrmGemFlink(9, 0)::write))
        .isEqualTo(EACCES);
    assertThat(trial.errno(file, DrmIoctl.GEM_OPEN, new DrmGemOpen(1, 0, 0)::write))
        .isEqualTo(EACCES);
  }

  // ---- what a client does

  private Fence fence(long context) {
    return new Fence(trial.core.fences(), "test", "timeline", 1000 + context, 1);
  }

  private void add(int handle, Fence fence, Usage usage) throws ErrnoException {
    GemObject object = object(file, handle);
    try (var _ = trial.core.reservations().lock(object.reservation())) {
      object.reservation().reserve(1);
      object.reservation().add(fence, usage);
    }
  }

  private GemObject object(DrmFile of, int handle) throws ErrnoException {
    try (GemObject object = of.handles().lookup(handle)) {
      return object;
    }
  }

  private int export(DrmFile from, int handle) throws ErrnoException {
    trial.ioctl(from, DrmIoctl.PRIME_HANDLE_TO_FD, new DrmPrimeHandle(handle, 0, 0)::write);
    return DrmPrimeHandle.read(trial.page, 0).fd();
  }

  private int importInto(DrmFile into, int fd) throws ErrnoException {
    trial.ioctl(into, DrmIoctl.PRIME_FD_TO_HANDLE, new DrmPrimeHandle(0, 0, fd)::write);
    return DrmPrimeHandle.read(trial.page, 0).handle();
  }

  private void closeGem(DrmFile of, int handle) throws ErrnoException {
    trial.ioctl(of, DrmIoctl.GEM_CLOSE, new DrmGemClose(handle, 0)::write);
  }
}
