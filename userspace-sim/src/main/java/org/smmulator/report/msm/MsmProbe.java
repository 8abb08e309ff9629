package org.smmulator.report.msm;

import static java.util.Objects.requireNonNull;
import static org.smmulator.report.RunReport.counted;
import static org.smmulator.report.RunReport.who;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.msm.MsmContext;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.TaskMmu;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.process.Process;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.Probe;
import org.smmulator.report.TableWalk;
import org.smmulator.report.Timeline;
import org.smmulator.report.trace.TableBase;
import org.smmulator.script.Address;
import org.smmulator.script.Step;
import org.smmulator.script.msm.SubmitStep;
import org.smmulator.script.msm.SubmittedJob;
import org.smmulator.userspace.msm.MsmBuffer;

/**
 * The report's eye on an Adreno: tells pagetable switches, writes and refused accesses of the GPU,
 * and what the pagetables of a process held when it ended.
 */
// The tables are walked when a process has done its last step: afterwards they are gone.
public final class MsmProbe implements Probe {
  private static final String GPU = "qcom,adreno";

  /** Kernel: {@code recover_worker()}. */
  private static final String HANG = "hangcheck recover!";

  private static final int LEVELS = 4;
  private static final int LEVEL_BITS = 9;
  private static final int PAGE_BITS = 12;

  /** The holder of a pagetable that lies in nobody's memory. */
  private static final Holder NOBODY = new Holder.OfKernel();

  private final GpuProbe gpuProbe = new GpuProbe(this::gpu);

  /** A process that uses buffers by the dozen is told by its first. */
  private static final int MAX_WALKS = 5;

  private final List<String> tables = new ArrayList<>();

  /** The pagetables that the GPU was seen to use, by their holders. */
  private final Map<Holder, Set<Long>> tablesOf = new LinkedHashMap<>();

  /** The memory that each process told the GPU to write to. */
  private final Map<String, Set<Target>> targetsOf = new LinkedHashMap<>();

  /** The stretches of the upper half that somebody told the GPU to write to. */
  private final List<Stretch> upperTargets = new ArrayList<>();

  private final List<String> upperWalks = new ArrayList<>();

  private final Map<String, Map<String, MsmBuffer>> buffersOf = new LinkedHashMap<>();
  private final Set<String> toldAddresses = new HashSet<>();

  private @Nullable Watched watched;
  private int jobs;
  private int switches;
  private int refused;
  private int hangs;

  /**
   * An address that a process told the GPU to write to.
   *
   * @param file the open file of the submit
   */
  private record Target(String name, long iova, FileOperations file) {}

  private record Stretch(long iova, long sizeBytes) {
    boolean has(long address) {
      return address - iova >= 0 && address - iova < sizeBytes;
    }
  }

  /** The machine that is watched, since it has booted. */
  private static final class Watched {
    private final Machine machine;
    private final Timeline timeline;
    private Timeline.Mark access;

    Watched(Machine machine, Timeline timeline) {
      this.machine = machine;
      this.timeline = timeline;
      this.access = timeline.mark();
    }
  }

  /** The kind: for boards with an Adreno behind an SMMU of Qualcomm's, of any kind. */
  public static final class Kind implements Probe.Kind {
    @Override
    public boolean fits(DeviceTree board) {
      return board.nodes().stream().anyMatch(node -> node.isCompatible(GPU));
    }

    @Override
    public Probe make() {
      return new MsmProbe();
    }
  }

  @Override
  public Interposer wires() {
    return gpuProbe.wires();
  }

  // ---- what happens

  @Override
  public void tell(Machine machine, Timeline timeline) {
    watched = new Watched(machine, timeline);
    machine
        .dmesg()
        .listen(line -> {
          if (line.text().contains(HANG)) {
            hangs++;
          }
        });
  }

  @Override
  public void stepBegins(Step step) {
    if (step.type() instanceof SubmitStep submit) {
      for (SubmitStep.Target target : submit.targetsOf(step)) {
        long iova = GpuProbe.extended(target.at().offset());
        if (target.at().base() == null && GpuProbe.isInUpperHalf(iova)) {
          upperTargets.add(new Stretch(iova, target.sizeBytes()));
        }
      }
    }
  }

