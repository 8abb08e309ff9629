package org.smmulator.report;

import com.google.common.collect.ImmutableList;
import com.google.common.xml.XmlEscapers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.machine.Machine;

/**
 * The topology of a booted board as a picture, SVG 1.1: for each IOMMU its masters in their groups
 * on the left, the domains with their context banks on the right, and a line from each group to the
 * domain that it is in.
 */
public final class TopologyPicture {
  private static final int ROW = 18;
  private static final int PAD = 10;
  private static final int GAP = 14;
  private static final int MARGIN = 20;
  private static final int BETWEEN = 150;

  /** A character of the font, at 12 pixels. */
  private static final double CHARACTER = 7.25;

  private static final String GROUP = "#e8f0fe";
  private static final String DOMAIN = "#e6f4ea";
  private static final String NONE = "#f1f3f4";

  private final Machine machine;
  private final StringBuilder shapes = new StringBuilder();
  private int bottom = MARGIN;
  private int rightmost;

  /** Draws {@code machine} as it is now. */
  public TopologyPicture(Machine machine) {
    this.machine = machine;
  }

  /** A box with lines of text, of which the first is its heading. */
  private record Box(List<String> lines, String colour, @Nullable IommuDomain domain) {
    int height() {
      return lines.size() * ROW + 2 * PAD;
    }

    int width() {
      int longest = lines.stream().mapToInt(String::length).max().orElse(0);
      return (int) (longest * CHARACTER) + 2 * PAD;
    }
  }

  /** Returns the picture. */
  public String svg() {
    ImmutableList<Topology.Master> masters = new Topology(machine).masters();
    String model = Objects.requireNonNullElse(machine.board().model(), "a board");
    text(MARGIN, bottom + 14, "bold 16px sans-serif", model);
    bottom += 34;
    Map<String, Map<String, Box>> groupsOf = new LinkedHashMap<>();
    masters.forEach(master -> master.links().forEach(link -> add(master, link, groupsOf)));
    groupsOf.forEach((iommu, groups) -> section(iommu, ImmutableList.copyOf(groups.values())));
    if (masters.isEmpty()) {
      text(MARGIN, bottom + 14, "12px monospace", "no master is behind an IOMMU");
      bottom += 30;
    }
    int width = Math.max(rightmost, 320) + MARGIN;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d">
    <title>%3$s</title>
    <rect width="%1$d" height="%2$d" fill="white"/>
    %4$s</svg>
    """
        .formatted(width, bottom + MARGIN, escaped(model), shapes);
  }

  private static void add(
      Topology.Master master, Topology.Link link, Map<String, Map<String, Box>> groupsOf) {
    IommuGroup group = master.group();
    String key = group == null ? "- " + master.name() : Integer.toString(group.id());
    Box box =
        groupsOf
            .computeIfAbsent(link.iommu(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(key, _ -> empty(group, link));
    box.lines().add("%s  %s".formatted(master.name(), streams(link)));
  }

  private static String streams(Topology.Link link) {
    return link.streams().equals("-") ? "" : "stream " + link.streams();
  }

  private static Box empty(@Nullable IommuGroup group, Topology.Link link) {
    List<String> lines = new ArrayList<>();
    if (group == null) {
      lines.add("no group: " + link.why());
      return new Box(lines, NONE, null);
    }
    lines.add("group %d, default %s".formatted(group.id(), group.type()));
    return new Box(lines, GROUP, group.domain());
  }

  /** Draws an IOMMU with all that is behind it. */
  private void section(String iommu, ImmutableList<Box> groups) {
    Map<IommuDomain, Box> boxes = new LinkedHashMap<>();
    for (Box group : groups) {
      if (group.domain() != null) {
        boxes.computeIfAbsent(group.domain(), TopologyPicture::box);
      }
    }
    ImmutableList<IommuDomain> drawn = ImmutableList.copyOf(boxes.keySet());
    ImmutableList<Box> domains = ImmutableList.copyOf(boxes.values());
    int left = MARGIN + PAD;
    int groupWidth = groups.stream().mapToInt(Box::width).max().orElse(0);
    int right = left + groupWidth + BETWEEN;
    int domainWidth = domains.stream().mapToInt(Box::width).max().orElse(0);
    int top = bottom;
    int width =
        Math.max(
                domains.isEmpty() ? left + groupWidth : right + domainWidth,
                left + (int) (iommu.length() * CHARACTER))
            + PAD
            - MARGIN;
    int height = 30 + Math.max(height(groups), height(domains));
    rect(MARGIN, top, width, height, "#fafafa", "#80868b");
    text(left, top + 18, "bold 13px monospace", iommu);
    List<Integer> domainMiddles = column(domains, right, top + 30, domainWidth);
    List<Integer> groupMiddles = column(groups, left, top + 30, groupWidth);
    for (int i = 0; i < groups.size(); i++) {
      int at = drawn.indexOf(groups.get(i).domain());
      if (at >= 0) {
        line(left + groupWidth, groupMiddles.get(i), right, domainMiddles.get(at));
      }
    }
    rightmost = Math.max(rightmost, MARGIN + width);
    bottom = top + height + GAP;
  }

  private static Box box(IommuDomain domain) {
    List<String> lines = new ArrayList<>();
    lines.add("%s domain".formatted(domain.type().sysfsName()));
    if (domain instanceof IommuDomain.Paging paging) {
      lines.add(paging.place());
      lines.add(String.format(Locale.ROOT, "root 0x%x", paging.pagetableBase()));
    }
    return new Box(lines, DOMAIN, domain);
  }

  private static int height(List<Box> boxes) {
    return boxes.stream().mapToInt(box -> box.height() + GAP).sum();
  }

  /** Draws boxes below each other; returns the middles of their heights. */
  private List<Integer> column(List<Box> boxes, int x, int top, int width) {
    List<Integer> middles = new ArrayList<>();
    int y = top;
    for (Box box : boxes) {
      rect(x, y, width, box.height(), box.colour(), "#5f6368");
      int baseline = y + PAD + 12;
      for (String each : box.lines()) {
        boolean heading = each.equals(box.lines().get(0));
        text(x + PAD, baseline, heading ? "bold 12px monospace" : "12px monospace", each);
        baseline += ROW;
      }
      middles.add(y + box.height() / 2);
      y += box.height() + GAP;
    }
    return middles;
  }

  // ---- shapes

  private void rect(int x, int y, int width, int height, String fill, String stroke) {
    shapes.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" fill=\"%s\" stroke=\"%s\"/>\n"
            .formatted(x, y, width, height, fill, stroke));
  }

  private void line(int x1, int y1, int x2, int y2) {
    int middle = (x1 + x2) / 2;
    shapes.append(
        "<path d=\"M%d %d C%d %d %d %d %d %d\" fill=\"none\" stroke=\"#1a73e8\" stroke-width=\"1.5\"/>\n"
            .formatted(x1, y1, middle, y1, middle, y2, x2, y2));
  }

  private void text(int x, int y, String font, String what) {
    shapes.append(
        "<text x=\"%d\" y=\"%d\" style=\"font:%s\">%s</text>\n"
            .formatted(x, y, font, escaped(what)));
  }

  private static String escaped(String text) {
    return XmlEscapers.xmlContentEscaper().escape(text);
  }
}
