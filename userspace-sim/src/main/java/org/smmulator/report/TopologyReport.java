package org.smmulator.report;

import java.io.PrintWriter;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.machine.Machine;

/**
 * The masters of a booted board, each with its streams, its IOMMU, its group and the default domain
 * that it got; or a sentence that says why it is in no group.
 */
public final class TopologyReport {
  private final Topology topology;
  private final Paragraphs lines;

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  public TopologyReport(Machine machine, PrintWriter out, int columns) {
    this.topology = new Topology(machine);
    this.lines = new Paragraphs(out, columns);
  }

  /** Prints a line for each pair of master and IOMMU, then their numbers. */
  public void print() {
    row("master", "iommu", "streams", "group", "default", "now");
    int masters = 0;
    int grouped = 0;
    for (Topology.Master master : topology.masters()) {
      masters++;
      grouped += master.group() == null ? 0 : 1;
      if (master.mistake() != null) {
        lines.print(0, "%s: %s".formatted(master.name(), master.mistake()));
      }
      master.links().forEach(link -> print(master, link));
    }
    lines.print(0, "");
    lines.print(
        0, "%s, %d of them in a group".formatted(RunReport.counted(masters, "master"), grouped));
  }

  private void print(Topology.Master master, Topology.Link link) {
    IommuGroup group = master.group();
    if (group == null) {
      row(master.name(), link.iommu(), link.streams(), "-", "-", link.why());
      return;
    }
    row(
        master.name(),
        link.iommu(),
        link.streams(),
        Integer.toString(group.id()),
        group.type(),
        Topology.now(group));
  }

  private void row(String... cells) {
    lines.print(0, "%-32s %-22s %-18s %-6s %-10s %s".formatted((Object[]) cells).stripTrailing());
  }
}
