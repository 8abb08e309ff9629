package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.smmulator.drm.DriverFeature.SYNCOBJ;
import static org.smmulator.drm.DriverFeature.SYNCOBJ_TIMELINE;
import static org.smmulator.drm.DrmTrial.EPOCH_NS;
import static org.smmulator.drm.DrmTrial.PAGE;
import static org.smmulator.kernel.errno.Errno.EBADF;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EMFILE;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIME;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.drm.syncobj.Syncobj;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.EventFd;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjArray;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;
import org.smmulator.uapi.drm.DrmSyncobjEventfd;
import org.smmulator.uapi.drm.DrmSyncobjHandle;
import org.smmulator.uapi.drm.DrmSyncobjTimelineArray;
import org.smmulator.uapi.drm.DrmSyncobjTimelineWait;
import org.smmulator.uapi.drm.DrmSyncobjTransfer;
import org.smmulator.uapi.drm.DrmSyncobjWait;

/**
 * The purpose of sync objects: waiting, signalling, points, descriptors, events. Errors stand in
 * the order in which {@code drm_syncobj.c} finds them.
 */
class SyncobjWaitTest {
  private static final long HANDLES = PAGE + 0x400;
  private static final long POINTS = PAGE + 0x800;
  private static final long NOWHERE = 0x10;
  private static final int ALL = DrmSyncobjWait.WAIT_ALL;
  private static final int SUBMIT = DrmSyncobjWait.WAIT_FOR_SUBMIT;
  private static final int AVAILABLE = DrmSyncobjWait.WAIT_AVAILABLE;
  private static final int DEADLINE = DrmSyncobjWait.WAIT_DEADLINE;

  private final DrmTrial trial = new DrmTrial();
  private final List<String> log = new ArrayList<>();
  private DrmFile file;
  private long seqno;

  @BeforeEach
  void open() throws Exception {
    file = trial.open(SYNCOBJ, SYNCOBJ_TIMELINE);
  }

  @AfterEach
  void close() {
    trial.close();
  }

  // ---- errors

  private record Row(String why, @Nullable Errno errno, int cmd, DrmTrial.Writer struct) {}

