package org.smmulator.userspace.exynos;

import java.lang.foreign.MemorySegment;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.G2dEvent;
import org.smmulator.uapi.exynos.IppEvent;

/** An event of an engine, as a client reads it. */
public sealed interface ExynosEvent {
  /** Bytes of the largest event: as many are read at once, so that only one fits. */
  int MAX_BYTES = CStruct.sizeof(IppEvent.LAYOUT);

  /** A list of the 2D engine is done. */
  record OfG2d(G2dEvent event) implements ExynosEvent {
    @Override
    public long userData() {
      return event.userData();
    }
  }

  /** A picture is made. */
  record OfIpp(IppEvent event) implements ExynosEvent {
    @Override
    public long userData() {
      return event.userData();
    }
  }

  /** The number that the client gave. */
  long userData();

  /** Decodes an event. */
  static ExynosEvent parse(byte[] bytes) {
    MemorySegment memory = MemorySegment.ofArray(new long[MAX_BYTES / Long.BYTES]);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
    return switch (memory.get(CStruct.U32, 0)) {
      case G2dEvent.TYPE -> new OfG2d(G2dEvent.read(memory, 0));
      case IppEvent.TYPE -> new OfIpp(IppEvent.read(memory, 0));
      default -> throw new IllegalArgumentException("an event of another kind");
    };
  }
}
