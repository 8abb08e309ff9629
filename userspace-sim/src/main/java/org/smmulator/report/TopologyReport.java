package org.smmulator.report;

import java.io.PrintWriter;
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
 * The masters of a booted board, each with its streams, its IOMMU, its group and the default domain
 * that it got; or a sentence that says why it is in no group.
 *
 * <p>A device that masters through an IOMMU says so in its {@code iommus} or, in the legacy
 * binding, is named by the SMMU's {@code mmu-masters}.
 */
public final class TopologyReport {
  private final Machine machine;
  private final PrintWriter out;

  /** The devices that were made, by their nodes. */
  private final Map<DtNode, PlatformDevice> devices = new LinkedHashMap<>();

  public TopologyReport(Machine machine, PrintWriter out) {
    this.machine = machine;
    this.out = out;
    machine.devices().devices().forEach(device -> devices.put(device.node(), device));
  }

  /** Prints a line for each pair of master and IOMMU, then their numbers. */
  public void print() {
    row("master", "iommu", "streams", "group", "default", "now");
    int masters = 0;
    int grouped = 0;
    for (DtNode node : machine.board().nodes()) {
      if (!isAvailable(node)) {
        continue;
      }
      Map<DtNode, String> streams = new LinkedHashMap<>();
      String mistake = addStreams(node, streams);
      if (streams.isEmpty() && mistake == null) {
        continue;
      }
      masters++;
      PlatformDevice device = devices.get(node);
      IommuGroup group = device == null ? null : machine.iommu().groupOf(device);
      grouped += group == null ? 0 : 1;
      String name = device == null ? node.name() : device.name();
      if (mistake != null) {
        out.println("%s: %s".formatted(name, mistake));
      }
      streams.forEach((iommu, ids) -> print(name, device, group, iommu, ids));
    }
    out.println();
    out.println(
        "%s, %d of them in a group".formatted(RunReport.counted(masters, "master"), grouped));
  }

  private void print(
      String name,
      @Nullable PlatformDevice device,
      @Nullable IommuGroup group,
      DtNode iommu,
      String ids) {
    if (group == null) {
      row(name, nameOf(iommu), ids, "-", "-", why(device, iommu));
      return;
    }
    row(name, nameOf(iommu), ids, Integer.toString(group.id()), group.type(), now(group));
  }

  private static String now(IommuGroup group) {
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

  private void row(String... cells) {
    out.println("%-32s %-22s %-18s %-6s %-10s %s".formatted((Object[]) cells).stripTrailing());
  }
}
