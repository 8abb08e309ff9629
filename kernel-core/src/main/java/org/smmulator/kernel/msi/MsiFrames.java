package org.smmulator.kernel.msi;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The machine's frames of message-signalled interrupts, by the node that a device's {@code
 * msi-parent} names. Kernel: {@code irq_find_matching_fwnode()}.
 */
@Singleton
public final class MsiFrames {
  // Looked up by node, never iterated.
  private final Map<DtNode, MsiFrame> byNode = new HashMap<>();

  @Inject
  public MsiFrames() {}

  /** The frame of {@code node}; null if its driver has not bound. */
  public @Nullable MsiFrame find(DtNode node) {
    return byNode.get(node);
  }

  void add(DtNode node, MsiFrame frame) {
    byNode.put(node, frame);
  }

  void remove(DtNode node) {
    byNode.remove(node);
  }
}
