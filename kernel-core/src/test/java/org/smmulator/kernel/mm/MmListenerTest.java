package org.smmulator.kernel.mm;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** What a device that walks a process's table is told, and when. */
class MmListenerTest {
  private static final long PAGE = 4096;
  private static final int RW = Prot.READ | Prot.WRITE;

  /** Notes what it hears and how many pages were in use then. */
  private final class Recorder implements MmListener {
    final List<String> heard = new ArrayList<>();
    long pagesThen;

    @Override
    public void invalidated(long va, long sizeBytes) {
      heard.add("0x%x+0x%x, device finds 0x%x".formatted(va, sizeBytes, mm.translate(va)));
      pagesThen = pages.pagesInUse();
      assertThat(mm.makePresent(va, Prot.READ)).isFalse();
    }

    @Override
    public void released() {
      heard.add("released");
      pagesThen = pages.pagesInUse();
    }
  }

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Recorder recorder = new Recorder();
  private Dram dram;
  private PageAllocator pages;
  private AddressSpace mm;

  @BeforeEach
  void anAddressSpaceThatSomebodyListensTo() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, 16L << 20)));
    pages = new PageAllocator(dram);
    mm = new AddressSpace(pages, dram, scheduler, new Holder.OfProcess(101, "painter[101]"));
    mm.addListener(recorder);
  }

  @AfterEach
  void close() {
    scheduler.close();
    dram.close();
  }

  @Test
  void memoryGoesBackOnlyAfterTheListenersKnow() throws ErrnoException {
    long va = mm.mmapAnonymous(2 * PAGE, RW);
    assertThat(mm.makePresent(va, RW)).isTrue();
    assertThat(mm.makePresent(va + PAGE, Prot.READ)).isTrue();
    long before = pages.pagesInUse();

    mm.munmap(va, 2 * PAGE);

    assertThat(recorder.heard).containsExactly("0x%x+0x2000, device finds 0x0".formatted(va));
    assertThat(recorder.pagesThen).isEqualTo(before);
    assertThat(pages.pagesInUse()).isEqualTo(before - 2);
  }

  @Test
  void theEndIsToldBeforeAnythingIsCleared() throws ErrnoException {
    long va = mm.mmapAnonymous(PAGE, RW);
    assertThat(mm.makePresent(va, RW)).isTrue();
    long before = pages.pagesInUse();

    mm.destroy();

    assertThat(recorder.heard).containsExactly("released");
    assertThat(recorder.pagesThen).isEqualTo(before);
    assertThat(pages.pagesInUse()).isEqualTo(0);
    assertThat(mm.makePresent(va, Prot.READ)).isFalse();
  }

  @Test
  void aDeviceGetsWhatTheMappingAllowsAndNoMore() throws ErrnoException {
    long readOnly = mm.mmapAnonymous(PAGE, Prot.READ);
    long writeOnly = mm.mmapAnonymous(PAGE, Prot.WRITE);

    assertThat(mm.makePresent(readOnly, RW)).isFalse();
    assertThat(mm.makePresent(readOnly, Prot.READ | Prot.EXEC)).isFalse();
    assertThat(mm.makePresent(writeOnly, Prot.READ)).isFalse();
    assertThat(mm.makePresent(0x10, Prot.READ)).isFalse();
    assertThat(mm.makePresent(-PAGE, Prot.READ)).isFalse();
    assertThat(mm.makePresent(readOnly, Prot.READ)).isTrue();
    assertThat(mm.translate(readOnly + 0x18) & (PAGE - 1)).isEqualTo(0x18);
  }
}