  /** Handle 1 has no fence, handle 2 one that has signalled, handle 3 point 5; others are none. */
  @Test
  void eachErrorAndWhichOfTwoComesFirst() throws Exception {
    int eventfd = eventfd();
    int syncFile = install(SyncFile.open(trial.core.fences().signaled()));
    create(0);
    create(DrmSyncobjCreate.SIGNALED);
    create(0);
    signalPoints(new int[] {3}, 5);
    handles(1, 2, 3);
    points(0, 0, 5);

    List<Row> rows =
        List.of(
            wait("an unknown flag before no objects", EINVAL, 0, 0x10),
            wait("AVAILABLE is for timelines", EINVAL, 0, AVAILABLE),
            wait("no objects", null, 0, ALL),
            wait("no fence", EINVAL, 3, 0),
            wait("no fence is found before the one that has signalled", EINVAL, 2, 0),
            wait("too many for one allocation", ENOMEM, (1 << 20) + 1, 0),
            new Row(
                "handles that cannot be read, before there are too many of them",
                EFAULT,
                DrmIoctl.SYNCOBJ_WAIT,
                new DrmSyncobjWait(NOWHERE, 0, 1 << 20, 0, 0, 0, 0)::write),
            points("unknown flags", EINVAL, 0, 0x10, POINTS),
            points("no objects", null, 0, 0, POINTS),
            points("handle before point", EFAULT, 3, SUBMIT, NOWHERE),
            points("a point that is not there", EINVAL, 3, 0, POINTS),
            array("padding", EINVAL, DrmIoctl.SYNCOBJ_RESET, HANDLES, 1, 1),
            array("no objects", EINVAL, DrmIoctl.SYNCOBJ_RESET, HANDLES, 0, 0),
            array("unreadable", EFAULT, DrmIoctl.SYNCOBJ_RESET, NOWHERE, 1, 0),
            array("padding", EINVAL, DrmIoctl.SYNCOBJ_SIGNAL, HANDLES, 1, 1),
            array("no objects", EINVAL, DrmIoctl.SYNCOBJ_SIGNAL, HANDLES, 0, 0),
            array("no such object", ENOENT, DrmIoctl.SYNCOBJ_SIGNAL, HANDLES, 4, 0),
            query("flags", EINVAL, DrmIoctl.SYNCOBJ_QUERY, 3, 2, POINTS),
            query("no objects", EINVAL, DrmIoctl.SYNCOBJ_QUERY, 0, 0, POINTS),
            query("nowhere to write to", EFAULT, DrmIoctl.SYNCOBJ_QUERY, 3, 0, 0),
            query("flags", EINVAL, DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL, 3, 1, POINTS),
            query("no objects", EINVAL, DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL, 0, 0, POINTS),
            query("unreadable", EFAULT, DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL, 3, 0, NOWHERE),
            transfer("padding before all", EINVAL, 9, 9, 0, 1),
            transfer("destination before source", ENOENT, 9, 8, 4, 0),
            transfer("source before flags", ENOENT, 9, 1, 4, 0),
            transfer("flags before what is in it", EINVAL, 1, 2, AVAILABLE, 0),
            transfer("no fence", EINVAL, 1, 2, 0, 0),
            toFd("padding", EINVAL, 9, 0, 0, 1),
            toFd("flags", EINVAL, 9, 4, 0, 0),
            toFd("a point without a sync file", EINVAL, 1, DrmSyncobjHandle.TIMELINE, 1, 0),
            toFd("no such object", EINVAL, 9, 0, 0, 0),
            toFd("no such object, for a sync file", ENOENT, 9, DrmSyncobjHandle.SYNC_FILE, 0, 0),
            toFd("no fence, for a sync file", EINVAL, 1, DrmSyncobjHandle.SYNC_FILE, 0, 0),
            toFd("no such point", EINVAL, 3, 3, 6, 0),
            toFd("a point that does not count", null, 3, DrmSyncobjHandle.SYNC_FILE, 6, 0),
            toHandle("padding", EINVAL, 0, 77, 0, 1),
            toHandle("flags", EINVAL, 0, 77, 4, 0),
            toHandle("not open", EINVAL, 0, 77, 0, 0),
            toHandle("no sync object", EINVAL, 0, syncFile, 0, 0),
            toHandle("no sync file before no object", EINVAL, 9, 77, 1, 0),
            toHandle("no such object", ENOENT, 9, syncFile, 1, 0),
            event("flags before padding", EINVAL, 9, 77, SUBMIT, 1),
            event("padding before the handle", EINVAL, 9, 77, 0, 1),
            event("handle before the descriptor", ENOENT, 9, 77, 0, 0),
            event("not open", EBADF, 1, 77, 0, 0),
            event("no eventfd", EINVAL, 1, syncFile, 0, 0),
            event("fine", null, 1, eventfd, AVAILABLE, 0));
    trial.run(() -> {
      for (Row row : rows) {
        handles(1, 2, 3, 4);
        points(0, 0, 6);
        assertWithMessage("%s: %s", Integer.toHexString(row.cmd), row.why)
            .that(trial.errno(file, row.cmd, row.struct))
            .isEqualTo(row.errno);
      }
    });
  }

  private static Row wait(String why, @Nullable Errno errno, int count, int flags) {
    return new Row(
        why,
        errno,
        DrmIoctl.SYNCOBJ_WAIT,
        new DrmSyncobjWait(HANDLES, 0, count, flags, 0, 0, 0)::write);
  }

  private static Row points(
      String why, @Nullable Errno errno, int count, int flags, long pointsPtr) {
    return new Row(
        why,
        errno,
        DrmIoctl.SYNCOBJ_TIMELINE_WAIT,
        new DrmSyncobjTimelineWait(HANDLES, pointsPtr, 0, count, flags, 0, 0, 0)::write);
  }

