package org.smmulator.userspace.exynos;

import static org.smmulator.uapi.exynos.IppCommit.TASK_BUFFER;
import static org.smmulator.uapi.exynos.IppCommit.TASK_RECTANGLE;
import static org.smmulator.uapi.exynos.IppCommit.TASK_TRANSFORM;
import static org.smmulator.uapi.exynos.IppCommit.TYPE_DESTINATION;
import static org.smmulator.uapi.exynos.IppCommit.TYPE_SOURCE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.uapi.exynos.IppTaskRect;
import org.smmulator.uapi.exynos.IppTaskTransform;

/** The parameters of a picture processor's task, one behind the other. */
public final class IppRequest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Encodes one parameter. */
  private interface Writer {
    void write(MemorySegment memory, long at);
  }

  private IppRequest add(StructLayout layout, Writer writer) {
    MemorySegment memory = MemorySegment.ofArray(new long[CStruct.sizeof(layout) / Long.BYTES]);
    writer.write(memory, 0);
    bytes.writeBytes(memory.toArray(ValueLayout.JAVA_BYTE));
    return this;
  }

  /** The picture to read. */
  public IppRequest from(IppPicture picture) {
    return buffer(picture.asParameter(TASK_BUFFER | TYPE_SOURCE));
  }

  /** The picture to make. */
  public IppRequest to(IppPicture picture) {
    return buffer(picture.asParameter(TASK_BUFFER | TYPE_DESTINATION));
  }

  /** Adds a picture as it is. */
  public IppRequest buffer(IppTaskBuffer parameter) {
    return add(IppTaskBuffer.LAYOUT, parameter::write);
  }

  /** The part of the picture to read. */
  public IppRequest fromRect(int x, int y, int width, int height) {
    return rect(TYPE_SOURCE, x, y, width, height);
  }

  /** The part of the picture to make. */
  public IppRequest toRect(int x, int y, int width, int height) {
    return rect(TYPE_DESTINATION, x, y, width, height);
  }

  private IppRequest rect(int type, int x, int y, int width, int height) {
    IppTaskRect rect = new IppTaskRect(TASK_RECTANGLE | type, x, y, width, height);
    return add(IppTaskRect.LAYOUT, rect::write);
  }

  /** How the picture is turned: a mask of the constants of {@link IppTaskTransform}. */
  public IppRequest transform(int rotation) {
    IppTaskTransform transform = new IppTaskTransform(TASK_TRANSFORM, rotation);
    return add(IppTaskTransform.LAYOUT, transform::write);
  }

  /** Adds a word as it stands, whether or not it begins a parameter. */
  public IppRequest word(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      bytes.write(value >>> shift);
    }
    return this;
  }

  int sizeBytes() {
    return bytes.size();
  }

  MemorySegment encoded() {
    return MemorySegment.ofArray(bytes.toByteArray());
  }
}
