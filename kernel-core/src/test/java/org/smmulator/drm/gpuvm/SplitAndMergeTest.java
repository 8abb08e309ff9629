package org.smmulator.drm.gpuvm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.drm.gpuvm.Books.pages;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.UserContext;

/**
 * Requests against mappings that are there: the cases of "Split and Merge" and "Madvise Logic" in
 * the documentation of {@code drm_gpuvm.c}. A mapping is written as {@link Books} says.
 */
class SplitAndMergeTest {
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

  /** n is 4, m is 8; pages 0 to 3 are 10 to 13, so that something is before them. */
  @ParameterizedTest(name = "case {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1  | 10-11 a+4 | 10-11 a+4 | unmap 10-11 a+4 keep; map 10-11 a+4 | 10-11 a+4",
        "2  | 10-11 a+4 | 10-11 a+8 | unmap 10-11 a+4; map 10-11 a+8 | 10-11 a+8",
        "3  | 10-11 a+4 | 10-11 b+4 | unmap 10-11 a+4; map 10-11 b+4 | 10-11 b+4",
        "4  | 10-11 a+4 | 10-12 a+4 | unmap 10-11 a+4 keep; map 10-12 a+4 | 10-12 a+4",
        "4b | 10-11 a+4 | 10-12 b+4 | unmap 10-11 a+4; map 10-12 b+4 | 10-12 b+4",
        "5  | 10-12 a+4 | 10-11 b+4"
            + " | unmap 10-12 a+4, next 11-12 a+5; map 10-11 b+4 | 10-11 b+4, 11-12 a+5",
        "6  | 10-12 a+4 | 10-11 a+4"
            + " | unmap 10-12 a+4 keep, next 11-12 a+5; map 10-11 a+4 | 10-11 a+4, 11-12 a+5",
        "7  | 10-12 a+4 | 11-12 b+8"
            + " | unmap 10-12 a+4, prev 10-11 a+4; map 11-12 b+8 | 10-11 a+4, 11-12 b+8",
        "8  | 10-12 a+4 | 11-12 a+5"
            + " | unmap 10-12 a+4 keep, prev 10-11 a+4; map 11-12 a+5 | 10-11 a+4, 11-12 a+5",
        "9  | 10-12 a+4 | 11-13 b+8"
            + " | unmap 10-12 a+4, prev 10-11 a+4; map 11-13 b+8 | 10-11 a+4, 11-13 b+8",
        "10 | 10-12 a+4 | 11-13 a+5"
            + " | unmap 10-12 a+4 keep, prev 10-11 a+4; map 11-13 a+5 | 10-11 a+4, 11-13 a+5",
        "11 | 10-13 a+4 | 11-12 b+8"
            + " | unmap 10-13 a+4, prev 10-11 a+4, next 12-13 a+6; map 11-12 b+8"
            + " | 10-11 a+4, 11-12 b+8, 12-13 a+6",
        "12 | 10-13 a+4 | 11-12 a+5"
            + " | unmap 10-13 a+4 keep, prev 10-11 a+4, next 12-13 a+6; map 11-12 a+5"
            + " | 10-11 a+4, 11-12 a+5, 12-13 a+6",
        "13 | 11-12 a+5 | 10-12 a+4 | unmap 11-12 a+5 keep; map 10-12 a+4 | 10-12 a+4",
        "13b| 11-12 a+5 | 10-12 b+4 | unmap 11-12 a+5; map 10-12 b+4 | 10-12 b+4",
        "14 | 11-12 a+5 | 10-13 a+4 | unmap 11-12 a+5 keep; map 10-13 a+4 | 10-13 a+4",
        "14b| 11-12 a+5 | 10-13 a+8 | unmap 11-12 a+5; map 10-13 a+8 | 10-13 a+8",
        "15 | 11-13 a+4 | 10-12 b+8"
            + " | unmap 11-13 a+4, next 12-13 a+5; map 10-12 b+8 | 10-12 b+8, 12-13 a+5",
        // and what the documentation leaves to the reader
        "no neighbour is touched | 9-10 a+0; 11-12 a+2 | 10-11 a+1 | map 10-11 a+1"
            + " | 9-10 a+0, 10-11 a+1, 11-12 a+2",
        "many | 8-11 a+0; 11-12 b+0; 12-13 -; 13-16 a+8 | 10-14 c+0"
            + " | unmap 8-11 a+0, prev 8-10 a+0; unmap 11-12 b+0; unmap 12-13 -;"
            + " unmap 13-16 a+8, next 14-16 a+9; map 10-14 c+0"
            + " | 8-10 a+0, 10-14 c+0, 14-16 a+9",
        "nothing is never kept | 10-11 - | 10-11 - | unmap 10-11 -; map 10-11 - | 10-11 -",
      })
  void aRequestIsCutIntoWhatIsThere(
      String name, String before, String request, String steps, String after) {
    inTask(() -> {
      for (String each : Splitter.on(';').split(before)) {
        books.put(each);
      }

      List<GpuVaOp> ops = books.smMapOps(books.request(request));
      books.smMap(books.request(request), books::carryOut);

      assertWithMessage(name).that(Books.show(ops)).isEqualTo(steps);
      assertWithMessage(name).that(books.state()).isEqualTo(after);
    });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "whole | 10-12 a+4 | 10 | 12 | unmap 10-12 a+4 |",
        "more than whole | 10-12 a+4 | 9 | 13 | unmap 10-12 a+4 |",
        "nothing | 10-12 a+4 | 12 | 13 | | 10-12 a+4",
        "the beginning | 10-12 a+4 | 10 | 11 | unmap 10-12 a+4, next 11-12 a+5 | 11-12 a+5",
        "the end | 10-12 a+4 | 11 | 12 | unmap 10-12 a+4, prev 10-11 a+4 | 10-11 a+4",
        "the middle | 10-13 a+4 | 11 | 12 | unmap 10-13 a+4, prev 10-11 a+4, next 12-13 a+6"
            + " | 10-11 a+4, 12-13 a+6",
        "several | 8-11 a+0; 11-12 -; 12-15 b+2 | 9 | 13"
            + " | unmap 8-11 a+0, prev 8-9 a+0; unmap 11-12 -; unmap 12-15 b+2, next 13-15 b+3"
            + " | 8-9 a+0, 13-15 b+3",
      })
  void anUnmapKeepsWhatIsBeyondIt(
      String name, String before, long first, long end, String steps, String after) {
    inTask(() -> {
      for (String each : Splitter.on(';').split(before)) {
        books.put(each);
      }

      List<GpuVaOp> ops = books.smUnmapOps(pages(first, end));
      books.smUnmap(pages(first, end), books::carryOut);

      assertWithMessage(name).that(Books.show(ops)).isEqualTo(steps == null ? "" : steps);
      assertWithMessage(name).that(books.state()).isEqualTo(after == null ? "" : after);
    });
  }

  @ParameterizedTest(name = "case {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 10-14 - | 11 | 13 | unmap 10-14 -, prev 10-11 -, next 13-14 -; map 11-13 -",
        "2 | 10-12 -; 12-14 -; 14-16 - | 11 | 15"
            + " | unmap 10-12 -, prev 10-11 -; map 11-12 -;"
            + " unmap 14-16 -, next 15-16 -; map 14-15 -",
        "3 | 10-12 -; 12-14 -; 14-16 - | 10 | 15 | unmap 14-16 -, next 15-16 -; map 14-15 -",
        "3b| 10-12 -; 12-14 -; 14-16 - | 11 | 14 | unmap 10-12 -, prev 10-11 -; map 11-12 -",
        "4 | 10-12 -; 12-14 - | 10 | 14 |",
        "5 | 20-21 - | 10 | 14 |",
        "objects are left alone | 10-14 a+0 | 11 | 13 |",
      })
  void anAdviceCutsAtTheEndsOnly(String name, String before, long first, long end, String steps) {
    inTask(() -> {
      for (String each : Splitter.on(';').split(before)) {
        books.put(each);
      }

      assertWithMessage(name)
          .that(Books.show(books.madviseOps(pages(first, end))))
          .isEqualTo(steps == null ? "" : steps);
    });
  }

  @Test
  void aPrefetchIsAStepForEachMapping() {
    inTask(() -> {
      books.put("10-12 a+0");
      books.put("13-14 -");
      books.put("14-16 b+0");

      assertThat(Books.show(books.prefetchOps(pages(11, 14))))
          .isEqualTo("prefetch 10-12 a+0; prefetch 13-14 -");
    });
  }

  @Test
  void aRemapSaysWhatIsMappedNoMore() {
    inTask(() -> {
      books.put("10-16 a+0");

      var middle = (GpuVaOp.Remap) books.smUnmapOps(pages(12, 13)).getFirst();
      var end = (GpuVaOp.Remap) books.smUnmapOps(pages(15, 20)).getFirst();
      var beginning = (GpuVaOp.Remap) books.smUnmapOps(pages(8, 11)).getFirst();

      assertThat(middle.unmapped()).isEqualTo(pages(12, 13));
      assertThat(end.unmapped()).isEqualTo(pages(15, 16));
      assertThat(beginning.unmapped()).isEqualTo(pages(10, 11));
    });
  }

  @Test
  void aStepThatFailsIsTheLast() {
    inTask(() -> {
      books.put("10-11 a+0");
      books.put("11-12 b+0");
      List<GpuVaOp> seen = new ArrayList<>();

      var e =
          assertThrows(
              ErrnoException.class,
              () ->
                  books.smMap(
                      books.request("10-12 c+0"),
                      op -> {
                        seen.add(op);
                        throw Errno.ENOMEM.because("no table");
                      }));

      assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
      assertThat(Books.show(seen)).isEqualTo("unmap 10-11 a+0");
    });
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "0x3f000, 0x2000", // beyond what is managed
    "0xffffffffffffe000, 0x3000", // around the end
    "0xfffffffffffff000, 0x1000", // up to it
    "0x8000, 0", // nothing: Linux leaves that to its callers
  })
  void whatIsNotManagedIsEinval(String start, String sizeBytes) {
    VaRange range =
        new VaRange(Long.parseUnsignedLong(start.substring(2), 16), Long.decode(sizeBytes));

    inTask(() -> {
      assertThat(books.isValid(range)).isFalse();
      for (UserContext.Body call :
          List.<UserContext.Body>of(
              () -> books.smUnmapOps(range),
              () -> books.madviseOps(range),
              () -> books.smMapOps(new GpuVaOp.Map(range, null, 0)),
              () -> books.insert(new GpuVa(new GpuVaOp.Map(range, null, 0))))) {
        var e = assertThrows(ErrnoException.class, call::run);
        assertThat(e.errno()).isEqualTo(Errno.EINVAL);
      }
    });
  }

  @Test
  void whatTheKernelHasReservedIsEinvalAndItsNeighboursAreFree() {
    Books reserved = new Books(reservations, pages(8, 10));

    inTask(() -> {
      reserved.put("7-8 a+0");
      reserved.put("10-11 a+0");
      for (VaRange range : List.of(pages(8, 9), pages(7, 9), pages(9, 11), pages(0, 64))) {
        var e = assertThrows(ErrnoException.class, () -> reserved.smUnmapOps(range));
        assertThat(e.errno()).isEqualTo(Errno.EINVAL);
      }
    });
  }

  @Test
  void mappingsAreFoundByWhereTheyAre() {
    inTask(() -> {
      books.put("10-12 a+0");
      books.put("12-13 b+0");

      var e = assertThrows(ErrnoException.class, () -> books.put("11-20 c+0"));
      assertThat(e.errno()).isEqualTo(Errno.EEXIST);
      assertThat(found(books.findFirst(pages(11, 20)))).isEqualTo("10-12 a+0");
      assertThat(found(books.findFirst(pages(13, 20)))).isEqualTo("none");
      assertThat(found(books.find(pages(10, 12)))).isEqualTo("10-12 a+0");
      assertThat(found(books.find(pages(10, 11)))).isEqualTo("none");
      assertThat(found(books.findPrev(12 * Books.PAGE))).isEqualTo("10-12 a+0");
      assertThat(found(books.findNext(12 * Books.PAGE))).isEqualTo("12-13 b+0");
      assertThat(found(books.findPrev(10 * Books.PAGE))).isEqualTo("none");
      assertThat(found(books.findNext(13 * Books.PAGE))).isEqualTo("none");
      assertThat(found(books.findPrev(0))).isEqualTo("none");
      assertThat(books.isEmpty(pages(0, 10))).isTrue();
      assertThat(books.isEmpty(pages(0, 11))).isFalse();
    });
  }

  private static String found(@Nullable GpuVa va) {
    return va == null ? "none" : Books.show(va);
  }

  /** The books of pages that a child would keep: one line a page. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyRequestsLeaveWhatAPlainArrayOfPagesHas(long seed) {
    Random random = new Random(seed);
    String[] plain = new String[64];
    Arrays.fill(plain, "");

    inTask(() -> {
      for (int i = 0; i < 3_000; i++) {
        int first = random.nextInt(64);
        int end = first + 1 + random.nextInt(Math.min(12, 64 - first));
        String object = List.of("a", "b", "C", "-").get(random.nextInt(4));
        int offset = random.nextInt(3) * 4;
        if (random.nextInt(3) == 0) {
          Arrays.fill(plain, first, end, "");
          books.smUnmap(pages(first, end), books::carryOut);
        } else {
          boolean nothing = object.equals("-");
          for (int page = first; page < end; page++) {
            plain[page] = nothing ? "-" : object + (offset + page - first);
          }
          String request = first + "-" + end + " " + (nothing ? "-" : object + "+" + offset);
          books.smMap(books.request(request), books::carryOut);
        }
        assertThat(pagesOf(books)).isEqualTo(plain);
      }
    });
  }

  private static String[] pagesOf(Books books) {
    String[] pages = new String[64];
    Arrays.fill(pages, "");
    for (GpuVa va : books.vas()) {
      int first = (int) (va.range().start() / Books.PAGE);
      int end = (int) (va.range().end() / Books.PAGE);
      for (int page = first; page < end; page++) {
        assertThat(pages[page]).isEmpty(); // no two at one place
        pages[page] =
            va.object() == null
                ? "-"
                : va.object().toString() + (va.offset() / Books.PAGE + page - first);
      }
    }
    return pages;
  }
}