  private static Row array(
      String why, @Nullable Errno errno, int cmd, long handlesPtr, int count, int pad) {
    return new Row(why, errno, cmd, new DrmSyncobjArray(handlesPtr, count, pad)::write);
  }

  private static Row query(
      String why, @Nullable Errno errno, int cmd, int count, int flags, long pointsPtr) {
    return new Row(
        why, errno, cmd, new DrmSyncobjTimelineArray(HANDLES, pointsPtr, count, flags)::write);
  }

  private static Row transfer(
      String why, @Nullable Errno errno, int from, int to, int flags, int pad) {
    return new Row(
        why,
        errno,
        DrmIoctl.SYNCOBJ_TRANSFER,
        new DrmSyncobjTransfer(from, to, 0, 0, flags, pad)::write);
  }

  private static Row toFd(
      String why, @Nullable Errno errno, int handle, int flags, long point, int pad) {
    return new Row(
        why,
        errno,
        DrmIoctl.SYNCOBJ_HANDLE_TO_FD,
        new DrmSyncobjHandle(handle, flags, 0, pad, point)::write);
  }

  private static Row toHandle(
      String why, @Nullable Errno errno, int handle, int fd, int flags, int pad) {
    return new Row(
        why,
        errno,
        DrmIoctl.SYNCOBJ_FD_TO_HANDLE,
        new DrmSyncobjHandle(handle, flags, fd, pad, 0)::write);
  }

  private static Row event(
      String why, @Nullable Errno errno, int handle, int fd, int flags, int pad) {
    return new Row(
        why,
        errno,
        DrmIoctl.SYNCOBJ_EVENTFD,
        new DrmSyncobjEventfd(handle, flags, 0, fd, pad)::write);
  }

  @Test
  void withoutTheFeaturesThereAreNone() throws Exception {
    DrmFile none = trial.open();
    DrmFile binary = trial.open(SYNCOBJ);
    for (int cmd :
        new int[] {
          DrmIoctl.SYNCOBJ_HANDLE_TO_FD,
          DrmIoctl.SYNCOBJ_FD_TO_HANDLE,
          DrmIoctl.SYNCOBJ_WAIT,
          DrmIoctl.SYNCOBJ_RESET,
          DrmIoctl.SYNCOBJ_SIGNAL
        }) {
      assertThat(trial.errno(none, cmd, (memory, at) -> {})).isEqualTo(EOPNOTSUPP);
      assertThat(trial.errno(binary, cmd, (memory, at) -> {})).isNotEqualTo(EOPNOTSUPP);
    }
    for (int cmd :
        new int[] {
          DrmIoctl.SYNCOBJ_TRANSFER,
          DrmIoctl.SYNCOBJ_TIMELINE_WAIT,
          DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL,
          DrmIoctl.SYNCOBJ_QUERY,
          DrmIoctl.SYNCOBJ_EVENTFD
        }) {
      assertThat(trial.errno(binary, cmd, (memory, at) -> {})).isEqualTo(EOPNOTSUPP);
    }
  }

  // ---- waiting

  @Test
  void aWaitEndsWithTheFirstOrWithAll() throws Exception {
    Fence early = put(create(0), fence());
    Fence late = put(create(0), fence());
    trial.scheduler.after(100, early::signal);
    trial.scheduler.after(200, late::signal);
    handles(2, 1);

    trial.run(() -> {
      log.add("any: " + await(2, 0, 500) + " at " + trial.scheduler.nowNs());
      log.add("all: " + await(2, ALL, 500) + " at " + trial.scheduler.nowNs());
      log.add("again: " + await(2, ALL, 500));
    });

    // the one that had signalled when the wait for all began is told
    assertThat(log).containsExactly("any: 1 at 100", "all: 1 at 200", "again: 0").inOrder();
  }

  @Test
  void noneHadSignalledWhenAWaitForAllBegan() throws Exception {
    Fence one = put(create(0), fence());
    trial.scheduler.after(100, one::signal);
    handles(1);

    trial.run(() -> log.add("" + await(1, ALL, 500)));

    assertThat(log).containsExactly("-1");
  }

