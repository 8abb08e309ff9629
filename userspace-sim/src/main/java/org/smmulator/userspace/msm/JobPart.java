package org.smmulator.userspace.msm;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A piece of a job, as a story tells it: {@code gpu.submit(write(canvas, 0x10, 0xcafe))}. It knows
 * the buffers that it needs.
 */
public final class JobPart {
  /** Appends packets; asks the kernel for the addresses of buffers. */
  private interface Packets {
    void addTo(Pm4Stream stream) throws ErrnoException;
  }

  private final ImmutableList<MsmBuffer> buffers;
  private final Packets packets;

  private JobPart(ImmutableList<MsmBuffer> buffers, Packets packets) {
    this.buffers = buffers;
    this.packets = packets;
  }

  /** Has the GPU write words at {@code offset} of a buffer. */
  public static JobPart write(MsmBuffer to, long offset, int... words) {
    return new JobPart(ImmutableList.of(to), stream -> stream.memWrite(to.iova() + offset, words));
  }

  /** Has the GPU write words at an address, whether or not there is a buffer. */
  public static JobPart writeAt(long iova, int... words) {
    return new JobPart(ImmutableList.of(), stream -> stream.memWrite(iova, words));
  }

  /** Has the GPU copy a word from one buffer to another. */
  public static JobPart copy(MsmBuffer from, long fromOffset, MsmBuffer to, long toOffset) {
    return new JobPart(
        ImmutableList.of(from, to),
        stream -> stream.memCopy(to.iova() + toOffset, from.iova() + fromOffset));
  }

  /** Has the GPU poll a word of a buffer until it is {@code value}. */
  public static JobPart waitFor(MsmBuffer buffer, long offset, int value) {
    return new JobPart(
        ImmutableList.of(buffer), stream -> stream.waitUntilEqual(buffer.iova() + offset, value));
  }

  ImmutableList<MsmBuffer> buffers() {
    return buffers;
  }

  void addTo(Pm4Stream stream) throws ErrnoException {
    packets.addTo(stream);
  }
}