  @Override
  public void stepDone(String process, int pid, Step step, @Nullable Object result) {
    String who = who(process, pid);
    if (step.type() instanceof SubmitStep submit && result instanceof SubmittedJob job) {
      jobs++;
      submit.buffersOf(step).forEach(buffer -> tellAddress(who, buffer.name()));
      FileOperations file = fileOf(pid, job.device().fd());
      submit.targetsOf(step).forEach(target -> noteTarget(who, target.at(), file));
    }
    if (result instanceof MsmBuffer buffer && step.as() != null) {
      buffersOf.computeIfAbsent(who, w -> new LinkedHashMap<>()).put(step.as(), buffer);
    }
  }

  private void tellAddress(String who, String name) {
    MsmBuffer buffer = buffersOf.getOrDefault(who, Map.of()).get(name);
    if (watched != null && buffer != null && toldAddresses.add(who + name)) {
      watched.timeline.add(who, "has %s at iova 0x%x".formatted(name, buffer.knownIova()));
    }
  }

  private void noteTarget(String who, Address<MsmBuffer> at, FileOperations file) {
    Set<Target> targets = targetsOf.computeIfAbsent(who, w -> new LinkedHashSet<>());
    if (at.base() == null) {
      targets.add(new Target(at.toString(), GpuProbe.extended(at.offset()), file));
      return;
    }
    MsmBuffer buffer = buffersOf.getOrDefault(who, Map.of()).get(at.base().toString());
    if (buffer != null) {
      targets.add(new Target(at.toString(), buffer.knownIova() + at.offset(), file));
    }
  }

  private void gpu(GpuEvent event) {
    if (watched != null) {
      gpu(event, watched);
    }
  }

  private void gpu(GpuEvent event, Watched at) {
    switch (event) {
      case GpuEvent.TableSwitch table -> {
        switches++;
        TableBase base = new TableBase(table.ttbr0());
        PageOwner owner = base.owner(at.machine);
        Holder holder = owner == null ? NOBODY : owner.holder();
        tablesOf.computeIfAbsent(holder, o -> new LinkedHashSet<>()).add(table.ttbr0());
        at.timeline.add(
            "gpu",
            "TTBR0 0x%016x into bank %d: %s"
                .formatted(table.ttbr0(), table.bank(), base.whose(at.machine)));
      }
      case GpuEvent.Begins _ -> at.access = at.timeline.mark();
      case GpuEvent.Write write -> {
        // The ring's own packets write to the kernel's memory all the time; a client's are told.
        boolean ofClient =
            isTarget(write.iova())
                || !(gpuProbe.isSplit()
                    ? GpuProbe.isInUpperHalf(write.iova())
                    : ofKernel(write, at));
        if (ofClient) {
          at.timeline.add(
              "gpu", "writes at iova 0x%x -> pa 0x%x".formatted(write.iova(), write.pa()));
        }
      }
      case GpuEvent.Refused access -> {
        refused++;
        String what = access.write() ? "writes" : "reads";
        String line = "%s at iova 0x%x: refused by the SMMU".formatted(what, access.iova());
        at.timeline.addNotableAt(at.access, "gpu", line);
      }
    }
  }

  /** Without an upper half only the memory tells whose buffer it is. */
  private static boolean ofKernel(GpuEvent.Write write, Watched at) {
    PageOwner owner = at.machine.ownerOf(write.pa());
    return owner == null || !(owner.holder() instanceof Holder.OfProcess);
  }

  private boolean isTarget(long upperIova) {
    return upperTargets.stream().anyMatch(stretch -> stretch.has(upperIova));
  }

  @Override
  public void processEnding(String process, int pid) {
    if (pid == 0) {
      return; // a driver has no files
    }
    String who = who(process, pid);
    Set<Target> targets = targetsOf.getOrDefault(who, Set.of());
    Map<Long, FileOperations> open = openTables(pid);
    for (long ttbr0 : tablesSeen(new Holder.OfProcess(pid, who), open.keySet())) {
      long root = new TableBase(ttbr0).address();
      FileOperations file = open.get(root);
      String state = file == null ? ": its file is closed" : "";
      tables.add("  %-15s TTBR0 0x%016x%s".formatted(who, ttbr0, state));
      List<Target> own =
          targets.stream()
              .filter(
                  target -> !GpuProbe.isInUpperHalf(target.iova()) && target.file().equals(file))
              .toList();
      own.stream()
          .limit(MAX_WALKS)
          .forEach(target -> tables.add(walked(target, root, firstLevel(target.file()))));
      if (own.size() > MAX_WALKS) {
        tables.add("    ... and %d more".formatted(own.size() - MAX_WALKS));
      }
    }
    targets.stream()
        .filter(target -> GpuProbe.isInUpperHalf(target.iova()))
        .forEach(
            target -> upperWalks.add(walked(target, new TableBase(gpuProbe.ttbr1()).address(), 0)));
  }

