package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.dmabuf.Fence;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.drm.DrmEvent;

/** Events of an open file: promised, sent, read and polled for, as {@code drm_file.c} does. */
class DrmEventsTest {
  private static final int VBLANK_BYTES = 32;

  private final DrmTrial trial = new DrmTrial();
  private final List<String> log = new ArrayList<>();
  private DrmFile file;

  @BeforeEach
  void open() throws Exception {
    file = trial.open();
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private PendingEvent promise(int type, int bytes) throws ErrnoException {
    MemorySegment event = MemorySegment.ofArray(new long[bytes / Long.BYTES]);
    new DrmEvent(type, bytes).write(event, 0);
    return file.events().reserve(event);
  }

  private DrmFile nonblocking() throws ErrnoException {
    DrmDevice device = trial.device();
    device.register(new Device("gpu", "platform", null, trial.dmesg));
    FileOperations opened =
        trial
            .nodes
            .open(device.renderPath(), OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK, trial.user)
            .operations();
    return (DrmFile) opened;
  }

  private List<Integer> readInto(long userPtr, long bytes) throws ErrnoException {
    long read = file.read(trial.user, userPtr, bytes, 0);
    List<Integer> types = new ArrayList<>();
    for (long at = 0; at < read; ) {
      DrmEvent event = DrmEvent.read(trial.page, at);
      types.add(event.type());
      at += event.length();
    }
    return types;
  }

  @Test
  void eventsAreReadInTheOrderInWhichTheyWereSent() {
    trial.run(() -> {
      PendingEvent first = promise(1, VBLANK_BYTES);
      PendingEvent second = promise(2, 16);
      assertThat(file.poll()).isEqualTo(0);
      second.send();
      first.send();

      assertThat(file.poll()).isEqualTo(FileOperations.POLLIN);
      assertThat(readInto(DrmTrial.PAGE, 4096)).containsExactly(2, 1).inOrder();
      assertThat(file.poll()).isEqualTo(0);
    });
  }

  @Test
  void anEventMayBeFilledInUntilItIsSent() {
    trial.run(() -> {
      PendingEvent event = promise(1, 16);
      event.event().set(ValueLayout.JAVA_LONG, 8, 42);
      event.send();

      assertThat(readInto(DrmTrial.PAGE, 16)).containsExactly(1);
      assertThat(trial.page.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
    });
  }

  @Test
  void onlyWholeEventsAreReadAndNoneIfTheFirstDoesNotFit() {
    trial.run(() -> {
      promise(1, VBLANK_BYTES).send();
      promise(2, VBLANK_BYTES).send();

      assertThat(readInto(DrmTrial.PAGE, VBLANK_BYTES - 1)).isEmpty(); // 0, and no EINVAL
      assertThat(readInto(DrmTrial.PAGE, 2 * VBLANK_BYTES - 1)).containsExactly(1);
      assertThat(readInto(DrmTrial.PAGE, 2 * VBLANK_BYTES - 1)).containsExactly(2);
    });
  }

  @Test
  void anEventThatCannotBeCopiedStaysAndWhatWasCopiedBeforeCounts() {
    trial.run(() -> {
      promise(1, VBLANK_BYTES).send();
      promise(2, VBLANK_BYTES).send();
      long lastBytes = DrmTrial.PAGE + OnePage.BYTES - VBLANK_BYTES;

      assertThat(errnoOf(file, 1, 4096)).isEqualTo(EFAULT);
      assertThat(file.read(trial.user, lastBytes, 4096, 0)).isEqualTo(VBLANK_BYTES);
      assertThat(readInto(DrmTrial.PAGE, 4096)).containsExactly(2);
    });
  }

  private @Nullable Errno errnoOf(FileOperations opened, long userPtr, long bytes) {
    return DrmTrial.errno(() -> {
      var _ = opened.read(trial.user, userPtr, bytes, 0);
    });
  }

  @Test
  void aFileOpenedNonblockingGivesEagain() throws Exception {
    file = nonblocking();

    trial.run(() -> {
      assertThat(errnoOf(file, DrmTrial.PAGE, 4096)).isEqualTo(EAGAIN);
      assertThat(errnoOf(file, 1, 4096)).isEqualTo(EAGAIN); // before EFAULT
      promise(1, 16).send();
      assertThat(readInto(DrmTrial.PAGE, 4096)).containsExactly(1);
    });
  }

  @Test
  void aReaderWaitsForTheFirstEvent() {
    trial.spawn(() -> {
      var _ = file.read(trial.user, DrmTrial.PAGE, 4096, 0);
      log.add("read at " + trial.scheduler.nowNs());
    });
    trial.run(() -> {
      PendingEvent event = promise(1, 16);
      trial.scheduler.sleep(100);
      event.send();
    });

    assertThat(log).containsExactly("read at 100");
  }

  @Test
  void ofTwoReadersOneGetsTheEventAndTheOtherWaitsOn() {
    for (int reader = 0; reader < 2; reader++) {
      trial.spawn(() -> {
        var _ = file.read(trial.user, DrmTrial.PAGE, 4096, 0);
        log.add("read at " + trial.scheduler.nowNs());
      });
    }
    trial.run(() -> {
      PendingEvent first = promise(1, 16);
      PendingEvent second = promise(1, 16);
      trial.scheduler.sleep(100);
      first.send();
      trial.scheduler.sleep(100);
      second.send();
    });

    assertThat(log).containsExactly("read at 100", "read at 200").inOrder();
  }

  @Test
  void aKillEndsTheWaitOfAReader() {
    Task victim = new Task(200, "victim", false);
    Caller caller = new Caller(victim, trial.user.memory(), trial.user.files());
    trial.spawn(
        victim,
        () -> {
          var e =
              assertThrows(ErrnoException.class, () -> file.read(caller, DrmTrial.PAGE, 4096, 0));
          log.add(e.errno() + " at " + trial.scheduler.nowNs());
        });
    trial.run(() -> {
      trial.scheduler.sleep(50);
      trial.scheduler.kill(victim);
    });

    assertThat(log).containsExactly(ERESTARTSYS + " at 50");
  }

  @Test
  void roomIsTakenWhenAnEventIsPromisedAndGivenBackWhenItIsReadOrCancelled() {
    trial.run(() -> {
      List<PendingEvent> all = new ArrayList<>();
      for (int i = 0; i < DrmEvents.SPACE_BYTES / VBLANK_BYTES; i++) {
        all.add(promise(i, VBLANK_BYTES));
      }

      assertThat(DrmTrial.errno(() -> promise(0, 8))).isEqualTo(ENOMEM);
      all.getFirst().cancel();
      all.set(0, promise(0, VBLANK_BYTES));
      all.forEach(PendingEvent::send);
      assertThat(DrmTrial.errno(() -> promise(0, 8))).isEqualTo(ENOMEM);
      assertThat(readInto(DrmTrial.PAGE, VBLANK_BYTES)).containsExactly(0);
      promise(1, VBLANK_BYTES).cancel();
      assertThat(DrmTrial.errno(() -> promise(0, VBLANK_BYTES + 8))).isEqualTo(ENOMEM);
    });
  }

  @Test
  void whoPollsIsToldOfEachEvent() {
    trial.run(() -> {
      Runnable listener = () -> log.add("told " + file.poll());
      file.addPollListener(listener);
      promise(1, 16).send();
      file.removePollListener(listener);
      promise(2, 16).send();

      assertThat(log).containsExactly("told 1");
    });
  }

  @Test
  void anEventWhoseFileIsClosedEndsAllTheSame() {
    Fence fence = new Fence(trial.core.fences(), "test", "flips", 1, 1);

    trial.run(() -> {
      PendingEvent flip = promise(1, 16);
      PendingEvent vblank = promise(2, 16);
      promise(3, 16).send();
      flip.setFence(fence);
      flip.setCompletion(() -> log.add("flipped"));

      file.release();
      flip.send();
      vblank.cancel();

      assertThat(log).containsExactly("flipped");
      assertThat(fence.isSignaled()).isTrue();
      assertThat(file.poll()).isEqualTo(0);
    });
  }
}
