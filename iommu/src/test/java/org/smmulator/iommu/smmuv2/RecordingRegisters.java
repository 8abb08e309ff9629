package org.smmulator.iommu.smmuv2;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.regs.smmuv2.SmmuPages;

/** Passes everything on to the model and remembers the stores, as {@code page+offset=value}. */
final class RecordingRegisters implements MmioTarget {
  private final MmioTarget model;
  private final SmmuPages pages;
  private final List<String> stores = new ArrayList<>();
  private int ignored = -1;

  RecordingRegisters(MmioTarget model, SmmuPages pages) {
    this.model = model;
    this.pages = pages;
  }

  /** From now on stores at {@code offset} do not reach the model. */
  void ignore(int offset) {
    ignored = offset;
  }

  /** What was stored since the last call, in order. */
  ImmutableList<String> takeStores() {
    ImmutableList<String> taken = ImmutableList.copyOf(stores);
    stores.clear();
    return taken;
  }

  @Override
  public int read32(int offset) {
    return model.read32(offset);
  }

  @Override
  public long read64(int offset) {
    return model.read64(offset);
  }

  @Override
  public void write32(int offset, int value) {
    stores.add("%s=%x".formatted(name(offset), value));
    if (offset != ignored) {
      model.write32(offset, value);
    }
  }

  @Override
  public void write64(int offset, long value) {
    stores.add("%s=%x".formatted(name(offset), value));
    model.write64(offset, value);
  }

  private String name(int offset) {
    int page = offset >>> pages.pageShift();
    int within = offset & ((1 << pages.pageShift()) - 1);
    String space = page < pages.numPage() ? "gr" + page : "cb" + (page - pages.numPage());
    return "%s+%03x".formatted(space, within);
  }
}
