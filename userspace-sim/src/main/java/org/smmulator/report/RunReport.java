package org.smmulator.report;

import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.machine.Machine;
import org.smmulator.report.msm.GpuEvent;
import org.smmulator.report.msm.GpuProbe;
import org.smmulator.script.Action;
import org.smmulator.script.Address;
import org.smmulator.script.Command;
import org.smmulator.script.Result;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Step;

/**
 * A run of a scenario as a newcomer reads it: a timeline of what processes, kernel and GPU did, and
 * then what the pagetables held.
 */
// The tables are walked when a process has done its last step: afterwards they are gone.
public final class RunReport implements RunListener {
  /** TTBR0 without the ASID in its upper bits. */
  private static final long TABLE_ADDRESS = 0x0000_ffff_ffff_ffffL;

  /** The holder of a pagetable that lies in nobody\'s memory. */
  private static final Holder NOBODY = new Holder.OfKernel();

  private static final int MAX_TIMELINE = 70;

  private final Scenario scenario;
  private final Machine machine;
  private final GpuProbe probe;
  private final List<String> timeline = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();

  /** The pagetables that the GPU was seen to use, by their holders. */
  private final Map<Holder, Set<Long>> tablesOf = new LinkedHashMap<>();

  /** What each process told the GPU to write: an address's name, and its iova. */
  private final Map<String, Map<String, Long>> targetsOf = new LinkedHashMap<>();

  private final Map<String, Map<String, Result.Buffer>> buffersOf = new LinkedHashMap<>();
  private final Set<String> toldAddresses = new HashSet<>();
  private long accessNs;
  private int accessPlace;
  private int switches;
  private int refused;

  /**
   * Watches {@code machine}, which has booted and not run anything yet.
   *
   * @param probe the probe that was put into its wires; its events are to be given to {@link #gpu}
   */
  public RunReport(Scenario scenario, Machine machine, GpuProbe probe) {
    this.scenario = scenario;
    this.machine = machine;
    this.probe = probe;
    machine.dmesg().listen(line -> add("kernel", line.text()));
  }

  // ---- what happens

  @Override
  public void stepDone(String process, int pid, Step step, @Nullable Result result) {
    String who = "%s[%d]".formatted(process, pid);
    if (step.action() instanceof Action.Submit submit) {
      submit.buffers().forEach(use -> tellAddress(who, use.buffer().name()));
    }
    add(who, Words.of(step));
    if (step.action() instanceof Action.Submit submit) {
      submit.commands().forEach(command -> noteTarget(who, command));
    }
    if (result instanceof Result.Buffer buffer && step.as() != null) {
      buffersOf.computeIfAbsent(who, w -> new LinkedHashMap<>()).put(step.as(), buffer);
    }
  }

  private void tellAddress(String who, String name) {
    Result.Buffer buffer = buffersOf.getOrDefault(who, Map.of()).get(name);
    if (buffer != null && toldAddresses.add(who + name)) {
      add(who, "has %s at iova 0x%x".formatted(name, buffer.buffer().knownIova()));
    }
  }

  private void noteTarget(String who, Command command) {
    if (!(command instanceof Command.MemWrite write)) {
      return;
    }
    Address at = write.at();
    if (at.base() == null) {
      targets(who).put(at.toString(), at.offset());
      return;
    }
    Map<String, Result.Buffer> buffers = buffersOf.getOrDefault(who, Map.of());
    Result.Buffer buffer = buffers.get(at.base().toString());
    if (buffer != null) {
      targets(who).put(at.toString(), buffer.buffer().knownIova() + at.offset());
    }
  }

  private Map<String, Long> targets(String who) {
    return targetsOf.computeIfAbsent(who, w -> new LinkedHashMap<>());
  }

  /** Something was seen in the wires of the GPU. */
  public void gpu(GpuEvent event) {
    switch (event) {
      case GpuEvent.TableSwitch table -> {
        switches++;
        PageOwner owner = ownerOf(table.ttbr0());
        Holder holder = owner == null ? NOBODY : owner.holder();
        tablesOf.computeIfAbsent(holder, h -> new LinkedHashSet<>()).add(table.ttbr0());
        String name = owner == null ? "pagetable of nobody" : owner.name();
        add("gpu", "TTBR0 0x%016x into bank %d: %s".formatted(table.ttbr0(), table.bank(), name));
      }
      case GpuEvent.Begins _ -> {
        accessNs = machine.scheduler().nowNs();
        accessPlace = timeline.size();
      }
      case GpuEvent.Write write ->
          add("gpu", "writes at iova 0x%x -> pa 0x%x".formatted(write.iova(), write.pa()));
      case GpuEvent.Refused access -> {
        refused++;
        String what = access.write() ? "writes" : "reads";
        String line = "%s at iova 0x%x: refused by the SMMU".formatted(what, access.iova());
        timeline.add(accessPlace, line(accessNs, "gpu", line)); // what it led to stands below it
      }
    }
  }

