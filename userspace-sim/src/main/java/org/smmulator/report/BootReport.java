package org.smmulator.report;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.trace.Dmesg;

/** What a boot has come to: the kernel's log, then who is behind which IOMMU. */
public final class BootReport {
  private final Machine machine;
  private final PrintWriter out;

  public BootReport(Machine machine, PrintWriter out) {
    this.machine = machine;
    this.out = out;
  }

  /** Prints the log in the kernel's words. */
  public void printLog() {
    for (Dmesg.Line line : machine.dmesg().lines()) {
      out.println(line);
    }
  }

  /** Prints the tree of devices with group, default domain, present domain and context bank. */
  public void printTree() {
    row("device", "driver", "group", "default", "domain", "where");
    for (PlatformDevice device : machine.devices().devices()) {
      print(device);
    }
  }

  private void print(PlatformDevice device) {
    String name = "  ".repeat(depth(device.node())) + device.name();
    PlatformDriver driver = device.driver();
    String bound = driver == null ? "-" : driver.name();
    IommuGroup group = machine.iommu().groupOf(device);
    if (group == null) {
      row(name, bound, "-", "-", "-", "-");
      return;
    }
    IommuDomain domain = group.domain();
    row(
        name,
        bound,
        Integer.toString(group.id()),
        typeOf(group.defaultDomain()),
        typeOf(domain),
        domain instanceof IommuDomain.Paging paging ? paging.place() : "-");
  }

  private static String typeOf(@Nullable IommuDomain domain) {
    return domain == null ? "-" : domain.type().logName().toLowerCase(Locale.ROOT);
  }

  private static int depth(DtNode node) {
    int depth = -1;
    for (DtNode at = node.parent(); at != null; at = at.parent()) {
      depth++;
    }
    return depth;
  }

  private void row(String... cells) {
    out.println("%-32s %-10s %-6s %-12s %-12s %s".formatted((Object[]) cells).stripTrailing());
  }
}
