package org.smmulator.report.exercise;

import static org.smmulator.report.RunReport.counted;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smmulator.iommu.iova.IovaDomain;

/** Which address comes next: calls of the kernel's allocator of iovas. */
final class IovaExercise implements Exercise {
  private static final int CALLS = 10;
  private static final int PAGE_SHIFT = 12;
  private static final long LAST_PFN_OF_32_BITS = 0xf_ffff;
  private static final int[] PAGES = {1, 1, 2, 3, 4, 5, 8, 16, 17};

  /** A range that is taken. */
  private record Taken(long pfn, long pages) {}

  @Override
  public Sheet make(Random random) {
    IovaDomain domain = new IovaDomain(PAGE_SHIFT, 1);
    List<Taken> taken = new ArrayList<>();
    ImmutableList.Builder<Sheet.Question> questions = ImmutableList.builder();
    for (int call = 0; call < CALLS; call++) {
      if (taken.size() > 1 && random.nextInt(3) == 0) {
        Taken freed = taken.remove(random.nextInt(taken.size()));
        domain.free(freed.pfn());
        questions.add(
            new Sheet.Question(
                "free_iova() of the %s at 0x%x"
                    .formatted(counted((int) freed.pages(), "page"), freed.pfn() << PAGE_SHIFT),
                "still taken: " + counted(domain.rangesInUse(), "range")));
      } else {
        int pages = PAGES[random.nextInt(PAGES.length)];
        long pfn = domain.alloc(pages, LAST_PFN_OF_32_BITS, true);
        taken.add(new Taken(pfn, pages));
        questions.add(
            new Sheet.Question(
                "alloc_iova() of %s: which iova?".formatted(counted(pages, "page")),
                "0x%x (pfn 0x%x)".formatted(pfn << PAGE_SHIFT, pfn)));
      }
    }
    return new Sheet(
        ImmutableList.of(
            "A device with a 32-bit DMA mask has an empty domain with pages of 4 KiB; page 0 is"
                + " never handed out.",
            "Iovas are handed out from the top down, each at a multiple of its size, rounded up to"
                + " a power of two.",
            "The search starts below the last range that was handed out, or, if a range at or above"
                + " that one was freed since, below what was above it; see drivers/iommu/iova.c.",
            "Each call comes after those above it."),
        questions.build());
  }
}
