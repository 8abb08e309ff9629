package org.smmulator.kernel.pm;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.primitives.ImmutableIntArray;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;

/** Which clock or power domain a reference in the device tree means. */
@Singleton
public final class SupplyMap {
  // Looked up by reference, never iterated.
  private final Map<DtReference, Supply> supplies = new HashMap<>();

  @Inject
  public SupplyMap() {}

  /** Says what {@code <&provider cells>} is. */
  public void provide(DtNode provider, ImmutableIntArray cells, Supply supply) {
    checkState(
        supplies.put(new DtReference(provider, cells), supply) == null,
        "%s %s has a supply already",
        provider,
        cells);
  }

  /** Returns the supply of {@code reference}: an always-on one that drives nothing, unless set. */
  public Supply resolve(DtReference reference) {
    return supplies.computeIfAbsent(
        reference, r -> new Supply(r.node().name() + " " + r.args(), Wire.tiedHigh()));
  }
}
