package org.smmulator.kernel.fault;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.fault.FaultInjector.Site.HANDLE;
import static org.smmulator.kernel.fault.FaultInjector.Site.PAGE;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;

class FaultInjectorTest {
  private final FaultInjector faults = new FaultInjector();

  @Test
  void theNthAllocationFailsAndNoOther() {
    faults.failNth(3);

    assertThat(faults.shouldFail(PAGE)).isFalse();
    assertThat(faults.shouldFail(HANDLE)).isFalse();
    assertThat(faults.shouldFail(PAGE)).isTrue();
    assertThat(faults.shouldFail(PAGE)).isFalse();
    assertThat(faults.disarm()).isEqualTo(PAGE);
  }

  @Test
  void whereFewerAreMadeNothingFailed() {
    faults.failNth(2);
    assertThat(faults.shouldFail(PAGE)).isFalse();

    assertThat(faults.disarm()).isNull();

    assertThat(faults.shouldFail(PAGE)).isFalse();
  }

  @Test
  void pagesThatFailAreNobodys() throws Exception {
    try (Dram dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, 1 << 20)))) {
      PageAllocator pages = new PageAllocator(dram, ImmutableList.of(), null, faults);
      PageOwner owner = pages.owner("test", PageZone.KERNEL);

      faults.failNth(2);
      long first = pages.alloc(0, owner);
      ErrnoException refused = assertThrows(ErrnoException.class, () -> pages.allocRun(3, owner));

      assertThat(refused.errno()).isEqualTo(Errno.ENOMEM);
      assertThat(faults.disarm()).isEqualTo(PAGE);
      pages.free(first, 0, owner);
      assertThat(pages.pagesInUse()).isEqualTo(0);
    }
  }
}
