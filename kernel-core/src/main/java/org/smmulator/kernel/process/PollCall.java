package org.smmulator.kernel.process;

import static org.smmulator.kernel.errno.Errno.EINTR;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.mm.AddressSpace;
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

  long poll(Process process, long fdsPtr, int count, int timeoutMs) throws ErrnoException {
    if (count < 0 || count > MAX_FILES) {
      throw EINVAL.because("poll of %d files", count);
    }
    List<Polled> polled = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      polled.add(Polled.read(process, fdsPtr + (long) i * POLLFD_BYTES));
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
      process.mm().store(file.userPtr + REVENTS_OFFSET, 2, file.ready());
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
    static Polled read(Process process, long userPtr) throws ErrnoException {
      AddressSpace mm = process.mm();
      int fd = (int) mm.load(userPtr, 4);
      int events = (int) mm.load(userPtr + EVENTS_OFFSET, 2);
      return new Polled(userPtr, fd, events, operations(process, fd));
    }

    private static List<FileOperations> operations(Process process, int fd) {
      try {
        return List.of(process.files().file(fd).operations());
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