  @Test
  void aTimeoutIsAbsoluteAndZeroOnlyLooks() throws Exception {
    put(create(0), fence());
    handles(1);

    trial.run(() -> {
      log.add(DrmTrial.errno(() -> await(1, 0, -EPOCH_NS)) + " at " + trial.scheduler.nowNs());
      log.add(DrmTrial.errno(() -> await(1, 0, 300)) + " at " + trial.scheduler.nowNs());
      log.add(DrmTrial.errno(() -> await(1, 0, 299)) + " at " + trial.scheduler.nowNs());
    });

    assertThat(log).containsExactly("ETIME at 0", "ETIME at 300", "ETIME at 300").inOrder();
  }

  @Test
  void aKillEndsAWaitAndNothingWaitsOn() throws Exception {
    Fence never = put(create(0), fence());
    handles(1);
    trial.spawn(() -> log.add("" + DrmTrial.errno(() -> await(1, 0, 1 << 30))));
    trial.scheduler.after(10, () -> trial.scheduler.kill(trial.user.task()));

    trial.settle();
    never.signal();

    assertThat(log).containsExactly(ERESTARTSYS.toString());
  }

  @Test
  void whoWaitsForASubmitGetsTheFenceThatComes() throws Exception {
    create(0);
    Fence coming = fence();
    handles(1);
    trial.scheduler.after(100, () -> put(1, coming));
    trial.scheduler.after(200, coming::signal);

    trial.run(() -> {
      log.add("" + DrmTrial.errno(() -> await(1, SUBMIT, 50)));
      log.add(await(1, SUBMIT, 500) + " at " + trial.scheduler.nowNs());
    });

    assertThat(log).containsExactly(ETIME.toString(), "0 at 200").inOrder();
  }

  @Test
  void anObjectThatIsDestroyedMeanwhileIsWaitedForStill() throws Exception {
    Fence late = put(create(0), fence());
    handles(1);
    trial.spawn(() -> log.add(await(1, 0, 500) + " at " + trial.scheduler.nowNs()));
    trial.spawn(
        new Task(200, "other", false),
        () -> trial.ioctl(file, DrmIoctl.SYNCOBJ_DESTROY, new DrmSyncobjDestroy(1, 0)::write));
    trial.scheduler.after(100, late::signal);

    trial.settle();

    assertThat(log).containsExactly("0 at 100");
    assertThat(file.syncobjs().find(1)).isNull();
  }

  @Test
  void aResetWhileOneWaitsLeavesTheFenceThatItWaitsFor() throws Exception {
    Fence late = put(create(0), fence());
    handles(1);
    trial.spawn(() -> log.add(await(1, 0, 500) + " at " + trial.scheduler.nowNs()));
    trial.spawn(new Task(200, "other", false), () -> array(DrmIoctl.SYNCOBJ_RESET, 1));
    trial.scheduler.after(100, late::signal);

    trial.settle();

    assertThat(log).containsExactly("0 at 100");
    assertThat(fenceOf(1)).isNull();
  }

  @Test
  void aDeadlineReachesTheFences() throws Exception {
    List<Long> hints = new ArrayList<>();
    Fence hinted =
        new Fence(trial.core.fences(), "test", "timeline", 77, 1) {
          @Override
          protected void deadlineHinted(long deadlineNs) {
            hints.add(deadlineNs);
          }
        };
    put(create(0), hinted);
    handles(1);
    trial.scheduler.after(10, hinted::signal);

    trial.run(() ->
        trial.ioctl(
            file,
            DrmIoctl.SYNCOBJ_WAIT,
            new DrmSyncobjWait(HANDLES, EPOCH_NS + 50, 1, DEADLINE, 0, 0, EPOCH_NS + 30)::write));

    assertThat(hints).containsExactly(30L);
  }

  // ---- points

