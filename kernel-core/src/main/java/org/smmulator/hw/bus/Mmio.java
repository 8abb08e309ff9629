package org.smmulator.hw.bus;

import com.google.errorprone.annotations.CheckReturnValue;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;

/**
 * A window onto a device's registers: what {@code ioremap()} gives a driver.
 *
 * <p>Each access costs time, is a point at which another context may run, and aborts if the device
 * has no clock. Offsets are bytes from the start of the window.
 */
@CheckReturnValue
public final class Mmio {
  private final String name;
  private final MmioTarget target;
  private final int base;
  private final int sizeBytes;
  private final Wire powered;
  private final Timebase timebase;
  private final long accessNs;

  /**
   * Opens a window.
   *
   * @param name the device's name, for the report of an abort
   * @param base bytes from the start of {@code target} to the start of the window
   * @param powered whether the device has power and clocks; an access while it is low aborts
   * @param accessNs the cost of an access to its caller
   */
  public Mmio(
      String name,
      MmioTarget target,
      int base,
      int sizeBytes,
      Wire powered,
      Timebase timebase,
      long accessNs) {
    this.name = name;
    this.target = target;
    this.base = base;
    this.sizeBytes = sizeBytes;
    this.powered = powered;
    this.timebase = timebase;
    this.accessNs = accessNs;
  }

  /** The size of the window in bytes. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** A smaller window inside this one. */
  public Mmio window(int offset, int windowBytes) {
    checkRange(offset, windowBytes);
    return new Mmio(name, target, base + offset, windowBytes, powered, timebase, accessNs);
  }

  public int read32(int offset) {
    access(offset, 4, false);
    return target.read32(base + offset);
  }

  public void write32(int offset, int value) {
    access(offset, 4, true);
    target.write32(base + offset, value);
  }

  public long read64(int offset) {
    access(offset, 8, false);
    return target.read64(base + offset);
  }

  public void write64(int offset, long value) {
    access(offset, 8, true);
    target.write64(base + offset, value);
  }

  public int read(Reg32 reg) {
    return read32(reg.offset());
  }

  public void write(Reg32 reg, int value) {
    write32(reg.offset(), value);
  }

  /** Reads register {@code index} of an array. */
  public int read(Reg32 reg, int index) {
    return read32(reg.offset(index));
  }

  /** Writes register {@code index} of an array. */
  public void write(Reg32 reg, int index, int value) {
    write32(reg.offset(index), value);
  }

  public long read(Reg64 reg) {
    return read64(reg.offset());
  }

  public void write(Reg64 reg, long value) {
    write64(reg.offset(), value);
  }

  private void access(int offset, int bytes, boolean write) {
    checkRange(offset, bytes);
    timebase.consume(accessNs);
    timebase.point();
    if (!powered.isHigh()) {
      throw new ExternalAbort(
          "%s of unclocked %s at offset 0x%x".formatted(write ? "write" : "read", name, offset));
    }
  }

  private void checkRange(int offset, int bytes) {
    if (offset < 0 || offset + bytes > sizeBytes) {
      throw new ExternalAbort(
          "offset 0x%x is outside the 0x%x bytes of %s".formatted(offset, sizeBytes, name));
    }
  }
}
