package org.smmulator.dmabuf;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.dmabuf.OnePage.ARG;
import static org.smmulator.dmabuf.OnePage.NOWHERE;
import static org.smmulator.dmabuf.OnePage.READ_ONLY;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.EMFILE;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOTTY;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.dmabuf.SyncFenceInfo;
import org.smmulator.uapi.dmabuf.SyncFileInfo;
import org.smmulator.uapi.dmabuf.SyncIoctl;
import org.smmulator.uapi.dmabuf.SyncMergeData;
import org.smmulator.uapi.dmabuf.SyncSetDeadline;

/** Fences by descriptor: what sync_file.c answers, and its errors in its order. */
class SyncFileTest {
  private static final long INFOS = ARG + 0x400;
  private static final long EPOCH_NS = 1000;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final FenceContexts contexts =
      new FenceContexts(scheduler, new MonotonicClock(scheduler, EPOCH_NS));
  private final OnePage memory = new OnePage();
  private final MemorySegment page = memory.page;
  private final FdTable files = new FdTable(new FaultInjector());
  private final Caller user = new Caller(new Task(100, "client", false), memory, files);

  private interface Writer {
    void write(MemorySegment memory, long at);
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  private Fence fence(String timeline, long seqno) {
    return new Fence(contexts, "mock", timeline, contexts.alloc(1), seqno) {
      @Override
      protected boolean outlivesItsSignal() {
        return true;
      }
    };
  }

  private int open(Fence fence) throws ErrnoException {
    return files.reserve().install(SyncFile.open(fence));
  }

