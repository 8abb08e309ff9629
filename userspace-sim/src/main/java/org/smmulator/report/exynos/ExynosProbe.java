package org.smmulator.report.exynos;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.report.Probe;
import org.smmulator.report.Timeline;
import org.smmulator.script.Step;

/**
 * The report's eye on sysmmus: when engines with sysmmus of their own use one address, it shows the
 * walk of each side by side.
 */
// Each walk is made when the engine is at the address: afterwards the table may be another.
public final class ExynosProbe implements Probe {
  private static final String SYSMMU = "samsung,exynos-sysmmu";
  private static final int PAGE_SHIFT = 12;

  /** A frame of 1080p has half as many; whatever is beyond is not looked at. */
  private static final int MAX_PAGES = 4096;

  private static final int SHOWN_RUNS = 4;

  /** By iova page: the engines that were there, with what each one's sysmmu found. */
  private final TreeMap<Long, Map<String, String>> walks = new TreeMap<>();

  private final List<SysmmuTap> taps = new ArrayList<>();
  private @Nullable Machine watched;

  /** The kind: for boards with a sysmmu. */
  public static final class Kind implements Probe.Kind {
    @Override
    public boolean fits(DeviceTree board) {
      return board.nodes().stream().anyMatch(node -> node.isCompatible(SYSMMU));
    }

    @Override
    public Probe make() {
      return new ExynosProbe();
    }
  }

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    if (device.isCompatible(SYSMMU)) {
      taps.add(new SysmmuTap(device, registers));
    }
    return registers;
  }

  @Override
  public Translator translator(DtNode iommu, Translator translator) {
    for (SysmmuTap tap : taps) {
      if (tap.node() == iommu) {
        return tap.listening(translator, this::used);
      }
    }
    return translator;
  }

  @Override
  public void tell(Machine machine, Timeline timeline) {
    watched = machine;
    taps.forEach(tap -> tap.findMaster(machine.board()));
  }

  private void used(SysmmuTap tap, long iova) {
    Machine machine = watched;
    if (machine == null) {
      return;
    }
    long page = iova >>> PAGE_SHIFT;
    Map<String, String> found = walks.get(page);
    if (found == null) {
      if (walks.size() == MAX_PAGES) {
        return;
      }
      found = new LinkedHashMap<>();
      walks.put(page, found);
    }
    if (!found.containsKey(tap.name())) {
      found.put(tap.name(), tap.walk(machine.dram(), page << PAGE_SHIFT));
    }
  }

  @Override
  public void stepDone(String process, int pid, Step step, @Nullable Object result) {}

  @Override
  public void processEnding(String process, int pid) {}

  /**
   * Prints the first page of each run of pages that the same engines used, if there are several.
   */
  @Override
  public void printFindings(PrintWriter out) {
    int shown = 0;
    Map.@Nullable Entry<Long, Map<String, String>> before = null;
    for (Map.Entry<Long, Map<String, String>> entry : walks.entrySet()) {
      boolean goesOn =
          before != null
              && before.getKey() == entry.getKey() - 1
              && before.getValue().keySet().equals(entry.getValue().keySet());
      before = entry;
      if (goesOn || entry.getValue().size() < 2 || shown == SHOWN_RUNS) {
        continue;
      }
      if (shown++ == 0) {
        out.println();
        out.println("What the sysmmu of each engine found at an address that several engines used");
      }
      out.println("  iova 0x%x".formatted(entry.getKey() << PAGE_SHIFT));
      entry.getValue().forEach((who, walk) -> out.println("    %-40s %s".formatted(who, walk)));
    }
  }

  @Override
  public ImmutableList<String> counts() {
    return ImmutableList.of();
  }
}
