package org.smmulator.drm.gpuvm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.drm.gpuvm.Books.pages;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.exec.DrmExec;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.UserContext;

/** Objects in address spaces: who holds whom, what is locked, what is brought back. */
class GpuVmTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final ReservationClass reservations = new ReservationClass(new Lockdep(scheduler));
  private final Books books = new Books(reservations);

  @AfterEach
  void close() {
    scheduler.close();
  }

  private void inTask(UserContext.Body body) {
    UserContext.run(scheduler, body);
  }

  private DrmExec exec() {
    return new DrmExec(reservations, DrmExec.IGNORE_DUPLICATES);
  }

  @Test
  void anObjectIsOnceInAnAddressSpaceHoweverOftenItIsMapped() {
    inTask(() -> {
      books.put("10-12 a+0");
      books.put("20-22 a+0");
      Books other = new Books(reservations);

      List<GpuVmBo> all = GpuVmBo.of(books.buffer("a"));

      assertThat(all).hasSize(1);
      assertThat(all.getFirst().vm()).isSameInstanceAs(books);
      assertThat(all.getFirst().vas().stream().map(Books::show))
          .containsExactly("10-12 a+0", "20-22 a+0")
          .inOrder();
      assertThat(GpuVmBo.find(other, books.buffer("a"))).isNull();
    });
  }

  @Test
  void aMappingHoldsItsObjectAndBothHoldTheAddressSpace() {
    inTask(() -> {
      Buffer a = books.buffer("a");
      books.put("10-12 a+0");
      books.put("20-22 a+0");
      a.put();
      books.put(); // the maker lets go

      books.drop(requireNonNull(books.find(pages(10, 12))));
      assertThat(a.isFreed()).isFalse();
      assertThat(books.isFreed()).isFalse();
      books.drop(requireNonNull(books.find(pages(20, 22))));

      assertThat(a.isFreed()).isTrue();
      assertThat(books.isFreed()).isTrue();
      assertThat(a.vmBos()).isEmpty();
    });
  }

  @Test
  void aLinkIsToItsOwnObjectAndUnderItsLock() {
    inTask(() -> {
      GpuVa va = new GpuVa(books.request("10-12 A+0"));
      books.insert(va);
      GpuVmBo right;
      GpuVmBo wrong;
      try (var _ = books.lock(books.buffer("A"))) {
        right = GpuVmBo.obtain(books, books.buffer("A"));
      }
      try (var _ = books.lock(books.buffer("B"))) {
        wrong = GpuVmBo.obtain(books, books.buffer("B"));
      }

      assertThrows(IllegalStateException.class, () -> va.link(right)); // not locked
      try (var _ = books.lock(books.buffer("A"))) {
        assertThrows(IllegalStateException.class, () -> va.link(wrong));
      }
    });
  }

  @Test
  void aLockOfTheWholeTakesOneForAllPrivateObjectsAndOneForEachExternal() {
    inTask(() -> {
      for (String each : List.of("1-2 a+0", "2-3 b+0", "3-4 C+0", "4-5 D+0", "5-6 C+4")) {
        books.put(each);
      }

      try (DrmExec exec = exec()) {
        books.lockAll(exec, 1, () -> exec.prepare(books.buffer("E"), 1));

        assertThat(exec.objects())
            .containsExactly(
                books.resvObject(), books.buffer("C"), books.buffer("D"), books.buffer("E"))
            .inOrder();
      }
    });
  }

  @Test
  void anObjectThatIsMappedNoMoreIsLockedNoMore() {
    inTask(() -> {
      books.put("3-4 C+0");
      books.put("5-6 D+0");
      books.smUnmap(pages(3, 4), books::carryOut);

      try (DrmExec exec = exec()) {
        books.lockAll(exec, 0, () -> {});

        assertThat(exec.objects()).containsExactly(books.resvObject(), books.buffer("D")).inOrder();
      }
    });
  }

  @Test
  void aLockOfARangeTakesWhatIsMappedThere() {
    inTask(() -> {
      books.put("3-5 C+0");
      books.put("5-6 -");
      books.put("6-7 D+0");
      books.put("7-8 E+0");

      try (DrmExec exec = exec()) {
        books.lockRange(exec, pages(4, 7), 1);

        assertThat(exec.objects()).containsExactly(books.buffer("C"), books.buffer("D")).inOrder();
      }
    });
  }

  @Test
  void aRequestLocksWhatItWillMapAndWhatIsInItsWay() {
    inTask(() -> {
      books.put("3-5 C+0");
      books.put("5-7 D+0");

      try (DrmExec exec = exec()) {
        exec.untilAllLocked(() -> {
          books.smUnmapLock(exec, pages(3, 4));
          books.smMapLock(exec, 1, books.request("6-9 E+0"));
        });
        assertThat(exec.objects())
            .containsExactly(books.buffer("C"), books.buffer("E"), books.buffer("D"))
            .inOrder();
      }
    });
  }

  @Test
  void aFenceCountsForTheAddressSpaceAndForOthersAsTheDriverSays() {
    Fence done =
        new Fence(
            new FenceContexts(scheduler, new MonotonicClock(scheduler, 0)), "test", "ring", 1, 1);

    inTask(() -> {
      books.put("1-2 a+0");
      books.put("3-4 C+0");

      try (DrmExec exec = exec()) {
        books.lockAll(exec, 1, () -> {});
        books.addFence(exec, done, Usage.BOOKKEEP, Usage.WRITE);
      }

      assertThat(books.buffer("a").reservation().pending(Usage.READ)).isEmpty();
      assertThat(books.buffer("a").reservation().pending(Usage.BOOKKEEP)).containsExactly(done);
      assertThat(books.buffer("C").reservation().pending(Usage.WRITE)).containsExactly(done);
    });
  }

  @Test
  void whatWasEvictedIsBroughtBackOnceInTheOrderInWhichItWent() {
    inTask(() -> {
      for (String each : List.of("1-2 a+0", "3-4 C+0", "5-6 D+0", "7-8 D+4")) {
        books.put(each);
      }
      for (String each : List.of("D", "a", "C")) {
        try (var _ = books.lock(books.buffer(each))) {
          books.buffer(each).setEvicted(true);
        }
      }
      try (var _ = books.lock(books.buffer("C"))) {
        books.buffer("C").setEvicted(false); // somebody else was first
      }

      for (int i = 0; i < 2; i++) {
        try (DrmExec exec = exec()) {
          books.lockAll(exec, 0, () -> {});
          books.validate(exec);
        }
      }

      assertThat(books.validated()).containsExactly("D", "a").inOrder();
    });
  }

  @Test
  void anObjectThatIsEvictedIsSoInEveryAddressSpace() {
    inTask(() -> {
      Books other = new Books(reservations);
      books.put("1-2 C+0");
      GpuVa elsewhere = new GpuVa(new GpuVaOp.Map(pages(9, 10), books.buffer("C"), 0));
      other.insert(elsewhere);
      try (var _ = books.lock(books.buffer("C"))) {
        GpuVmBo vmBo = GpuVmBo.obtain(other, books.buffer("C"));
        vmBo.addExternal();
        elsewhere.link(vmBo);
        vmBo.put();
        books.buffer("C").setEvicted(true);
      }

      for (Books each : List.of(books, other)) {
        try (DrmExec exec = exec()) {
          each.lockAll(exec, 0, () -> {});
          each.validate(exec);
        }
      }

      assertThat(books.validated()).containsExactly("C");
      assertThat(other.validated()).containsExactly("C");
    });
  }

  @Test
  void aDriverThatEvictsNothingSaysSo() {
    inTask(() -> {
      List<String> freed = new ArrayList<>();
      GpuVm plain =
          new GpuVm("plain", books.resvObject(), Books.MANAGED, VaRange.NONE) {
            @Override
            protected void free() {
              freed.add("plain");
            }
          };
      GpuVa va = new GpuVa(books.request("1-2 a+0"));
      plain.insert(va);
      try (var _ = books.lock(books.buffer("a"))) {
        GpuVmBo vmBo = GpuVmBo.obtain(plain, books.buffer("a"));
        va.link(vmBo);
        vmBo.put();
        books.buffer("a").setEvicted(true);
      }

      try (DrmExec exec = exec()) {
        plain.lockAll(exec, 0, () -> {});
        var e = assertThrows(ErrnoException.class, () -> plain.validate(exec));
        assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP);
      }
      assertThat(freed).isEmpty();
    });
  }
}
