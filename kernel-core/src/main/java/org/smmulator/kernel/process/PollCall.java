package org.smmulator.kernel.process;

import static org.smmulator.kernel.errno.Errno.EINTR;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * The poll system call. Kernel: {@code fs/select.c}, {@code do_sys_poll()}.
 *
 * <pre>
 * struct pollfd { int fd; short events; short revents; };
 * </pre>
 */
final class PollCall {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int POLLFD_BYTES = 8;
  private static final int EVENTS_OFFSET = 4;
  private static final int REVENTS_OFFSET = 6;
  private static final int POLLNVAL = 0x20;
  private static final int MAX_FILES = 1024;
  private static final long NS_PER_MS = 1_000_000;

  private final Scheduler scheduler;

  PollCall(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  long poll(Caller caller, long fdsPtr, int count, int timeoutMs) throws ErrnoException {
    if (count < 0 || count > MAX_FILES) {
      throw EINVAL.because("poll of %d files", count);
    }
    List<Polled> polled = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      polled.add(Polled.read(caller, fdsPtr + (long) i * POLLFD_BYTES));
    }
    WaitQueue queue = new WaitQueue(scheduler, "poll");
    Runnable listener = queue::wakeAll;
    polled.forEach(file -> file.listen(listener));
    WaitResult result = await(queue, polled, timeoutMs);
    polled.forEach(file -> file.forget(listener));
    if (result == WaitResult.INTERRUPTED) {
      throw EINTR.because("poll");
    }
    for (Polled file : polled) {
      MemorySegment revents = MemorySegment.ofArray(new short[1]);
      revents.set(SHORT, 0, (short) file.ready());
      caller.memory().copyTo(file.userPtr + REVENTS_OFFSET, revents, 0, Short.BYTES);
    }
    return ready(polled);
  }

  private WaitResult await(WaitQueue queue, List<Polled> polled, int timeoutMs) {
    long deadlineNs = timeoutMs < 0 ? WaitQueue.FOREVER : scheduler.nowNs() + timeoutMs * NS_PER_MS;
    return queue.awaitInterruptible(() -> ready(polled) > 0, deadlineNs);
  }

  private static long ready(List<Polled> polled) {
    return polled.stream().filter(file -> file.ready() != 0).count();
  }

  /** One element of the array; {@code operations} is null where the descriptor is not open. */
  private record Polled(long userPtr, int fd, int events, List<FileOperations> operations) {
    static Polled read(Caller caller, long userPtr) throws ErrnoException {
      MemorySegment pollfd = MemorySegment.ofArray(new int[POLLFD_BYTES / Integer.BYTES]);
      caller.memory().copyFrom(userPtr, pollfd, 0, POLLFD_BYTES);
      int fd = pollfd.get(INT, 0);
      int events = Short.toUnsignedInt(pollfd.get(SHORT, EVENTS_OFFSET));
      return new Polled(userPtr, fd, events, operations(caller, fd));
    }

    private static List<FileOperations> operations(Caller caller, int fd) {
      try {
        return List.of(caller.files().file(fd).operations());
      } catch (ErrnoException e) {
        return List.of(); // EBADF is an answer here, not an error
      }
    }

    int ready() {
      if (fd < 0) {
        return 0; // the way to leave an element out
      }
      return operations.isEmpty() ? POLLNVAL : operations.getFirst().poll() & events;
    }

    void listen(Runnable listener) {
      operations.forEach(file -> file.addPollListener(listener));
    }

    void forget(Runnable listener) {
      operations.forEach(file -> file.removePollListener(listener));
    }
  }
}
