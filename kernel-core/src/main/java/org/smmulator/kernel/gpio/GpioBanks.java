package org.smmulator.kernel.gpio;

import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The banks of a pin controller, which its driver attaches to the controller's device under this
 * class.
 *
 * @param byNode a bank for each of the controller's nodes that has {@code gpio-controller}
 */
public record GpioBanks(ImmutableMap<DtNode, GpioChip> byNode) {
  /** The bank of {@code node}; null if it is none. */
  @Nullable GpioChip find(DtNode node) {
    return byNode.get(node);
  }
}
