package org.smmulator.report.look;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.pgtable.LpaeWalk;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.process.Process;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.BusAddress;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.MappableBuffer;
import org.smmulator.userspace.MappedMemory;

/**
 * Walks of pagetables, made at a moment: those through which a process's addresses go.
 *
 * <p>A process whose files have tables of their own gets these; an address of the upper half goes
 * through the table of the device's domain, which all files share. Where no file has a table of its
 * own, each domain is walked, and those that map nothing there are left out if another does.
 */
public final class WalkLook extends MomentProbe {
  /** Whose tables are walked. */
  public sealed interface Whose {
    /** Those of the process's files. */
    record Files() implements Whose {}

    /** The process's own, which its CPUs walk. */
    record Cpu() implements Whose {}

    /** That of the domain which a device is attached to. */
    record OfDevice(String name) implements Whose {}
  }

  /**
   * A walk, and the bytes where it led.
   *
   * @param table whose table it was
   * @param root its physical address
   * @param found the 32 bits behind the address; null if the walk led to no memory
   */
  public record Walked(String table, long root, PgtableWalk walk, @Nullable Integer found) {}

  private final String process;
  private final WalkAddress address;
  private final Whose whose;
  private final ImmutableList<NamedAddress> namedAddresses =
      ServiceLoader.load(NamedAddress.class).stream()
          .map(ServiceLoader.Provider::get)
          .collect(toImmutableList());

  // Looked up by name, never iterated.
  private final Map<String, Object> results = new HashMap<>();
  private final List<Walked> walks = new ArrayList<>();
  private int pid;
  private long iova;
  private @Nullable BadInputException mistake;

  /** Gets ready to walk for {@code address} of {@code process} when {@code moment} has come. */
  public WalkLook(Moment moment, String process, WalkAddress address, Whose whose) {
    super(moment);
    this.process = process;
    this.address = address;
    this.whose = whose;
  }

  /**
   * The walks that were made.
   *
   * @throws BadInputException if the moment never came, or there was nothing to walk then
   */
  public ImmutableList<Walked> walks() throws BadInputException {
    if (mistake != null) {
      throw mistake;
    }
    if (!hasCome()) {
      throw new BadInputException(
          "the moment %s never came".formatted(moment()),
          "the timeline that 'smmulator run' prints has one line for each step that was done");
    }
    return ImmutableList.copyOf(walks);
  }

  /** The process whose address it is; 0 for a driver's. */
  public int pid() {
    return pid;
  }

  /** The address as a number. */
  public long iova() {
    return iova;
  }

  /** When the walks were made. */
  public Moment when() {
    return moment();
  }

  @Override
  void noted(String who, int itsPid, Step step, @Nullable Object result) {
    if (who.equals(process)) {
      pid = itsPid;
      if (step.as() != null && result != null) {
        results.put(step.as(), result);
      }
    }
  }

  @Override
  void look(Machine machine, int itsPid) {
    try {
      iova = resolve();
      tables(machine).forEach(table -> walks.add(walked(machine, table)));
    } catch (BadInputException e) {
      mistake = e;
    }
  }

  // ---- the address

  private long resolve() throws BadInputException {
    String name = address.name();
    if (name == null) {
      return address.offset();
    }
    Object result = results.get(name);
    if (result == null) {
      throw new BadInputException(
          "%s has named no '%s' at %s".formatted(process, name, moment()),
          Nearest.cure(name, results.keySet().stream().sorted().toList()));
    }
    Long begins = beginOf(result);
    if (begins == null) {
      throw noAddress(name, result);
    }
    return begins + address.offset();
  }

  private BadInputException noAddress(String name, Object result) {
    if (!(result instanceof MappableBuffer) && !(result instanceof BusAddress)) {
      return new BadInputException(
          "'%s' of %s is no memory, and has no address".formatted(name, process),
          "name a buffer, or give a number");
    }
    boolean ofCpu = whose instanceof Whose.Cpu;
    return new BadInputException(
        "'%s' of %s has no address for %s at %s"
            .formatted(name, process, ofCpu ? "its CPU" : "a device", moment()),
        "give a number, or a later moment with --at: "
            + (ofCpu
                ? "the CPU's first access maps a buffer"
                : "the first job that uses a buffer maps it"));
  }

