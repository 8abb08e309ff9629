package org.smmulator.uapi.engines;

import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct video_run}: one frame.
 *
 * @param lineBytes the bytes of a line
 * @param lines how many lines
 * @param stride from a line's start to the next one's
 * @param operation {@link #COPY} or {@link #INVERT}
 */
public record VideoRun(int lineBytes, int lines, int stride, int operation) {
  public static final int COPY = 0;
  public static final int INVERT = 1;

  public static final StructLayout LAYOUT =
      struct(
          "video_run",
          U32.withName("line_bytes"),
          U32.withName("lines"),
          U32.withName("stride"),
          U32.withName("operation"));

  private static final long LINE_BYTES = offsetof(LAYOUT, "line_bytes");
  private static final long LINES = offsetof(LAYOUT, "lines");
  private static final long STRIDE = offsetof(LAYOUT, "stride");
  private static final long OPERATION = offsetof(LAYOUT, "operation");

  /** Decodes the struct at {@code at}. */
  public static VideoRun read(MemorySegment memory, long at) {
    return new VideoRun(
        memory.get(U32, at + LINE_BYTES),
        memory.get(U32, at + LINES),
        memory.get(U32, at + STRIDE),
        memory.get(U32, at + OPERATION));
  }

  /** Encodes the struct at {@code at}. */
  public void write(MemorySegment memory, long at) {
    memory.set(U32, at + LINE_BYTES, lineBytes);
    memory.set(U32, at + LINES, lines);
    memory.set(U32, at + STRIDE, stride);
    memory.set(U32, at + OPERATION, operation);
  }
}
