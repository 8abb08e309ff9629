package org.smmulator.userspace.msm;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemNew;

/**
 * The buffer into which a client writes its command streams, filled from its start. When it is full
 * the client waits for its last job and starts over, in a larger buffer if the stream needs one.
 */
final class CommandMemory {
  private static final long FIRST_SIZE_BYTES = 64 << 10;
  private static final ValueLayout.OfInt DWORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long WAIT_NS = 10_000_000_000L;

  private final MsmDevice device;
  private @Nullable MsmBuffer buffer;
  private @Nullable MsmJob lastJob;
  private long used;

  CommandMemory(MsmDevice device) {
    this.device = device;
  }

  /** The buffer that the stream written last is in. */
  MsmBuffer buffer() {
    return requireNonNull(buffer);
  }

  /**
   * Writes a command stream; returns its offset in the buffer.
   *
   * @throws ErrnoException what making, mapping or giving back a buffer gives, or the wait
   */
  long write(ImmutableIntArray dwords) throws ErrnoException {
    byte[] bytes = new byte[dwords.length() * Integer.BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < dwords.length(); i++) {
      segment.set(DWORD, (long) i * Integer.BYTES, dwords.get(i));
    }
    MsmBuffer room = roomFor(bytes.length);
    long offset = used;
    device.client().store(room.va() + offset, segment);
    used += bytes.length;
    return offset;
  }

  private MsmBuffer roomFor(long bytes) throws ErrnoException {
    MsmBuffer present = buffer;
    if (present != null && used + bytes > present.sizeBytes()) {
      MsmJob last = lastJob;
      if (last != null) {
        last.await(WAIT_NS);
      }
      used = 0;
      if (bytes > present.sizeBytes()) {
        present.close();
        present = null;
        buffer = null;
      }
    }
    if (present == null) {
      long sizeBytes = Math.max(FIRST_SIZE_BYTES, Long.highestOneBit(bytes - 1) << 1);
      present = device.newBuffer(sizeBytes, GemNew.WC | GemNew.GPU_READONLY);
      buffer = present;
    }
    return present;
  }

  /** Notes which job reads what was written last. */
  void usedBy(MsmJob job) {
    lastJob = job;
  }
}
