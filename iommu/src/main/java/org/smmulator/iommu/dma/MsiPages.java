package org.smmulator.iommu.dma;

import java.util.ArrayList;
import java.util.List;

/**
 * The iovas at which a domain maps the doorbells of interrupt controllers. Kernel: {@code
 * msi_page_list}.
 */
final class MsiPages {
  private record Page(long pa, long iova) {}

  private static final int NONE = -1;

  private final List<Page> pages = new ArrayList<>();

  /** Notes that the page at {@code pa} is at {@code iova}. */
  void add(long pa, long iova) {
    pages.add(new Page(pa, iova));
  }

  boolean has(long pa) {
    return indexOf(pa) != NONE;
  }

  /** The iova of the page at {@code pa}, which is mapped. */
  long iovaOf(long pa) {
    return pages.get(indexOf(pa)).iova();
  }

  private int indexOf(long pa) {
    for (int i = 0; i < pages.size(); i++) {
      if (pages.get(i).pa() == pa) {
        return i;
      }
    }
    return NONE;
  }
}
