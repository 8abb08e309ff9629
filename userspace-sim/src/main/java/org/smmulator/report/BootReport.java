package org.smmulator.report;

import static java.util.stream.Collectors.joining;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.trace.Dmesg;

/** The outcome of a boot: the kernel's log, then the devices behind each IOMMU. */
public final class BootReport {
  private final Machine machine;
  private final Paragraphs lines;

  /** Prints to {@code out}, and wraps nothing. */
  public BootReport(Machine machine, PrintWriter out) {
    this(machine, out, 0);
  }

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  public BootReport(Machine machine, PrintWriter out, int columns) {
    this.machine = machine;
    this.lines = new Paragraphs(out, columns);
  }

  /** Prints the log in the kernel's words. */
  public void printLog() {
    for (Dmesg.Line line : machine.dmesg().lines()) {
      lines.print(0, line.toString());
    }
  }

  /** Prints the tree of devices with IOMMU, group, default domain, present domain and its place. */
  public void printTree() {
    row("device", "driver", "iommu", "group", "default", "domain", "where");
    for (PlatformDevice device : machine.devices().devices()) {
      print(device);
    }
  }

  private void print(PlatformDevice device) {
    String name = "  ".repeat(depth(device.node())) + device.name();
    IommuGroup group = machine.iommu().groupOf(device);
    if (group == null) {
      row(name, driverOf(device), iommusOf(device), "-", "-", "-", "-");
      return;
    }
    IommuDomain domain = group.domain();
    row(
        name,
        driverOf(device),
        iommusOf(device),
        Integer.toString(group.id()),
        typeOf(group.defaultDomain()),
        typeOf(domain),
        placeOf(domain));
  }

  /** Prints each IOMMU with the groups behind it, where their DMA goes, and who is in them. */
  public void printGroups() {
    for (IommuDevice instance : machine.iommu().bus().instances()) {
      lines.print(
          0, "%s (%s)".formatted(instance.hardware().name(), instance.hardware().driverString()));
      for (IommuGroup group : machine.iommu().groups()) {
        if (group.devices().stream().anyMatch(member -> isBehind(member, instance.hardware()))) {
          print(group);
        }
      }
    }
  }

  private void print(IommuGroup group) {
    IommuDomain domain = group.domain();
    String members = group.devices().stream().map(Device::name).collect(joining(", "));
    String place = placeOf(domain);
    lines.print(
        0,
        "  group %d: %s%s%s: %s"
            .formatted(
                group.id(),
                typeOf(domain),
                place.equals("-") ? "" : ", " + place,
                sharers(group),
                members));
  }

  /** The other groups in the same domain, if it has a table: what one maps, all of them reach. */
  private String sharers(IommuGroup group) {
    String others =
        machine.iommu().groups().stream()
            .filter(other -> !other.equals(group) && Objects.equals(other.domain(), group.domain()))
            .map(other -> Integer.toString(other.id()))
            .collect(joining(", "));
    boolean hasTable = group.domain() instanceof IommuDomain.Paging;
    return hasTable && !others.isEmpty() ? ", shared with " + others : "";
  }

  private static String driverOf(PlatformDevice device) {
    PlatformDriver driver = device.driver();
    return driver == null ? "-" : driver.name();
  }

  private static String placeOf(@Nullable IommuDomain domain) {
    return domain instanceof IommuDomain.Paging paging ? paging.place() : "-";
  }

  /** The IOMMUs that firmware names, each once, whether or not they have a driver. */
  private String iommusOf(PlatformDevice device) {
    String found =
        machine.devices().devices().stream()
            .filter(candidate -> isBehind(device, candidate))
            .map(Device::name)
            .collect(joining(","));
    return found.isEmpty() ? "-" : found;
  }

  private static boolean isBehind(Device device, Device iommu) {
    DtNode node = device.of();
    DtNode other = iommu.of();
    return node != null
        && other != null
        && (refersTo(node, "iommus", "#iommu-cells", other)
            || refersTo(other, "mmu-masters", "#stream-id-cells", node));
  }

  private static boolean refersTo(DtNode from, String property, String cellsName, DtNode to) {
    try {
      return from.references(property, cellsName).stream()
          .anyMatch(reference -> reference.node() == to);
    } catch (DeviceTreeException e) {
      return false; // the log has it
    }
  }

  private static String typeOf(@Nullable IommuDomain domain) {
    return domain == null ? "-" : domain.type().logName().toLowerCase(Locale.ROOT);
  }

  /** How far in a device stands; one that a module made has the root for its node. */
  private static int depth(DtNode node) {
    int depth = -1;
    for (DtNode at = node.parent(); at != null; at = at.parent()) {
      depth++;
    }
    return Math.max(0, depth);
  }

  private void row(String... cells) {
    lines.print(
        0, "%-34s %-14s %-15s %-6s %-10s %-10s %s".formatted((Object[]) cells).stripTrailing());
  }
}
