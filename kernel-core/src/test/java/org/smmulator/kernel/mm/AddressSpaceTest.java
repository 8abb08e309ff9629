package org.smmulator.kernel.mm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** The memory of processes: what they map, what they touch, and the pagetable that says so. */
class AddressSpaceTest {
  private static final long BASE = 0x8000_0000L;
  private static final long MIB = 1L << 20;
  private static final long PAGE = 4096;
  private static final int RW = Prot.READ | Prot.WRITE;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private Dram dram;
  private PageAllocator pages;
  private AddressSpace mm;

  @BeforeEach
  void anEmptyAddressSpace() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(BASE, 64 * MIB)));
    pages = new PageAllocator(dram);
    mm = new AddressSpace(pages, dram, scheduler, new Holder.OfProcess(101, "painter[101]"));
  }

  @AfterEach
  void close() {
    scheduler.close();
    dram.close();
  }

  @Test
  void aPageComesToBeWhenItIsTouched() throws Exception {
    long va = mm.mmapAnonymous(1 << 30, RW);
    assertThat(pages.usage()).containsExactly("pagetable of painter[101]", 1L);

    mm.store(va + 5 * PAGE + 8, 8, 0xcafe);

    assertThat(mm.load(va + 5 * PAGE + 8, 8)).isEqualTo(0xcafe);
    assertThat(mm.load(va + 5 * PAGE, 8)).isEqualTo(0);
    assertThat(pages.usage())
        .containsExactly("memory of painter[101]", 1L, "pagetable of painter[101]", 4L);
  }

  @Test
  void thePagetableIsWhatTheArchitectureSays() throws Exception {
    long va = mm.mmapAnonymous(PAGE, RW);
    mm.store(va + 0x18, 4, 0x1234);

    long pte = walk(mm.pagetableBase(), va);

    // Arm ARM D8.3: page, AttrIndx 0, AP 01 (EL0 read/write), SH 11, AF, nG, PXN and UXN.
    assertThat(pte & 0xffff_0000_0000_0fffL & ~(1L << 58)).isEqualTo(0x0060_0000_0000_0f43L);
    assertThat(dram.getInt((pte & 0xffff_ffff_f000L) + 0x18)).isEqualTo(0x1234);
  }

  @Test
  void whatCannotBeWrittenOrRunSaysSoInTheTable() throws Exception {
    long readOnly = mm.mmapAnonymous(PAGE, Prot.READ);
    long code = mm.mmapAnonymous(PAGE, Prot.READ | Prot.EXEC);
    assertThat(mm.load(readOnly, 4) + mm.load(code, 4)).isEqualTo(0);

    assertThat(walk(mm.pagetableBase(), readOnly) & (0b11 << 6)).isEqualTo(0b11 << 6);
    assertThat(walk(mm.pagetableBase(), code) >>> 53 & 0b11).isEqualTo(0b01);
    assertFaults(() -> mm.store(readOnly, 4, 1));
    assertThat(mm.explain(readOnly, true))
        .isEqualTo(new UserFault(11, "level 3 permission fault", 0x9200004fL));
  }

  @Test
  void aBadAddressIsATranslationFaultAtTheLevelWhereTheWalkEnds() throws Exception {
    assertFaults(() -> mm.load(0x10, 4));
    assertFaults(() -> mm.load(-8, 8));
    assertThat(mm.explain(0x10, false))
        .isEqualTo(new UserFault(11, "level 0 translation fault", 0x92000004L));

    long va = mm.mmapAnonymous(PAGE, RW);
    mm.store(va, 1, 1);
    assertThat(mm.explain(va - PAGE, true))
        .isEqualTo(new UserFault(11, "level 3 translation fault", 0x92000047L));
  }

  @Test
  void unmappingTheMiddleLeavesTwoEnds() throws Exception {
    long va = mm.mmapAnonymous(5 * PAGE, RW);
    for (int i = 0; i < 5; i++) {
      mm.store(va + i * PAGE, 8, i);
    }

    mm.munmap(va + PAGE, 3 * PAGE);

    assertThat(mm.load(va, 8)).isEqualTo(0);
    assertThat(mm.load(va + 4 * PAGE, 8)).isEqualTo(4);
    assertFaults(() -> mm.load(va + PAGE, 8));
    assertFaults(() -> mm.load(va + 3 * PAGE, 8));
    assertThat(pages.usage()).containsEntry("memory of painter[101]", 2L);
    assertThat(mm.maps().lines())
        .containsExactly(
            "%08x-%08x rw-p 00000000 00:00 0 ".formatted(va, va + PAGE),
            "%08x-%08x rw-p 00000000 00:00 0 ".formatted(va + 4 * PAGE, va + 5 * PAGE))
        .inOrder();
  }

  @Test
  void aHoleIsUsedAgainHighestFirst() throws Exception {
    long first = mm.mmapAnonymous(4 * PAGE, RW);
    long second = mm.mmapAnonymous(4 * PAGE, RW);
    assertThat(second).isEqualTo(first - 4 * PAGE);

    mm.munmap(first, 2 * PAGE);

    assertThat(mm.mmapAnonymous(3 * PAGE, RW)).isEqualTo(second - 3 * PAGE);
    assertThat(mm.mmapAnonymous(2 * PAGE, RW)).isEqualTo(first);
  }

  @Test
  void badRangesAreRefused() {
    assertThat(errno(() -> mm.munmap(0x1001, PAGE))).isEqualTo(EINVAL);
    assertThat(errno(() -> mm.munmap(0x1000, 0))).isEqualTo(EINVAL);
    assertThat(errno(() -> mm.munmap(1L << 48, PAGE))).isEqualTo(EINVAL);
    assertThat(errno(() -> mm.mmapAnonymous(0, RW))).isEqualTo(EINVAL);
  }

  @Test
  void theKernelCopiesAcrossPagesUntilTheFirstBadOne() throws Exception {
    long va = mm.mmapAnonymous(2 * PAGE, RW);
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});
    MemorySegment back = MemorySegment.ofArray(new byte[4]);

    mm.copyTo(va + PAGE - 2, bytes, 0, 4);
    mm.copyFrom(va + PAGE - 2, back, 0, 4);

    assertThat(back.mismatch(bytes)).isEqualTo(-1);
    assertThat(mm.load(va + PAGE - 2, 4)).isEqualTo(0x04030201);
    assertThat(errno(() -> mm.copyFrom(va + 2 * PAGE - 2, back, 0, 4))).isEqualTo(EFAULT);
    assertThat(errno(() -> mm.copyTo(0x30, bytes, 0, 4))).isEqualTo(EFAULT);
  }

  @Test
  void aForkedChildHasACopyOfItsOwnAndTheSharedMappings() throws Exception {
    Buffer buffer = new Buffer();
    long own = mm.mmapAnonymous(PAGE, RW);
    long shared = mm.mmap(PAGE, RW, buffer, 0, "/dev/dri/renderD128");
    mm.store(own, 8, 1);
    mm.store(shared, 8, 2);

    AddressSpace child = mm.forked(new Holder.OfProcess(102, "painter[102]"));
    child.store(own, 8, 10);
    child.store(shared, 8, 20);

    assertThat(mm.load(own, 8)).isEqualTo(1);
    assertThat(child.load(own, 8)).isEqualTo(10);
    assertThat(mm.load(shared, 8)).isEqualTo(20);
    assertThat(buffer.mappings).isEqualTo(2);
    child.destroy();
    mm.destroy();
    assertThat(buffer.mappings).isEqualTo(0);
    buffer.free();
    assertThat(pages.usage()).isEmpty();
  }

  @Test
  void cuttingAMappingInTwoMakesTwoMappingsOfTheBacking() throws Exception {
    Buffer buffer = new Buffer();
    long va = mm.mmap(3 * PAGE, RW, buffer, 0, "buffer");

    mm.munmap(va + PAGE, PAGE);
    assertThat(buffer.mappings).isEqualTo(2);
    mm.munmap(va, 3 * PAGE);

    assertThat(buffer.mappings).isEqualTo(0);
  }

  @Test
  void aBackingWithoutAPageIsABusError() throws Exception {
    long va = mm.mmap(3 * PAGE, RW, new Buffer(), 0, "buffer");

    assertFaults(() -> mm.load(va + PAGE, 4));

    assertThat(mm.explain(va + PAGE, false).signal()).isEqualTo(7);
  }

  @Test
  void mappingsAgreeWithASetOfPagesWhateverIsMappedAndUnmapped() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    TreeSet<Long> model = new TreeSet<>();
    long lowest = Long.MAX_VALUE;
    for (int step = 0; step < 3000; step++) {
      long size = 1L + random.nextInt(8);
      if (random.nextBoolean() || model.isEmpty()) {
        long va = mm.mmapAnonymous(size * PAGE, RW);
        lowest = Math.min(lowest, va);
        for (long page = va; page < va + size * PAGE; page += PAGE) {
          assertThat(model.add(page)).isTrue();
          mm.store(page, 8, page);
        }
      } else {
        long span = (model.last() - lowest) / PAGE + 1;
        long va = lowest + random.nextLong(span) * PAGE;
        mm.munmap(va, size * PAGE);
        model.subSet(va, va + size * PAGE).clear();
      }
    }

    assertThat(pages.usage().getOrDefault("memory of painter[101]", 0L)).isEqualTo(model.size());
    for (long page : model) {
      assertThat(mm.load(page, 8)).isEqualTo(page);
    }
    mm.destroy();
    assertThat(pages.usage()).isEmpty();
  }

  /** A walk as Arm ARM D8.2 describes it, for a 4 KiB granule and a 48-bit address. */
  private long walk(long ttbr, long va) {
    long table = ttbr;
    for (int lsb = 39; lsb > 12; lsb -= 9) {
      long descriptor = dram.getLong(table + (va >>> lsb & 0x1ff) * 8);
      assertThat(descriptor & 0b11).isEqualTo(0b11);
      table = descriptor & 0xffff_ffff_f000L;
    }
    return dram.getLong(table + (va >>> 12 & 0x1ff) * 8);
  }

  private static void assertFaults(Attempt attempt) {
    assertThat(errno(attempt)).isEqualTo(EFAULT);
  }

  private static org.smmulator.kernel.errno.Errno errno(Attempt attempt) {
    return assertThrows(ErrnoException.class, attempt::run).errno();
  }

  private interface Attempt {
    void run() throws ErrnoException;
  }

  /** One page that processes and devices share. */
  private final class Buffer implements VmaBacking {
    private final PageOwner owner = pages.owner("buffer", PageZone.CLIENT);
    private final long pa = pages.tryAlloc(0, owner);
    private int mappings;

    @Override
    public long fault(long offset) throws ErrnoException {
      if (offset != 0) {
        throw EFAULT.because("offset 0x%x", offset);
      }
      return pa;
    }

    @Override
    public void opened(AddressSpace mm) {
      mappings++;
    }

    @Override
    public void closed(AddressSpace mm) {
      mappings--;
    }

    @Override
    public boolean isSharedWithDevices() {
      return true;
    }

    @Override
    public VmaBacking forked() {
      return this;
    }

    void free() {
      pages.free(pa, 0, owner);
    }
  }
}
