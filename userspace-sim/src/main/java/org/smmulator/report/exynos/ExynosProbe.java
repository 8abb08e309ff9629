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
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.Probe;
import org.smmulator.report.Timeline;
import org.smmulator.report.trace.MasterNames;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;
import org.smmulator.script.Step;

/**
 * The report's eye on sysmmus: when engines with sysmmus of their own use one address, it shows the
 * walk of each side by side.
 */
// Each walk is made when the engine is at the address: afterwards the table may be another.
public final class ExynosProbe implements Probe, WireListener {
  private static final String SYSMMU = "samsung,exynos-sysmmu";
  private static final int PAGE_SHIFT = 12;

  /** A frame of 1080p has half as many; whatever is beyond is not looked at. */
  private static final int MAX_PAGES = 4096;

  private static final int SHOWN_RUNS = 4;

  /** By iova page: the engines that were there, with what each one's sysmmu found. */
  private final TreeMap<Long, Map<String, String>> walks = new TreeMap<>();

  private final List<WatchedSysmmu> sysmmus = new ArrayList<>();
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

  /** Keeps the registers of each sysmmu, to read them. */
  private final class Registers implements Interposer {
    @Override
    public MmioTarget registers(DtNode device, MmioTarget registers) {
      if (device.isCompatible(SYSMMU)) {
        sysmmus.add(new WatchedSysmmu(device, registers));
      }
      return registers;
    }
  }

  @Override
  public Interposer wires() {
    return Interposer.all(List.of(new Registers(), new WireTap(this)));
  }

  @Override
  public void tell(Machine machine, Timeline timeline) {
    watched = machine;
    MasterNames names = new MasterNames(machine.board());
    sysmmus.forEach(sysmmu -> sysmmu.findMaster(names));
  }

  @Override
  public void accessed(DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {
    Machine machine = watched;
    for (WatchedSysmmu sysmmu : sysmmus) {
      if (machine != null && sysmmu.node() == iommu && sysmmu.translates()) {
        used(sysmmu, iova, machine);
      }
    }
  }

  private void used(WatchedSysmmu sysmmu, long iova, Machine machine) {
    long page = iova >>> PAGE_SHIFT;
    Map<String, String> found = walks.get(page);
    if (found == null) {
      if (walks.size() == MAX_PAGES) {
        return;
      }
      found = new LinkedHashMap<>();
      walks.put(page, found);
    }
    if (!found.containsKey(sysmmu.name())) {
      found.put(sysmmu.name(), sysmmu.walk(machine.dram(), page << PAGE_SHIFT));
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