  private @Nullable Long beginOf(Object result) {
    if (whose instanceof Whose.Cpu) {
      return switch (result) {
        case MappedMemory memory -> (Long) memory.va();
        case GemBuffer buffer when buffer.knownVa() != 0 -> (Long) buffer.knownVa();
        default -> null;
      };
    }
    if (result instanceof BusAddress place) {
      return place.address();
    }
    return namedAddresses.stream()
        .map(each -> each.iovaOf(result))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  // ---- the tables

  private record Table(String name, long root, PgtableWalk walk) {}

  private ImmutableList<Table> tables(Machine machine) throws BadInputException {
    return switch (whose) {
      case Whose.Cpu _ -> ImmutableList.of(ofCpu(machine));
      case Whose.OfDevice(String name) -> ImmutableList.of(ofDevice(machine, name));
      case Whose.Files _ -> ofFiles(machine);
    };
  }

  private Table ofCpu(Machine machine) throws BadInputException {
    Process found = machine.processes().find(pid);
    if (pid == 0 || found == null || !found.isInside()) {
      throw new BadInputException(
          "%s has no memory of its own at %s".formatted(process, moment()),
          "name a process that makes system calls, and is alive then");
    }
    long root = found.mm().pagetableBase();
    return new Table("the table of its CPUs", root, LpaeWalk.ofProcess(machine.dram(), root, iova));
  }

  private Table ofDevice(Machine machine, String name) throws BadInputException {
    for (IommuGroup group : machine.iommu().groups()) {
      if (group.devices().stream().anyMatch(device -> device.name().equals(name))) {
        if (group.domain() instanceof IommuDomain.Paging domain) {
          return of(group.devices(), domain);
        }
        throw new BadInputException(
            "%s is attached to no domain with a table at %s".formatted(name, moment()),
            "see: smmulator topology BOARD");
      }
    }
    throw new BadInputException(
        "no device '%s' is behind an IOMMU".formatted(name),
        Nearest.cure(
            name,
            machine.iommu().groups().stream()
                .flatMap(group -> group.devices().stream())
                .map(Device::name)
                .toList()));
  }

  private ImmutableList<Table> ofFiles(Machine machine) throws BadInputException {
    ImmutableList<IommuTask> tokens =
        machine.tasks().bound().stream()
            .filter(token -> token.task().pid() == pid)
            .collect(toImmutableList());
    if (tokens.isEmpty()) {
      return ofDomains(machine.iommu().groups().stream());
    }
    boolean upper = iova < 0;
    if (upper) {
      return ofDomains(
          machine.iommu().groups().stream()
              .filter(group ->
                  tokens.stream().anyMatch(t -> group.devices().contains(t.devices().get(0)))));
    }
    return tokens.stream()
        .map(token ->
            new Table(
                "its table on " + names(token.devices()),
                token.pagetableBase(),
                token.explain(iova)))
        .collect(toImmutableList());
  }

  private ImmutableList<Table> ofDomains(Stream<IommuGroup> groups) throws BadInputException {
    Map<IommuDomain.Paging, List<Device>> byDomain = new LinkedHashMap<>();
    groups.forEach(group -> {
      if (group.domain() instanceof IommuDomain.Paging domain) {
        byDomain.computeIfAbsent(domain, _ -> new ArrayList<>()).addAll(group.devices());
      }
    });
    if (byDomain.isEmpty()) {
      throw new BadInputException(
          "there is no table at %s".formatted(moment()),
          "name a later moment with --at, or --cpu for the process's own");
    }
    ImmutableList<Table> all =
        byDomain.entrySet().stream()
            .map(entry -> of(entry.getValue(), entry.getKey()))
            .collect(toImmutableList());
    ImmutableList<Table> mapping =
        all.stream().filter(table -> table.walk().pa().isPresent()).collect(toImmutableList());
    return mapping.isEmpty() ? all : mapping;
  }

  private Table of(List<? extends Device> devices, IommuDomain.Paging domain) {
    return new Table(
        "the table of the %s domain of %s".formatted(domain.type().sysfsName(), names(devices)),
        domain.pagetableBase(),
        domain.explain(iova));
  }

  private static String names(List<? extends Device> devices) {
    return devices.stream().map(Device::name).collect(joining(", "));
  }

  private static Walked walked(Machine machine, Table table) {
    Integer found = null;
    if (table.walk().pa().isPresent()) {
      long pa = table.walk().pa().getAsLong();
      found = machine.dram().covers(pa, Integer.BYTES) ? (Integer) machine.dram().getInt(pa) : null;
    }
    return new Walked(table.name(), table.root(), table.walk(), found);
  }
}
