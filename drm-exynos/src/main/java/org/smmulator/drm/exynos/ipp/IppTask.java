package org.smmulator.drm.exynos.ipp;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.PendingEvent;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.UserMemory;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppTaskAlpha;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.uapi.exynos.IppTaskRect;
import org.smmulator.uapi.exynos.IppTaskTransform;

/** One picture to make of another. Kernel: {@code struct exynos_drm_ipp_task}. */
public final class IppTask {
  private final IppBuffer source = new IppBuffer();
  private final IppBuffer destination = new IppBuffer();
  private final EngineTurns.Space space;
  private final Task submitter;
  private final EngineTurns.Turn turn;
  private int rotation = IppTaskTransform.ROTATE_0;
  private boolean async;
  private boolean done;
  private @Nullable Errno failure;
  private @Nullable PendingEvent event;
  private boolean awake;

  IppTask(EngineTurns.Space space, Task submitter, Runnable again) {
    this.space = space;
    this.submitter = submitter;
    this.turn = new EngineTurns.Turn(space, again);
  }

  public IppBuffer source() {
    return source;
  }

  public IppBuffer destination() {
    return destination;
  }

  /** A mask of {@code ROTATE_*} and {@code REFLECT_*} of {@link IppTaskTransform}. */
  public int rotation() {
    return rotation;
  }

  /** The task of the process that asked for it. */
  public Task submitter() {
    return submitter;
  }

  EngineTurns.Space space() {
    return space;
  }

  EngineTurns.Turn turn() {
    return turn;
  }

  // ---- parameters

  /**
   * Reads what a client says of the task: structs one behind the other, each of which begins with
   * its id. Kernel: {@code exynos_drm_ipp_task_set()}, which reads the id twice.
   *
   * @throws ErrnoException EFAULT if they cannot be read; EINVAL for an unknown one, or one that
   *     does not fit
   */
  void describe(UserMemory memory, long userPtr, int sizeBytes) throws ErrnoException {
    MemorySegment copy = MemorySegment.ofArray(new long[CStruct.sizeof(IppTaskBuffer.LAYOUT) / 8]);
    long left = Integer.toUnsignedLong(sizeBytes);
    long at = userPtr;
    while (left > 0) {
      memory.copyFrom(at, copy, 0, Integer.BYTES);
      int id = copy.get(CStruct.U32, 0);
      int size = CStruct.sizeof(layoutOf(id));
      if (size > left) {
        throw EINVAL.because("parameter %#x has %d bytes of %d", id, left, size);
      }
      memory.copyFrom(at + Integer.BYTES, copy, Integer.BYTES, size - Integer.BYTES);
      take(id, copy);
      at += size;
      left -= size;
    }
  }

  private static StructLayout layoutOf(int id) throws ErrnoException {
    return switch (id) {
      case IppCommit.TASK_BUFFER | IppCommit.TYPE_SOURCE,
          IppCommit.TASK_BUFFER | IppCommit.TYPE_DESTINATION ->
          IppTaskBuffer.LAYOUT;
      case IppCommit.TASK_RECTANGLE | IppCommit.TYPE_SOURCE,
          IppCommit.TASK_RECTANGLE | IppCommit.TYPE_DESTINATION ->
          IppTaskRect.LAYOUT;
      case IppCommit.TASK_TRANSFORM -> IppTaskTransform.LAYOUT;
      case IppCommit.TASK_ALPHA -> IppTaskAlpha.LAYOUT;
      default -> throw EINVAL.because("parameter %#x", id);
    };
  }

  private void take(int id, MemorySegment copy) {
    IppBuffer which = (id & IppCommit.TYPE_SOURCE) != 0 ? source : destination;
    switch (id & 0xffff) {
      case IppCommit.TASK_BUFFER -> which.describe(IppTaskBuffer.read(copy, 0));
      case IppCommit.TASK_RECTANGLE -> which.cropTo(IppTaskRect.read(copy, 0));
      case IppCommit.TASK_TRANSFORM -> rotation = IppTaskTransform.read(copy, 0).rotation();
      default -> {} // no processor here uses an alpha
    }
  }

  // ---- its life

  /** Declares that no caller waits for the end. */
  void makeAsync() {
    async = true;
  }

  boolean isAsync() {
    return async;
  }

  void setEvent(PendingEvent promised) {
    event = promised;
  }

  /** The processor was woken for it. */
  void wake() {
    awake = true;
  }

  boolean isAwake() {
    return awake;
  }

  /** Notes the end; the first word counts. */
  void end(@Nullable Errno why) {
    if (!done) {
      done = true;
      failure = why;
    }
  }

  boolean isDone() {
    return done;
  }

  /** The errno that it ended with; null if it went well. */
  @Nullable Errno failure() {
    return failure;
  }

  /**
   * Gives back what it holds. Kernel: {@code exynos_drm_ipp_task_free()}.
   *
   * @return the event that is still to be told; null if there is none
   */
  @Nullable PendingEvent release() {
    source.release();
    destination.release();
    PendingEvent pending = event;
    event = null;
    return pending;
  }
}