  private @Nullable PageOwner ownerOf(long ttbr0) {
    long table = ttbr0 & TABLE_ADDRESS;
    return machine.dram().covers(table, 1) ? machine.pages().ownerOf(table) : null;
  }

  @Override
  public void processEnding(String process, int pid) {
    String who = "%s[%d]".formatted(process, pid);
    for (long ttbr0 : tablesOf.getOrDefault(new Holder.OfProcess(pid, who), Set.of())) {
      tables.add("  %-15s TTBR0 0x%016x".formatted(who, ttbr0));
      targets(who)
          .forEach((name, iova) -> {
            TableWalk walk = TableWalk.walk(machine.dram(), ttbr0 & TABLE_ADDRESS, iova);
            tables.add("    %-13s iova 0x%x  %s".formatted(name, iova, walk.show(machine.dram())));
          });
    }
  }

  private void add(String who, String what) {
    timeline.add(line(machine.scheduler().nowNs(), who, what));
  }

  private static String line(long timeNs, String who, String what) {
    return String.format(
        Locale.ROOT, "%6d.%03d  %-14s %s", timeNs / 1000, timeNs % 1000, who, what);
  }

  // ---- what is printed

  /** Prints the title and the story. */
  public void printTitle(PrintWriter out, String settings) {
    out.println("%s (%s, %s)".formatted(scenario.about(), scenario.board(), settings));
    if (!scenario.story().isEmpty()) {
      out.println();
      scenario.story().lines().forEach(out::println);
    }
  }

  /** Prints the timeline. */
  public void printTimeline(PrintWriter out) {
    out.println();
    out.println("   time us  who            what");
    int hidden = Math.max(0, timeline.size() - MAX_TIMELINE);
    timeline.subList(0, timeline.size() - hidden).forEach(out::println);
    if (hidden > 0) {
      out.println("            ... and %d more; --trace FILE has everything".formatted(hidden));
    }
  }

  /** Prints what the walks found. */
  public void printTables(PrintWriter out) {
    if (tables.isEmpty()) {
      return;
    }
    out.println();
    out.println("What a walk of each pagetable found at its process's end");
    tables.forEach(out::println);
    printUpperHalf(out);
  }

  private void printUpperHalf(PrintWriter out) {
    GpuProbe.UpperPage page = probe.mostSharedUpperPage();
    if (page == null) {
      return;
    }
    out.println(
        "  %-15s TTBR1 0x%016x: the kernel's half, never switched"
            .formatted("everybody", probe.ttbr1()));
    page.pas()
        .forEach((ttbr0, pa) ->
            out.println(
                "    iova 0x%016x -> pa 0x%x while TTBR0 was 0x%016x (%s)"
                    .formatted(page.iova(), pa, ttbr0, whose(ttbr0))));
  }

  /** Whose table it is, while all are still remembered. */
  private String whose(long ttbr0) {
    for (Map.Entry<Holder, Set<Long>> entry : tablesOf.entrySet()) {
      if (entry.getValue().contains(ttbr0)) {
        return switch (entry.getKey()) {
          case Holder.OfProcess process -> process.name();
          case Holder.OfDevice device -> device.name();
          case Holder.OfKernel _ -> "nobody";
        };
      }
    }
    return "nobody yet";
  }

  /**
   * Prints the last line.
   *
   * @return whether nothing leaked
   */
  public boolean printSummary(PrintWriter out, ScenarioRun run) {
    ImmutableMap<String, Long> leaked = machine.leakedPages();
    out.println();
    leaked.forEach((owner, pages) -> out.println("leaked: %d pages, %s".formatted(pages, owner)));
    out.println(
        "%s: %s, %s, %s, %s, %s"
            .formatted(
                run.failure() == null && leaked.isEmpty() ? "ok" : "not ok",
                counted(run.expectationsMet(), "expectation"),
                counted(run.jobs(), "job"),
                counted(switches, "pagetable switch"),
                counted(refused, "refused access"),
                leaked.isEmpty() ? "nothing leaked" : "memory leaked"));
    return leaked.isEmpty();
  }

  private static String counted(int count, String noun) {
    String plural = noun.endsWith("s") || noun.endsWith("h") ? "es" : "s";
    return count == 1 ? "1 " + noun : count + " " + noun + plural;
  }
}