  @Test
  void pointsAreReachedInTheirOrder() throws Exception {
    create(0);
    Fence first = addPoint(1, 10);
    Fence second = addPoint(1, 20);
    handles(1);

    trial.run(() -> {
      log.add("query " + query(1, 0) + ", submitted " + query(1, 1));
      second.signal(); // too early: the first is not reached
      log.add("" + DrmTrial.errno(() -> awaitPoint(20, 0, -EPOCH_NS)));
      log.add("query " + query(1, 0));
      first.signal();
      log.add("" + awaitPoint(20, 0, 0));
      log.add("query " + query(1, 0));
      log.add("21: " + DrmTrial.errno(() -> awaitPoint(21, 0, 0)));
      log.add("15: " + awaitPoint(15, 0, 0)); // a gap: the next point stands for it
    });

    assertThat(log)
        .containsExactly(
            "query 0, submitted 20",
            ETIME.toString(),
            "query 0",
            "0",
            "query 20",
            "21: " + EINVAL,
            "15: 0")
        .inOrder();
  }

  @Test
  void availableIsEnoughToBeThere() throws Exception {
    create(0);
    handles(1);
    trial.scheduler.after(100, () -> addPoint(1, 5));

    trial.run(() -> {
      log.add(awaitPoint(5, AVAILABLE, 500) + " at " + trial.scheduler.nowNs());
      log.add("" + DrmTrial.errno(() -> awaitPoint(5, 0, 200)));
    });

    assertThat(log).containsExactly("0 at 100", ETIME.toString()).inOrder();
  }

  /** {@code drm_syncobj_add_point()}: a debug message, and the point is put in all the same. */
  @Test
  void aPointThatIsNotLaterIsPutInAndHidesTheOthers() throws Exception {
    create(0);
    Fence first = addPoint(1, 10);
    addPoint(1, 4).signal();

    trial.run(() -> {
      log.add("query " + query(1, 0) + ", submitted " + query(1, 1));
      first.signal();
      log.add("query " + query(1, 0));
    });

    // the second timeline has the larger number, and is not reached before the first
    assertThat(log).containsExactly("query 0, submitted 10", "query 10").inOrder();
  }

  @Test
  void signalledPointsNeedNoArrayAndAreReached() throws Exception {
    create(0);
    handles(1);

    trial.run(() -> {
      signalPoints(new int[] {1}, 7);
      log.add("" + query(1, 0));
      trial.ioctl(
          file,
          DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL,
          new DrmSyncobjTimelineArray(HANDLES, 0, 1, 0)::write);
      log.add("" + query(1, 0));
      array(DrmIoctl.SYNCOBJ_SIGNAL, 1); // binary: no timeline any more
      log.add("" + query(1, 0));
    });

    assertThat(log).containsExactly("7", "7", "0").inOrder();
  }

  // ---- from one to another

  @Test
  void aFenceGoesFromABinaryObjectToAPointAndBack() throws Exception {
    Fence fence = put(create(0), fence());
    create(0);
    create(0);
    handles(2);

    trial.run(() -> {
      transfer(1, 0, 2, 33, 0);
      log.add("submitted " + query(2, 1));
      fence.signal();
      log.add("query " + query(2, 0));
      transfer(2, 33, 3, 0, 0);
      handles(3);
      log.add("" + await(1, 0, -EPOCH_NS));
    });

    assertThat(log).containsExactly("submitted 33", "query 33", "0").inOrder();
  }

  @Test
  void aTransferWaitsFiveSecondsForASubmitIfItIsTold() throws Exception {
    create(0);
    create(0);
    Fence coming = fence();
    trial.spawn(() -> {
      log.add(
          DrmTrial.errno(() -> transfer(1, 0, 2, 1, SUBMIT)) + " at " + trial.scheduler.nowNs());
      trial.scheduler.after(10, () -> put(1, coming));
      log.add("" + DrmTrial.errno(() -> transfer(1, 0, 2, 1, SUBMIT)));
    });

    trial.settle();

    assertThat(log).containsExactly(ETIME + " at 5000000000", "null").inOrder();
    assertThat(fenceOf(2)).isNotNull();
  }