  /** The tables that the GPU was seen to use: of {@code own} files, and of inherited ones. */
  private Set<Long> tablesSeen(Holder own, Set<Long> openRoots) {
    Set<Long> seen = new LinkedHashSet<>(tablesOf.getOrDefault(own, Set.of()));
    for (Set<Long> tables : tablesOf.values()) {
      for (long ttbr0 : tables) {
        if (openRoots.contains(new TableBase(ttbr0).address())) {
          seen.add(ttbr0);
        }
      }
    }
    return seen;
  }

  /** The roots of the pagetables of the GPU's files that a process has open. */
  private Map<Long, FileOperations> openTables(int pid) {
    Map<Long, FileOperations> roots = new LinkedHashMap<>();
    for (int fd : processOf(pid).files().descriptors()) {
      FileOperations file = fileOf(pid, fd);
      MsmVm vm =
          file instanceof DrmFile drm && drm.driverPrivate() instanceof MsmContext context
              ? context.vmIfMade()
              : null;
      if (vm != null && vm.mmu() instanceof TaskMmu own) { // else all files share the kernel's
        roots.put(own.pagetableBase(), file);
      }
    }
    return roots;
  }

  private FileOperations fileOf(int pid, int fd) {
    try {
      return processOf(pid).files().file(fd).operations();
    } catch (ErrnoException e) {
      throw new IllegalStateException("descriptor " + fd, e);
    }
  }

  private Process processOf(int pid) {
    return requireNonNull(requireNonNull(watched).machine.processes().find(pid));
  }

  /** The level of a file's root: the first one at which there is something to choose. */
  private static int firstLevel(FileOperations file) {
    MsmVm vm =
        file instanceof DrmFile drm && drm.driverPrivate() instanceof MsmContext context
            ? context.vmIfMade()
            : null;
    if (vm != null && vm.mmu() instanceof TaskMmu mmu) {
      int bits = Long.SIZE - Long.numberOfLeadingZeros(mmu.token().reach().apertureEnd());
      return LEVELS - Math.ceilDiv(bits - PAGE_BITS, LEVEL_BITS);
    }
    return 0;
  }

  private String walked(Target target, long root, int firstLevel) {
    Dram dram = requireNonNull(watched).machine.dram();
    TableWalk walk = TableWalk.walk(dram, root, firstLevel, target.iova());
    return "    %-13s iova 0x%x  %s".formatted(target.name(), target.iova(), walk.show(dram));
  }

  // ---- what is printed

  @Override
  public void printFindings(PrintWriter out) {
    if (tables.isEmpty()) {
      return;
    }
    out.println();
    out.println("What a walk of each pagetable found at its process's end");
    tables.forEach(out::println);
    printUpperHalf(out);
  }

  private void printUpperHalf(PrintWriter out) {
    GpuProbe.UpperPage page = gpuProbe.mostSharedUpperPage();
    if (page == null) {
      return;
    }
    out.println(
        "  %-15s TTBR1 0x%016x of bank %d: the kernel's half, never switched"
            .formatted("everybody", gpuProbe.ttbr1(), gpuProbe.bank()));
    if (gpuProbe.bank() != GpuProbe.GPU_BANK) {
      out.println(
          "    the GPU is translated through bank %d, and switches TTBR0 of bank %d, which is not it"
              .formatted(gpuProbe.bank(), GpuProbe.GPU_BANK));
    }
    page.pas()
        .forEach((ttbr0, pa) ->
            out.println(
                "    iova 0x%016x -> pa 0x%x while TTBR0 was 0x%016x (%s)"
                    .formatted(page.iova(), pa, ttbr0, whose(ttbr0))));
    upperWalks.forEach(out::println);
  }

  /** Returns the holder of the table at {@code ttbr0}, while it is remembered. */
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

  @Override
  public ImmutableList<String> counts() {
    ImmutableList.Builder<String> counts = ImmutableList.builder();
    counts.add(
        counted(jobs, "job"),
        counted(switches, "pagetable switch"),
        counted(refused, "refused access"));
    if (hangs > 0) {
      counts.add(counted(hangs, "hang"));
    }
    return counts.build();
  }
}
