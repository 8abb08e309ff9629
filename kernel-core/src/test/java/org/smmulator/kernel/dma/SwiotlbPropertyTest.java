package org.smmulator.kernel.dma;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.dma.DmaOps.MAPPING_ERROR;
import static org.smmulator.kernel.dma.Swiotlb.SEGMENT_SLOTS;
import static org.smmulator.kernel.dma.Swiotlb.SLOT_BYTES;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/**
 * Mappings by chance, against the plainest pool that there can be: an array of slots that are tried
 * one by one. Kernel: {@code swiotlb_search_pool_area()}.
 */
class SwiotlbPropertyTest {
  private static final long LOW = 0x8000_0000L;
  private static final long HIGH = 0x1_0000_0000L;
  private static final long MIB = 1L << 20;
  private static final int SLOTS = 3 * SEGMENT_SLOTS;
  private static final int PAGE = 4096;

  /** Masks of the low bits that the room's start, and a device's addresses, are held to. */
  private static final long[] MASKS = {0, 0, 0x7ff, 0xfff, 0x3fff};

  private static final long[] BOUNDARIES = {0xffff_ffffL, 0xffff, 0x7fff};

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Device device = new Device("5000000.usb", "platform", null, new Dmesg(scheduler));
  private Dram dram;
  private final boolean[] busy = new boolean[SLOTS];
  private final List<Mapping> mappings = new ArrayList<>();
  private Random random = new Random(0);
  private Swiotlb pool;
  private long base;
  private int next;

  private record Mapping(long pa, long poolPa, int sizeBytes, int firstSlot, int slots) {}

  @BeforeEach
  void memoryAboveAndBelow4GiB() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(LOW, 16 * MIB), new DramBank(HIGH, 16 * MIB)));
    pool = new Swiotlb(new PageAllocator(dram), (long) SLOTS * SLOT_BYTES, 0xffff_ffffL);
  }

  @AfterEach
  void close() {
    dram.close();
    scheduler.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyMappingGetsTheFirstRunOfSlotsThatItMayHave(int seed) {
    random = new Random(seed);
    device.dma().setRanges(ImmutableList.of(new DmaRange(LOW, 0x1800, 16 * MIB)));
    base = base();
    int failed = 0;

    for (int i = 0; i < 600; i++) {
      if (mappings.isEmpty() || random.nextInt(5) < 3) {
        failed += map() ? 0 : 1;
      } else {
        unmap(mappings.remove(random.nextInt(mappings.size())));
      }
      assertThat(pool.usedSlots()).isEqualTo(mappings.stream().mapToInt(Mapping::slots).sum());
    }

    assertThat(failed).isGreaterThan(0); // the pool was full now and then
    while (!mappings.isEmpty()) {
      unmap(mappings.removeLast());
    }
    assertThat(pool.usedSlots()).isEqualTo(0);
  }

  /** The pool's first address: where the first mapping of an empty one begins. */
  private long base() {
    long first = pool.map(device, HIGH, 1, 0, DmaAttr.NONE);
    pool.unmap(device, first, 1, TO_DEVICE, DmaAttr.NONE);
    next = 1;
    return first;
  }

  private boolean map() {
    long minAlignMask = MASKS[random.nextInt(MASKS.length)];
    long alignMask = MASKS[random.nextInt(MASKS.length)];
    long boundary = BOUNDARIES[random.nextInt(BOUNDARIES.length)];
    int size = 1 + random.nextInt(random.nextInt(6) == 0 ? 40 * SLOT_BYTES : 4 * SLOT_BYTES);
    device.dma().setMinAlignMask(minAlignMask);
    device.dma().setSegmentBoundary(boundary);
    device.dma().setUntrusted(random.nextBoolean());
    long pa = HIGH + random.nextInt((int) (15 * MIB));
    for (int i = 0; i < size; i++) {
      dram.putByte(pa + i, (byte) random.nextInt());
    }

    long offset = pa & minAlignMask & (alignMask | (SLOT_BYTES - 1));
    long room = (offset + size + alignMask) / (alignMask + 1) * (alignMask + 1);
    int slots = (int) ((room + SLOT_BYTES - 1) / SLOT_BYTES);
    int expected = firstFit(pa, minAlignMask, alignMask, boundary, room, slots);

    long at = pool.map(device, pa, size, alignMask, DmaAttr.NO_WARN);

    if (expected < 0) {
      assertThat(at).isEqualTo(MAPPING_ERROR);
      return false;
    }
    assertWithMessage("%s bytes of 0x%s", size, Long.toHexString(pa))
        .that(at)
        .isEqualTo(base + (long) expected * SLOT_BYTES + offset);
    for (int i = 0; i < size; i++) {
      assertThat(dram.getByte(at + i)).isEqualTo(dram.getByte(pa + i));
    }
    for (int i = 0; i < slots; i++) {
      busy[expected + i] = true;
    }
    next = (expected + slots) % SLOTS;
    mappings.add(new Mapping(pa, at, size, expected, slots));
    return true;
  }

  private int firstFit(
      long pa, long minAlignMask, long alignMask, long boundary, long room, int slots) {
    boolean wholePages =
        (minAlignMask & ~(alignMask | (SLOT_BYTES - 1))) == 0 && alignMask == 0 && room >= PAGE;
    for (int tried = 0; tried < SLOTS; tried++) {
      int first = (next + tried) % SLOTS;
      long at = base + (long) first * SLOT_BYTES;
      long dmaAddress = at - LOW + 0x1800;
      boolean fits =
          first / SEGMENT_SLOTS == (first + slots - 1) / SEGMENT_SLOTS
              && isFree(first, slots)
              && dmaAddress / (boundary + 1) == (dmaAddress + room - 1) / (boundary + 1);
      boolean keepsLowBits = ((at ^ pa) & minAlignMask & ~alignMask & -SLOT_BYTES) == 0;
      boolean startsOnBorder = at % Math.max(SLOT_BYTES, alignMask + 1) == 0;
      if (fits && keepsLowBits && startsOnBorder && (!wholePages || at % PAGE == 0)) {
        return first;
      }
    }
    return -1;
  }

  private boolean isFree(int first, int slots) {
    for (int i = 0; i < slots; i++) {
      if (busy[first + i]) {
        return false;
      }
    }
    return true;
  }

  /** A device wrote all of it; a part is synced for the CPU first. */
  private void unmap(Mapping mapping) {
    byte before = dram.getByte(mapping.pa);
    for (int i = 0; i < mapping.sizeBytes; i++) {
      dram.putByte(mapping.poolPa + i, (byte) (i * 7 + 1));
    }
    int part = random.nextInt(mapping.sizeBytes);
    pool.syncForCpu(device, mapping.poolPa + part, 1, FROM_DEVICE);
    assertThat(dram.getByte(mapping.pa + part)).isEqualTo((byte) (part * 7 + 1));
    if (part > 0) {
      assertThat(dram.getByte(mapping.pa)).isEqualTo(before);
    }

    pool.unmap(device, mapping.poolPa, mapping.sizeBytes, BIDIRECTIONAL, DmaAttr.NONE);

    for (int i = 0; i < mapping.sizeBytes; i++) {
      assertThat(dram.getByte(mapping.pa + i)).isEqualTo((byte) (i * 7 + 1));
    }
    for (int i = 0; i < mapping.slots; i++) {
      busy[mapping.firstSlot + i] = false;
    }
  }
}
