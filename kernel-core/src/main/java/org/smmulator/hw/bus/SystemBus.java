package org.smmulator.hw.bus;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Range;
import com.google.common.collect.RangeMap;
import com.google.common.collect.TreeRangeMap;
import java.util.Map;

/** The devices by physical address, beside DRAM. */
public final class SystemBus implements MessagePort {
  private record Slot(String name, MmioTarget target, Wire powered) {}

  private final Timebase timebase;
  private final long accessNs;
  private final RangeMap<Long, Slot> slots = TreeRangeMap.create();

  /**
   * Makes an empty bus.
   *
   * @param accessNs the cost of an access to a device register to the CPU
   */
  public SystemBus(Timebase timebase, long accessNs) {
    this.timebase = timebase;
    this.accessNs = accessNs;
  }

  /** Solders {@code target} in at {@code pa}. */
  public void attach(String name, long pa, long sizeBytes, MmioTarget target, Wire powered) {
    Range<Long> range = Range.closedOpen(pa, pa + sizeBytes);
    checkArgument(
        slots.subRangeMap(range).asMapOfRanges().isEmpty(),
        "%s at 0x%s overlaps another device",
        name,
        Long.toHexString(pa));
    slots.put(range, new Slot(name, target, powered));
  }

  /** Opens a window of {@code sizeBytes} at {@code pa}. An access that no device answers aborts. */
  public Mmio map(long pa, int sizeBytes) {
    Map.Entry<Range<Long>, Slot> found = slots.getEntry(pa);
    if (found == null) {
      String nothing = "nothing at 0x%x".formatted(pa);
      return new Mmio(nothing, new Nothing(), 0, sizeBytes, Wire.low(), timebase, accessNs);
    }
    Slot slot = found.getValue();
    int base = (int) (pa - found.getKey().lowerEndpoint());
    return new Mmio(
        slot.name(), slot.target(), base, sizeBytes, slot.powered(), timebase, accessNs);
  }

  @Override
  public boolean message(long pa, int value) {
    Map.Entry<Range<Long>, Slot> found = slots.getEntry(pa);
    if (found == null || !found.getValue().powered().isHigh() || pa % Integer.BYTES != 0) {
      return false;
    }
    int offset = (int) (pa - found.getKey().lowerEndpoint());
    found.getValue().target().write32(offset, value);
    return true;
  }

  /** The far end of a window that leads nowhere; its wire is low, so it is never asked. */
  private static final class Nothing implements MmioTarget {
    @Override
    public int read32(int offset) {
      return 0;
    }

    @Override
    public void write32(int offset, int value) {}
  }
}