  // ---- descriptors

  @Test
  void aDescriptorCarriesTheObjectToAnotherFileAndOutlivesBoth() throws Exception {
    int handle = create(0);
    trial.ioctl(file, DrmIoctl.SYNCOBJ_HANDLE_TO_FD, handle(handle, 0, 0));
    int fd = DrmSyncobjHandle.read(trial.page, 0).fd();
    DrmFile other = trial.open(SYNCOBJ);
    trial.ioctl(file, DrmIoctl.SYNCOBJ_DESTROY, new DrmSyncobjDestroy(handle, 0)::write);

    trial.ioctl(other, DrmIoctl.SYNCOBJ_FD_TO_HANDLE, handle(0, fd, 0));
    int imported = DrmSyncobjHandle.read(trial.page, 0).handle();
    trial.ioctl(other, DrmIoctl.SYNCOBJ_FD_TO_HANDLE, handle(0, fd, 0));

    assertThat(imported).isEqualTo(1);
    assertThat(DrmSyncobjHandle.read(trial.page, 0).handle()).isEqualTo(2); // each time a new one
    assertThat(other.syncobjs().find(1)).isSameInstanceAs(other.syncobjs().find(2));
    ((FdTable) trial.user.files()).closeAll();
    assertThat(other.syncobjs().find(1)).isNotNull();
  }

  @Test
  void aSyncFileTakesTheFenceOutAndPutsItIn() throws Exception {
    Fence fence = put(create(0), fence());
    create(0);
    int flags = DrmSyncobjHandle.SYNC_FILE;

    trial.ioctl(file, DrmIoctl.SYNCOBJ_HANDLE_TO_FD, handle(1, 0, flags));
    int fd = DrmSyncobjHandle.read(trial.page, 0).fd();
    trial.ioctl(file, DrmIoctl.SYNCOBJ_FD_TO_HANDLE, handle(2, fd, flags));

    assertThat(fenceOf(2)).isSameInstanceAs(fence);
    assertThat(trial.user.files().file(fd).operations().poll()).isEqualTo(0);
    fence.signal();
    assertThat(trial.user.files().file(fd).operations().poll()).isEqualTo(FileOperations.POLLIN);
  }

  @Test
  void apointAsASyncFileIsFlattenedWhereItIsPutInAgain() throws Exception {
    create(0);
    Fence first = addPoint(1, 1);
    int both = DrmSyncobjHandle.SYNC_FILE | DrmSyncobjHandle.TIMELINE;
    for (long point = 2; point < 2000; point++) {
      DrmTrial.Writer out = new DrmSyncobjHandle(1, both, 0, 0, point - 1)::write;
      trial.ioctl(file, DrmIoctl.SYNCOBJ_HANDLE_TO_FD, out);
      int fd = DrmSyncobjHandle.read(trial.page, 0).fd();
      trial.ioctl(
          file, DrmIoctl.SYNCOBJ_FD_TO_HANDLE, new DrmSyncobjHandle(1, both, fd, 0, point)::write);
      trial.user.files().close(fd);
    }
    handles(1);

    first.signal(); // would use up the stack if each point were in the next

    trial.run(() -> log.add("" + query(1, 0)));
    assertThat(log).containsExactly("1999");
  }

  @Test
  void withoutAFreeDescriptorNothingIsExported() throws Exception {
    put(create(0), fence());
    while (DrmTrial.errno(() -> trial.user.files().reserve()) == null) {}

    assertThat(trial.errno(file, DrmIoctl.SYNCOBJ_HANDLE_TO_FD, handle(1, 0, 0))).isEqualTo(EMFILE);
    assertThat(trial.errno(file, DrmIoctl.SYNCOBJ_HANDLE_TO_FD, handle(9, 0, 0))).isEqualTo(EINVAL);
    // of a sync file the descriptor comes first
    assertThat(trial.errno(file, DrmIoctl.SYNCOBJ_HANDLE_TO_FD, handle(9, 0, 1))).isEqualTo(EMFILE);
  }

