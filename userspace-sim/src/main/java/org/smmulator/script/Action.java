package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** What a process does in one step. Most are one system call. */
public sealed interface Action {
  /** Opens a device node. */
  record Open(String path) implements Action {}

  record Close(NameRef fd) implements Action {}

  /** Makes another descriptor for the same open file. */
  record Dup(NameRef fd) implements Action {}

  /** {@code DRM_IOCTL_MSM_GET_PARAM}. */
  record GetParam(NameRef fd, Param param) implements Action {}

  /** {@code DRM_IOCTL_MSM_GEM_NEW}. */
  record GemNew(NameRef fd, long sizeBytes, ImmutableList<BufferFlag> flags) implements Action {}

  /** {@code DRM_IOCTL_MSM_GEM_INFO}. */
  record GemInfo(NameRef buffer, InfoItem info) implements Action {}

  /** {@code DRM_IOCTL_MSM_SUBMITQUEUE_NEW}. */
  record QueueNew(NameRef fd, int priority) implements Action {}

  /** {@code DRM_IOCTL_MSM_SUBMITQUEUE_CLOSE}. */
  record QueueClose(NameRef queue) implements Action {}

  /**
   * {@code DRM_IOCTL_MSM_GEM_SUBMIT}. The buffer with the commands is the client's own and is added
   * to the table.
   *
   * @param queue null for the file's default queue
   */
  record Submit(
      NameRef fd,
      ImmutableList<BufferUse> buffers,
      ImmutableList<Command> commands,
      @Nullable NameRef queue)
      implements Action {}

  /**
   * {@code DRM_IOCTL_MSM_WAIT_FENCE}.
   *
   * @param timeoutNs from now, in virtual time
   */
  record Wait(NameRef job, long timeoutNs) implements Action {}

  /** The CPU stores 32 bits through the process's own mapping of a buffer. */
  record Write(Address at, int value) implements Action {}

  /** The CPU loads 32 bits. */
  record Read(Address at) implements Action {}

  record Expect(Expectation expectation) implements Action {}

  record Sleep(long durationNs) implements Action {}

  record Exit(int status) implements Action {}

  /** Sends SIGKILL to another process of the scenario. */
  record Kill(String process) implements Action {}

  /** What {@link GemInfo} asks for. */
  enum InfoItem {
    OFFSET,
    IOVA,
    FLAGS
  }

  /** {@code MSM_PARAM_*}, as far as it can be read. */
  enum Param {
    GPU_ID,
    GMEM_SIZE,
    CHIP_ID,
    MAX_FREQ,
    TIMESTAMP,
    GMEM_BASE,
    PRIORITIES,
    PP_PGTABLE,
    FAULTS,
    SUSPENDS,
    VA_START,
    VA_SIZE
  }

  /** {@code MSM_BO_*}. */
  enum BufferFlag {
    SCANOUT,
    GPU_READONLY,
    NO_SHARE,
    CACHED,
    WC,
    UNCACHED,
    CACHED_COHERENT
  }

  /** A buffer in a submit's table, and what the GPU may do with it. */
  record BufferUse(NameRef buffer, Access access) {}

  /** How a job uses a buffer. */
  enum Access {
    READ,
    WRITE,
    READ_WRITE
  }

  /** What kind of result a step of this action names; null for none. */
  default @Nullable Kind makes() {
    return switch (this) {
      case Open _, Dup _ -> Kind.DESCRIPTOR;
      case GemNew _ -> Kind.BUFFER;
      case Submit _ -> Kind.JOB;
      case QueueNew _ -> Kind.QUEUE;
      case GetParam _, GemInfo _, Read _ -> Kind.NUMBER;
      case Close _, QueueClose _, Wait _, Write _, Expect _, Sleep _, Exit _, Kill _ -> null;
    };
  }
}
