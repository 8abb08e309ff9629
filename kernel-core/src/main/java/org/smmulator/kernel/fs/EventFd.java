package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EAGAIN;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A counter behind a descriptor, by which the kernel and processes tell a process that something
 * happened. Kernel: {@code struct eventfd_ctx}.
 *
 * <p>Left out: its lines in fdinfo.
 */
public final class EventFd implements FileOperations {
  /** {@code EFD_SEMAPHORE}: a read takes 1. */
  public static final int SEMAPHORE = 1;

  /** {@code EFD_NONBLOCK}: reads and writes give EAGAIN and do not wait. */
  public static final int NONBLOCK = 04000;

  /** {@code EFD_CLOEXEC}, which means nothing where nobody calls exec. */
  private static final int CLOEXEC = 02000000;

  /** {@code ULLONG_MAX}, which only the kernel can count up to. */
  private static final long FULL = -1;

  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WaitQueue waiters;
  private final List<Runnable> listeners = new ArrayList<>();
  private final int flags;
  private long count;

  private EventFd(Scheduler scheduler, long count, int flags) {
    this.waiters = new WaitQueue(scheduler, "an eventfd");
    this.count = count;
    this.flags = flags;
  }

  /**
   * Makes an open file that counts from {@code count} up. Kernel: {@code do_eventfd()}.
   *
   * @param flags a mask of {@link #SEMAPHORE}, {@link #NONBLOCK} and {@code EFD_CLOEXEC}
   * @throws ErrnoException EINVAL for other flags
   */
  public static OpenFile open(Scheduler scheduler, int count, int flags) throws ErrnoException {
    if ((flags & ~(SEMAPHORE | NONBLOCK | CLOEXEC)) != 0) {
      throw EINVAL.because("eventfd flags %#x", flags);
    }
    EventFd made = new EventFd(scheduler, Integer.toUnsignedLong(count), flags);
    return new OpenFile(made, "anon_inode:[eventfd]");
  }

  /**
   * The counter behind the caller's {@code fd}. Kernel: {@code eventfd_ctx_fdget()}.
   *
   * @throws ErrnoException EBADF if {@code fd} is not open; EINVAL if it stands for something else
   */
  public static EventFd of(Caller caller, int fd) throws ErrnoException {
    if (caller.files().file(fd).operations() instanceof EventFd found) {
      return found;
    }
    throw EINVAL.because("fd %d is no eventfd", fd);
  }

  /** Counts one up. Callable from a hard interrupt. Kernel: {@code eventfd_signal()}. */
  public void signal() {
    if (count != FULL) {
      count++;
    }
    changed();
  }

  /**
   * Reads the counter, 8 bytes, and sets it to 0; waits while it is 0.
   *
   * @throws ErrnoException EINVAL for less than 8 bytes; EAGAIN, ERESTARTSYS; EFAULT, and the count
   *     is gone
   */
  @Override
  public long read(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    if (sizeBytes < Long.BYTES) {
      throw EINVAL.because("a read of %d bytes", sizeBytes);
    }
    await(() -> count != 0);
    long taken = (flags & SEMAPHORE) != 0 ? 1 : count;
    count -= taken;
    changed();
    MemorySegment answer = MemorySegment.ofArray(new long[1]);
    answer.set(U64, 0, taken);
    caller.memory().copyTo(userPtr, answer, 0, Long.BYTES);
    return Long.BYTES;
  }

  /**
   * Adds 8 bytes to the counter; waits while there is no room.
   *
   * @throws ErrnoException EINVAL for another size and for all ones; EFAULT; EAGAIN, ERESTARTSYS
   */
  @Override
  public long write(Caller caller, long userPtr, long sizeBytes, long position)
      throws ErrnoException {
    if (sizeBytes != Long.BYTES) {
      throw EINVAL.because("a write of %d bytes", sizeBytes);
    }
    MemorySegment given = MemorySegment.ofArray(new long[1]);
    caller.memory().copyFrom(userPtr, given, 0, Long.BYTES);
    long added = given.get(U64, 0);
    if (added == FULL) {
      throw EINVAL.because("the largest number");
    }
    await(() -> Long.compareUnsigned(FULL - count, added) > 0);
    count += added;
    changed();
    return Long.BYTES;
  }

  private void await(BooleanSupplier condition) throws ErrnoException {
    if (condition.getAsBoolean()) {
      return;
    }
    if ((flags & NONBLOCK) != 0) {
      throw EAGAIN.because("the eventfd counts %d", count);
    }
    if (waiters.awaitInterruptible(condition, WaitQueue.FOREVER) == WaitResult.INTERRUPTED) {
      throw ERESTARTSYS.because("killed while waiting for an eventfd");
    }
  }

  private void changed() {
    waiters.wakeAll();
    List.copyOf(listeners).forEach(Runnable::run);
  }

  @Override
  public int poll() {
    return (count == 0 ? 0 : POLLIN) | (Long.compareUnsigned(FULL - 1, count) > 0 ? POLLOUT : 0);
  }

  @Override
  public void addPollListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void removePollListener(Runnable listener) {
    listeners.remove(listener);
  }
}