  @Test
  void aFileHasOnlySoManyObjects() throws Exception {
    for (int i = 0; i < 1 << 17; i++) {
      create(0);
    }

    assertThat(trial.errno(file, DrmIoctl.SYNCOBJ_CREATE, new DrmSyncobjCreate(0, 0)::write))
        .isEqualTo(ENOMEM);
  }

  // ---- events

  @Test
  void anEventCountsWhenThePointIsReachedOrThere() throws Exception {
    create(0);
    int reached = eventfd();
    int there = eventfd();
    event(1, 5, reached, 0);
    event(1, 5, there, AVAILABLE);
    addPoint(1, 4).signal();
    assertThat(pollOf(there)).isEqualTo(FileOperations.POLLOUT);

    Fence fence = addPoint(1, 6);
    assertThat(pollOf(there) & FileOperations.POLLIN).isNotEqualTo(0);
    assertThat(pollOf(reached) & FileOperations.POLLIN).isEqualTo(0);
    fence.signal();
    addPoint(1, 7).signal(); // it counts once

    trial.run(() -> {
      var _ = trial.user.files().file(reached).operations().read(trial.user, PAGE, 8, 0);
      log.add("" + trial.page.get(U64, 0));
    });
    assertThat(log).containsExactly("1");
  }

  @Test
  void anEventOfAnObjectThatIsGoneNeverCounts() throws Exception {
    create(0);
    int fd = eventfd();
    event(1, 5, fd, 0);
    Syncobj held = requireNonNull(file.syncobjs().find(1));
    trial.ioctl(file, DrmIoctl.SYNCOBJ_DESTROY, new DrmSyncobjDestroy(1, 0)::write);
    held.put();

    assertThat(pollOf(fd)).isEqualTo(FileOperations.POLLOUT);
  }

  @Test
  void anEventfdWaitsAndCountsAsTheManualSays() throws Exception {
    Caller user = trial.user;
    FileOperations plain = trial.user.files().file(eventfd()).operations();
    FileOperations semaphore =
        EventFd.open(trial.scheduler, 2, EventFd.SEMAPHORE | EventFd.NONBLOCK).operations();
    trial.spawn(() -> {
      var _ = plain.read(user, PAGE, 8, 0);
      log.add("read " + trial.page.get(U64, 0) + " at " + trial.scheduler.nowNs());
      for (int i = 0; i < 2; i++) {
        var _ = semaphore.read(user, PAGE, 8, 0);
        log.add("semaphore " + trial.page.get(U64, 0));
      }
      log.add("" + DrmTrial.errno(() -> semaphore.read(user, PAGE, 8, 0)));
      log.add("" + DrmTrial.errno(() -> plain.read(user, PAGE, 7, 0)));
      log.add("" + DrmTrial.errno(() -> plain.write(user, PAGE, 9, 0)));
      trial.page.set(U64, 0, -1);
      log.add("" + DrmTrial.errno(() -> plain.write(user, PAGE, 8, 0)));
      trial.page.set(U64, 0, -2);
      var _ = plain.write(user, PAGE, 8, 0);
      assertThat(plain.poll()).isEqualTo(FileOperations.POLLIN);
    });
    trial.scheduler.after(50, ((EventFd) plain)::signal);

    trial.settle();

    assertThat(log)
        .containsExactly(
            "read 1 at 50", "semaphore 1", "semaphore 1", "EAGAIN", "EINVAL", "EINVAL", "EINVAL")
        .inOrder();
    assertThat(DrmTrial.errno(() -> EventFd.open(trial.scheduler, 0, 2))).isEqualTo(EINVAL);
  }

  // ---- what a client does

  private Fence fence() {
    return new Fence(trial.core.fences(), "test", "timeline", 7, ++seqno);
  }

