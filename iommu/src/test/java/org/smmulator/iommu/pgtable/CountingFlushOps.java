package org.smmulator.iommu.pgtable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts what a table has flushed, and keeps it in words. */
final class CountingFlushOps implements FlushOps {
  int all;
  int walks;
  int pages;
  final List<String> log = new ArrayList<>();

  @Override
  public void flushAll() {
    all++;
    log.add("all");
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    walks++;
    log.add(String.format(Locale.ROOT, "walk 0x%x+0x%x by 0x%x", iova, sizeBytes, granuleBytes));
  }

  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    pages++;
    log.add(String.format(Locale.ROOT, "page 0x%x+0x%x", iova, granuleBytes));
    gather.addRange(iova, granuleBytes);
  }

  void reset() {
    all = 0;
    walks = 0;
    pages = 0;
    log.clear();
  }
}
