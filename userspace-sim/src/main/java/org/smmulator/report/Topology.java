package org.smmulator.report;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.machine.Machine;

/**
 * The masters of a booted board and the IOMMUs that firmware puts them behind.
 *
 * <p>A device that masters through an IOMMU says so in its {@code iommus} or, in the legacy
 * binding, is named by the SMMU's {@code mmu-masters}.
 */
final class Topology {
  /**
   * A master.
   *
   * @param mistake what is wrong with what firmware says of it; null if nothing is
   * @param links one for each IOMMU that it is behind
   */
  record Master(
      String name,
      @Nullable IommuGroup group,
      @Nullable String mistake,
      ImmutableList<Link> links) {}

  /**
   * The wires from a master to an IOMMU.
   *
   * @param streams the ids that its transactions carry
   * @param why the reason why the master is in no group; empty if it is in one
   */
  record Link(String iommu, String streams, String why) {}

  private final Machine machine;

  /** The devices that were made, by their nodes. */
  private final Map<DtNode, PlatformDevice> devices = new LinkedHashMap<>();

  Topology(Machine machine) {
    this.machine = machine;
    machine.devices().devices().forEach(device -> devices.put(device.node(), device));
  }

  /** The masters in the order of the tree. */
  ImmutableList<Master> masters() {
    ImmutableList.Builder<Master> masters = ImmutableList.builder();
    for (DtNode node : machine.board().nodes()) {
      if (!isAvailable(node)) {
        continue;
      }
      Map<DtNode, String> streams = new LinkedHashMap<>();
      String mistake = addStreams(node, streams);
      if (!streams.isEmpty() || mistake != null) {
        masters.add(master(node, mistake, streams));
      }
    }
    return masters.build();
  }

  private Master master(DtNode node, @Nullable String mistake, Map<DtNode, String> streams) {
    PlatformDevice device = devices.get(node);
    IommuGroup group = device == null ? null : machine.iommu().groupOf(device);
    ImmutableList.Builder<Link> links = ImmutableList.builder();
    streams.forEach((iommu, ids) ->
        links.add(new Link(nameOf(iommu), ids, group == null ? why(device, iommu) : "")));
    return new Master(device == null ? node.name() : device.name(), group, mistake, links.build());
  }

  /** Says in which domain a group is. */
  static String now(IommuGroup group) {
    IommuDomain domain = group.domain();
    if (domain == null) {
      return "attached to no domain";
    }
    String type = domain.type().sysfsName();
    return domain instanceof IommuDomain.Paging paging ? type + ", " + paging.place() : type;
  }

  /** The reason why a master is in no group. */
  private String why(@Nullable PlatformDevice device, DtNode iommu) {
    if (!isAvailable(iommu)) {
      return "its IOMMU is disabled";
    }
    PlatformDevice instance = devices.get(iommu);
    if (instance == null || instance.driver() == null) {
      return "no driver of " + iommu.compatible().stream().findFirst().orElse(iommu.name());
    }
    return device == null
        ? "no device: a driver of its parent would make it"
        : "its IOMMU did not take it; the log says why";
  }

  // ---- what firmware says

  /**
   * Adds the streams of {@code node}, by IOMMU.
   *
   * @return what is wrong with them; null if nothing is
   */
  private @Nullable String addStreams(DtNode node, Map<DtNode, String> streams) {
    try {
      for (DtReference each : node.references("iommus", "#iommu-cells")) {
        streams.merge(each.node(), ids(each), (one, other) -> one + " " + other);
      }
      for (DtNode smmu : devices.keySet()) {
        for (DtReference each : smmu.references("mmu-masters", "#stream-id-cells")) {
          if (each.node().equals(node)) {
            streams.merge(smmu, ids(each), (one, other) -> one + " " + other);
          }
        }
      }
      return null;
    } catch (DeviceTreeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The cells of a reference: an id, or an id and its mask; a dash if there are none. */
  private static String ids(DtReference reference) {
    StringJoiner text = new StringJoiner("/");
    reference.args().forEach(cell -> text.add(String.format(Locale.ROOT, "0x%x", cell)));
    return reference.args().isEmpty() ? "-" : text.toString();
  }

  private String nameOf(DtNode iommu) {
    PlatformDevice device = devices.get(iommu);
    return device == null ? iommu.name() : device.name();
  }

  private static boolean isAvailable(DtNode node) {
    for (DtNode at = node; at != null; at = at.parent()) {
      if (!at.isAvailable()) {
        return false;
      }
    }
    return true;
  }
}
