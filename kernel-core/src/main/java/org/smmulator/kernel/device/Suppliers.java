package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;

/**
 * Which devices must have a driver before another can. Kernel: {@code fw_devlink}.
 *
 * <p>A supplier that no driver of the machine claims is always there.
 */
final class Suppliers {
  private record Link(String property, String cellsName) {}

  private static final ImmutableList<Link> MANDATORY =
      ImmutableList.of(
          new Link("clocks", "#clock-cells"),
          new Link("interconnects", "#interconnect-cells"),
          new Link("msi-parent", "#msi-cells"),
          new Link("power-domains", "#power-domain-cells"));

  private static final ImmutableList<Link> ALL =
      ImmutableList.<Link>builder()
          .addAll(MANDATORY)
          .add(new Link("iommus", "#iommu-cells"))
          .build();

  private Suppliers() {}

  /** The nodes that {@code consumer} names as suppliers, each once, itself never. */
  static ImmutableSet<DtNode> of(DtNode consumer) {
    return of(consumer, ALL);
  }

  /**
   * Those of {@link #of} without which {@code consumer} is not probed at all; its IOMMU is not
   * among them. Kernel: {@code of_link_property()}, which passes over what is optional.
   */
  static ImmutableSet<DtNode> mandatoryOf(DtNode consumer) {
    return of(consumer, MANDATORY);
  }

  private static ImmutableSet<DtNode> of(DtNode consumer, ImmutableList<Link> links) {
    ImmutableSet.Builder<DtNode> found = ImmutableSet.builder();
    for (Link link : links) {
      for (DtReference reference : referencesOf(consumer, link)) {
        DtNode owner = owner(reference.node());
        if (owner != null && owner != consumer) {
          found.add(owner);
        }
      }
    }
    return found.build();
  }

  /** A property that cannot be read names no supplier. Kernel: {@code parse_prop_cells()}. */
  private static ImmutableList<DtReference> referencesOf(DtNode consumer, Link link) {
    try {
      return consumer.references(link.property(), link.cellsName());
    } catch (DeviceTreeException e) {
      return ImmutableList.of();
    }
  }

  /** The node itself, or the one above that is a device. */
  private static @Nullable DtNode owner(DtNode node) {
    DtNode at = node;
    while (at != null && !at.has("compatible")) {
      at = at.parent();
    }
    return at;
  }
}
