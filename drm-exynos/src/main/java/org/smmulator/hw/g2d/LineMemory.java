package org.smmulator.hw.g2d;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.engines.Worker;

/** A buffer of one line of pixels in the engine, which is filled from memory and written back. */
final class LineMemory {
  /** Coordinates have 13 bits. */
  static final int MAX_PIXELS = 1 << 13;

  private static final int MAX_PIXEL_BYTES = 4;
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final BusMaster memory;
  private final Worker worker;
  private final int[] pixels = new int[MAX_PIXELS];
  private final MemorySegment bytes = MemorySegment.ofArray(new byte[MAX_PIXELS * MAX_PIXEL_BYTES]);

  LineMemory(BusMaster memory, Worker worker) {
    this.memory = memory;
    this.worker = worker;
  }

  /** The pixels themselves, for loops over a whole line. */
  int[] pixels() {
    return pixels;
  }

  int pixel(int x) {
    return pixels[x];
  }

  void set(int x, int argb) {
    pixels[x] = argb;
  }

  void fill(int argb, int count) {
    Arrays.fill(pixels, 0, count, argb);
  }

  /** Loads {@code count} pixels; returns whether the job is still current. */
  boolean load(int ticket, long base, long stride, int mode, int x, int y, int count) {
    int pixelBytes = G2dPixels.bytes(mode);
    memory.read(address(base, stride, pixelBytes, x, y), bytes, 0, (long) count * pixelBytes);
    if (G2dPixels.isNative(mode)) {
      MemorySegment.copy(bytes, U32, 0, pixels, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        pixels[i] = G2dPixels.decode(mode, bits(pixelBytes, i));
      }
    }
    return worker.current(ticket);
  }

  /** Loads one pixel of memory as pixel {@code index}; returns whether the job is current. */
  boolean loadOne(int ticket, long base, long stride, int mode, int x, int y, int index) {
    int pixelBytes = G2dPixels.bytes(mode);
    memory.read(address(base, stride, pixelBytes, x, y), bytes, 0, pixelBytes);
    pixels[index] = G2dPixels.decode(mode, bits(pixelBytes, 0));
    return worker.current(ticket);
  }

  /** Loads {@code count} bytes as they are; returns whether the job is still current. */
  boolean loadBytes(int ticket, long address, int count) {
    memory.read(address, bytes, 0, count);
    return worker.current(ticket);
  }

  /** A byte of those that {@link #loadBytes} has loaded. */
  int byteAt(int index) {
    return bytes.get(JAVA_BYTE, index) & 0xff;
  }

  /**
   * Stores the pixels from {@code first} up to {@code end}; returns whether the job is current.
   *
   * @param x where pixel 0 lies
   */
  boolean store(int ticket, long base, long stride, int mode, int x, int y, int first, int end) {
    int pixelBytes = G2dPixels.bytes(mode);
    if (G2dPixels.isNative(mode)) {
      MemorySegment.copy(pixels, first, bytes, U32, 0, end - first);
    } else {
      for (int i = first; i < end; i++) {
        putBits(pixelBytes, i - first, G2dPixels.encode(mode, pixels[i]));
      }
    }
    memory.write(
        address(base, stride, pixelBytes, x + first, y),
        bytes,
        0,
        (long) (end - first) * pixelBytes);
    return worker.current(ticket);
  }

  /** Stores one pixel's bits again and again. */
  boolean storeBits(
      int ticket, long base, long stride, int pixelBytes, int x, int y, int count, int bits) {
    for (int i = 0; i < count; i++) {
      putBits(pixelBytes, i, bits);
    }
    memory.write(address(base, stride, pixelBytes, x, y), bytes, 0, (long) count * pixelBytes);
    return worker.current(ticket);
  }

  private static long address(long base, long stride, int pixelBytes, int x, int y) {
    return base + y * stride + (long) x * pixelBytes;
  }

  private int bits(int pixelBytes, int i) {
    return switch (pixelBytes) {
      case 4 -> bytes.get(U32, 4L * i);
      case 3 ->
          (bytes.get(U16, 3L * i) & 0xffff) | ((bytes.get(JAVA_BYTE, 3L * i + 2) & 0xff) << 16);
      case 2 -> bytes.get(U16, 2L * i) & 0xffff;
      default -> bytes.get(JAVA_BYTE, i) & 0xff;
    };
  }

  private void putBits(int pixelBytes, int i, int bits) {
    switch (pixelBytes) {
      case 4 -> bytes.set(U32, 4L * i, bits);
      case 3 -> {
        bytes.set(U16, 3L * i, (short) bits);
        bytes.set(JAVA_BYTE, 3L * i + 2, (byte) (bits >>> 16));
      }
      case 2 -> bytes.set(U16, 2L * i, (short) bits);
      default -> bytes.set(JAVA_BYTE, i, (byte) bits);
    }
  }
}
