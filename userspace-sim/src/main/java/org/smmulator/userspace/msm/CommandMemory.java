package org.smmulator.userspace.msm;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemNew;

/**
 * The buffer into which a client writes its command streams, filled from its start; when it is full
 * the client waits for its last job and starts over.
 */
final class CommandMemory {
  private static final long SIZE_BYTES = 64 << 10;
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

  MsmBuffer buffer() throws ErrnoException {
    MsmBuffer found = buffer;
    if (found == null) {
      found = device.newBuffer(SIZE_BYTES, GemNew.WC | GemNew.GPU_READONLY);
      buffer = found;
    }
    return found;
  }

  /** Writes a command stream; returns its offset in the buffer. */
  long write(ImmutableIntArray dwords) throws ErrnoException {
    byte[] bytes = new byte[dwords.length() * Integer.BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < dwords.length(); i++) {
      segment.set(DWORD, (long) i * Integer.BYTES, dwords.get(i));
    }
    MsmJob last = lastJob;
    if (used + bytes.length > SIZE_BYTES && last != null) {
      last.await(WAIT_NS);
      used = 0;
    }
    long offset = used;
    device.client().store(buffer().va() + offset, segment);
    used += bytes.length;
    return offset;
  }

  /** Notes which job reads what was written last. */
  void usedBy(MsmJob job) {
    lastJob = job;
  }
}