  private int create(int flags) throws ErrnoException {
    trial.ioctl(file, DrmIoctl.SYNCOBJ_CREATE, new DrmSyncobjCreate(0, flags)::write);
    return DrmSyncobjCreate.read(trial.page, 0).handle();
  }

  private <F extends @Nullable Fence> F put(int handle, F fence) {
    try (Syncobj syncobj = file.syncobjs().lookup(handle)) {
      syncobj.replace(fence);
      return fence;
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private Fence addPoint(int handle, long point) {
    Fence fence = fence();
    try (Syncobj syncobj = file.syncobjs().lookup(handle)) {
      syncobj.addPoint(fence, point);
      return fence;
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private @Nullable Fence fenceOf(int handle) throws ErrnoException {
    try (Syncobj syncobj = file.syncobjs().lookup(handle)) {
      return syncobj.fence();
    }
  }

  private void handles(int... handles) {
    for (int i = 0; i < handles.length; i++) {
      trial.page.set(U32, HANDLES - PAGE + 4L * i, handles[i]);
    }
  }

  private void points(long... points) {
    for (int i = 0; i < points.length; i++) {
      trial.page.set(U64, POINTS - PAGE + 8L * i, points[i]);
    }
  }

  private int await(int count, int flags, long timeoutNs) throws ErrnoException {
    trial.ioctl(
        file,
        DrmIoctl.SYNCOBJ_WAIT,
        new DrmSyncobjWait(HANDLES, EPOCH_NS + timeoutNs, count, flags, 0, 0, 0)::write);
    return DrmSyncobjWait.read(trial.page, 0).firstSignaled();
  }

  private int awaitPoint(long point, int flags, long timeoutNs) throws ErrnoException {
    points(point);
    trial.ioctl(
        file,
        DrmIoctl.SYNCOBJ_TIMELINE_WAIT,
        new DrmSyncobjTimelineWait(HANDLES, POINTS, EPOCH_NS + timeoutNs, 1, flags, 0, 0, 0)
            ::write);
    return DrmSyncobjTimelineWait.read(trial.page, 0).firstSignaled();
  }

  private void array(int cmd, int... handles) throws ErrnoException {
    handles(handles);
    trial.ioctl(file, cmd, new DrmSyncobjArray(HANDLES, handles.length, 0)::write);
  }

  private void signalPoints(int[] handles, long... points) throws ErrnoException {
    handles(handles);
    points(points);
    trial.ioctl(
        file,
        DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL,
        new DrmSyncobjTimelineArray(HANDLES, POINTS, handles.length, 0)::write);
  }

  private long query(int handle, int flags) throws ErrnoException {
    handles(handle);
    trial.ioctl(
        file,
        DrmIoctl.SYNCOBJ_QUERY,
        new DrmSyncobjTimelineArray(HANDLES, POINTS, 1, flags)::write);
    return trial.page.get(U64, POINTS - PAGE);
  }

  private void transfer(int from, long fromPoint, int to, long toPoint, int flags)
      throws ErrnoException {
    trial.ioctl(
        file,
        DrmIoctl.SYNCOBJ_TRANSFER,
        new DrmSyncobjTransfer(from, to, fromPoint, toPoint, flags, 0)::write);
  }

  private static DrmTrial.Writer handle(int handle, int fd, int flags) {
    return new DrmSyncobjHandle(handle, flags, fd, 0, 0)::write;
  }

  private int eventfd() throws ErrnoException {
    return install(EventFd.open(trial.scheduler, 0, 0));
  }

  private int install(org.smmulator.kernel.fs.OpenFile open) throws ErrnoException {
    return trial.user.files().reserve().install(open);
  }

  private int pollOf(int fd) throws ErrnoException {
    return trial.user.files().file(fd).operations().poll();
  }

  private void event(int handle, long point, int fd, int flags) throws ErrnoException {
    trial.ioctl(
        file, DrmIoctl.SYNCOBJ_EVENTFD, new DrmSyncobjEventfd(handle, flags, point, fd, 0)::write);
  }
}
