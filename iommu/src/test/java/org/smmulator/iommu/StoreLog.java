package org.smmulator.iommu;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.bus.MmioTarget;

/** Passes everything on to the model and remembers the stores, as {@code offset=value}. */
public final class StoreLog implements MmioTarget {
  private final MmioTarget model;
  private final List<String> stores;

  public StoreLog(MmioTarget model) {
    this(model, new ArrayList<>());
  }

  /** Logs one of several windows, whose stores all come to {@code stores}. */
  public StoreLog(MmioTarget model, List<String> stores) {
    this.model = model;
    this.stores = stores;
  }

  /** What was stored since the last call, in order. */
  public ImmutableList<String> take() {
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
    stores.add("%x=%x".formatted(offset, value));
    model.write32(offset, value);
  }

  @Override
  public void write64(int offset, long value) {
    stores.add("%x=%x".formatted(offset, value));
    model.write64(offset, value);
  }
}