  private @Nullable Errno ioctl(int fd, int cmd, long userPtr, Writer struct) {
    struct.write(page, 0);
    try {
      var _ = files.file(fd).operations().ioctl(user, cmd, userPtr);
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private static Writer merge(int fd, int flags, int pad) {
    return new SyncMergeData("both", fd, 0, flags, pad)::write;
  }

  private static Writer info(int room, int flags, int pad) {
    return new SyncFileInfo("", 0, flags, room, pad, INFOS)::write;
  }

  @Test
  void eachErrorAndWhichOfTwoComesFirst() throws Exception {
    int fd = open(contexts.all(ImmutableList.of(fence("a", 1), fence("b", 1))));
    record Row(String why, Errno errno, int cmd, long userPtr, Writer struct) {}
    for (Row row :
        List.of(
            new Row("no such command", ENOTTY, Ioc.io('>', 3), ARG, merge(fd, 0, 0)),
            new Row("unreadable", EFAULT, SyncIoctl.MERGE, NOWHERE, merge(fd, 1, 0)),
            new Row("flags first", EINVAL, SyncIoctl.MERGE, ARG, merge(77, 1, 0)),
            new Row("padding first", EINVAL, SyncIoctl.MERGE, ARG, merge(77, 0, 1)),
            new Row("not open", ENOENT, SyncIoctl.MERGE, ARG, merge(77, 0, 0)),
            new Row("not to be told", EFAULT, SyncIoctl.MERGE, READ_ONLY, merge(fd, 0, 0)),
            new Row("unreadable", EFAULT, SyncIoctl.FILE_INFO, NOWHERE, info(0, 1, 0)),
            new Row("flags", EINVAL, SyncIoctl.FILE_INFO, ARG, info(0, 1, 0)),
            new Row("padding", EINVAL, SyncIoctl.FILE_INFO, ARG, info(0, 0, 1)),
            new Row("too little room", EINVAL, SyncIoctl.FILE_INFO, ARG, info(1, 0, 0)),
            new Row(
                "nowhere for the fences",
                EFAULT,
                SyncIoctl.FILE_INFO,
                ARG,
                new SyncFileInfo("", 0, 0, 2, 0, NOWHERE)::write),
            new Row("unreadable", EFAULT, SyncIoctl.SET_DEADLINE, NOWHERE, (m, at) -> {}),
            new Row(
                "padding",
                EINVAL,
                SyncIoctl.SET_DEADLINE,
                ARG,
                new SyncSetDeadline(1, 1)::write))) {
      assertWithMessage(row.why)
          .that(ioctl(fd, row.cmd, row.userPtr, row.struct))
          .isEqualTo(row.errno);
    }
    assertThat(files.descriptors()).containsExactly(fd); // nothing was left behind

    while (files.descriptors().size() < 1024) {
      int _ = files.reserve().install(SyncFile.open(contexts.stub()));
    }
    assertThat(ioctl(fd, SyncIoctl.MERGE, NOWHERE, merge(fd, 1, 0))).isEqualTo(EMFILE);
  }

  @Test
  void twoMergedAreReadyWhenBothAreAndBothStay() throws Exception {
    Fence one = fence("a", 1);
    Fence two = fence("b", 1);
    int first = open(one);
    int second = open(two);

    assertThat(ioctl(first, SyncIoctl.MERGE, ARG, merge(second, 0, 0))).isNull();
    SyncMergeData told = SyncMergeData.read(page, 0);

    assertThat(told.name()).isEqualTo("both");
    assertThat(told.fd2()).isEqualTo(second);
    List<String> log = new ArrayList<>();
    FileOperations merged = files.file(told.fence()).operations();
    merged.addPollListener(() -> log.add("told"));
    one.signal();
    assertThat(merged.poll()).isEqualTo(0);
    assertThat(files.file(first).operations().poll()).isEqualTo(FileOperations.POLLIN);
    two.signal();
    assertThat(merged.poll()).isEqualTo(FileOperations.POLLIN);
    assertThat(log).containsExactly("told");
  }

  @Test
  void aFileTellsOfItsFencesAndWhatBecameOfThem() throws Exception {
    Fence good = fence("a", 3);
    Fence bad = fence("b", 4);
    int fd = open(contexts.all(ImmutableList.of(good, bad)));

    assertThat(ioctl(fd, SyncIoctl.FILE_INFO, ARG, info(0, 0, 0))).isNull();
    SyncFileInfo told = SyncFileInfo.read(page, 0);
    assertThat(told.numFences()).isEqualTo(2);
    assertThat(told.status()).isEqualTo(0);
    assertThat(told.name()).isEqualTo("dma_fence_array-unbound3-1");

    bad.setError(EIO);
    scheduler.after(70, good::signal);
    scheduler.after(90, bad::signal);
    var _ = scheduler.run(() -> false);
    assertThat(ioctl(fd, SyncIoctl.FILE_INFO, ARG, info(5, 0, 0))).isNull();

    told = SyncFileInfo.read(page, 0);
    assertThat(told.numFences()).isEqualTo(2);
    assertThat(told.status()).isEqualTo(-5);
    assertThat(SyncFenceInfo.read(page, INFOS - ARG))
        .isEqualTo(new SyncFenceInfo("a", "mock", 1, 0, EPOCH_NS + 70));
    assertThat(SyncFenceInfo.read(page, INFOS - ARG + 80))
        .isEqualTo(new SyncFenceInfo("b", "mock", -5, 0, EPOCH_NS + 90));
  }

  @Test
  void aMergedFileBearsTheNameThatItWasGivenCutToFit() throws Exception {
    int fd = open(fence("a", 1));
    String name = "n".repeat(40);
    SyncMergeData asked = new SyncMergeData(name, fd, 0, 0, 0);

    assertThat(ioctl(fd, SyncIoctl.MERGE, ARG, asked::write)).isNull();
    int merged = SyncMergeData.read(page, 0).fence();
    assertThat(ioctl(merged, SyncIoctl.FILE_INFO, ARG, info(0, 0, 0))).isNull();

    assertThat(SyncFileInfo.read(page, 0).name()).isEqualTo("n".repeat(31));
  }

  @Test
  void aDeadlineIsPassedOn() throws Exception {
    List<Long> hints = new ArrayList<>();
    Fence fence =
        new Fence(contexts, "mock", "a", 1, 1) {
          @Override
          protected void deadlineHinted(long deadlineNs) {
            hints.add(deadlineNs);
          }
        };
    int fd = open(fence);
    Writer deadline = new SyncSetDeadline(EPOCH_NS + 40, 0)::write;

    assertThat(ioctl(fd, SyncIoctl.SET_DEADLINE, ARG, deadline)).isNull();
    fence.signal();
    assertThat(ioctl(fd, SyncIoctl.SET_DEADLINE, ARG, deadline)).isNull();

    assertThat(hints).containsExactly(40L);
  }

  @Test
  void aFileThatIsClosedLeavesNothingWithTheFence() throws Exception {
    Fence fence = fence("a", 1);
    int fd = open(fence);
    List<String> log = new ArrayList<>();
    files.file(fd).operations().addPollListener(() -> log.add("told"));

    files.close(fd);
    fence.signal();

    assertThat(log).isEmpty();
  }
}
