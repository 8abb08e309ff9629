package org.smmulator.iommu.nodes;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.PlainDirectory;

/**
 * {@code /sys/kernel/debug/iommu}: for each group what its domain is, all that its table maps, and
 * a window into it: an iova is written to {@code walk}, and reading it tells what a walk finds
 * there. Below {@code tasks} the tables of tasks have the same, by the addresses of their roots.
 *
 * <p>Linux has such views per driver, such as {@code intel/domain_translation_struct}; this one is
 * our own.
 */
public final class IommuDebugNodes implements Node.Directory {
  private static final String TASKS = "tasks";
  private static final String NO_TABLE = "the domain has no table\n";

  private final Iommu iommu;
  private final IommuTasks tasks;

  /** The last question to each {@code walk}, by the name of its directory. */
  private final TreeMap<String, Long> asked = new TreeMap<>();

  /** Makes the directory; it belongs at {@code /sys/kernel/debug/iommu}. */
  public IommuDebugNodes(Iommu iommu, IommuTasks tasks) {
    this.iommu = iommu;
    this.tasks = tasks;
  }

  @Override
  public ImmutableList<String> names() {
    return Stream.concat(iommu.groups().stream().map(IommuDebugNodes::name), Stream.of(TASKS))
        .collect(toImmutableList());
  }

  @Override
  public @Nullable Node find(String name) {
    if (name.equals(TASKS)) {
      return new TaskTables();
    }
    for (IommuGroup group : iommu.groups()) {
      if (name.equals(name(group))) {
        PlainDirectory made = new PlainDirectory(0755);
        var _ = made.add("domain", new Node.TextFile(0400, () -> show(group), null));
        var _ = made.add("pgsize_bitmap", new Node.TextFile(0400, () -> pageSizes(group), null));
        addTable(made, name, () -> tableOf(group));
        return made;
      }
    }
    return null;
  }

  /** Tables of tasks that are no process's own. */
  private final class TaskTables implements Node.Directory {
    @Override
    public ImmutableList<String> names() {
      return tokens().map(IommuDebugNodes::name).collect(toImmutableList());
    }

    @Override
    public @Nullable Node find(String name) {
      return tokens()
          .filter(token -> name.equals(IommuDebugNodes.name(token)))
          .map(token -> directory(name, token))
          .findFirst()
          .orElse(null);
    }

    private Stream<IommuTask> tokens() {
      return tasks.bound().stream().filter(token -> !token.sharesProcessTable());
    }

    private Node directory(String name, IommuTask token) {
      PlainDirectory made = new PlainDirectory(0755);
      var _ = made.add("task", new Node.TextFile(0400, () -> show(token), null));
      addTable(made, name, () -> new Table(token::forEachLeaf, token::explain));
      return made;
    }
  }

  private static String name(IommuTask token) {
    return String.format(Locale.ROOT, "0x%016x", token.pagetableBase());
  }

  private static String show(IommuTask token) {
    String devices = token.devices().stream().map(Device::name).collect(joining(" "));
    return String.format(
        Locale.ROOT, "task %s\ndevices %s\npasid %d\n", token.task(), devices, token.pasid());
  }

  private static String name(IommuGroup group) {
    return String.format(Locale.ROOT, "%d", group.id());
  }

  private static String show(IommuGroup group) {
    IommuDomain domain = group.domain();
    if (domain == null) {
      return "attached to no domain\ndefault " + defaultBeside(group, null) + "\n";
    }
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "type %s\n", domain.type().sysfsName()));
    if (domain instanceof IommuDomain.Paging paging) {
      IommuGeometry reach = paging.geometry();
      text.append(String.format(Locale.ROOT, "where %s\n", paging.place()))
          .append(String.format(Locale.ROOT, "page sizes 0x%x\n", paging.pgsizeBitmap()))
          .append(
              String.format(
                  Locale.ROOT,
                  "aperture 0x%016x 0x%016x\n",
                  reach.apertureStart(),
                  reach.apertureEnd()))
          .append(String.format(Locale.ROOT, "driver calls %d\n", paging.driverCalls()));
    }
    for (int pasid : group.pasids()) {
      text.append(String.format(Locale.ROOT, "pasid %d %s\n", pasid, typeOf(group, pasid)));
    }
    text.append(String.format(Locale.ROOT, "default %s\n", defaultBeside(group, domain)));
    text.append(String.format(Locale.ROOT, "group references taken %d\n", group.referencesTaken()));
    return text.toString();
  }

  /** The domain that the group returns to, beside the one that it is in. */
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  private static String defaultBeside(IommuGroup group, @Nullable IommuDomain attached) {
    IommuDomain home = group.defaultDomain();
    if (home == null) {
      return "none";
    }
    if (home == attached) {
      return "the same";
    }
    String place = home instanceof IommuDomain.Paging paging ? ", " + paging.place() : "";
    return home.type().sysfsName() + place;
  }

  private static String typeOf(IommuGroup group, int pasid) {
    IommuDomain domain = group.domainOfPasid(pasid);
    return domain == null ? "-" : domain.type().name().toLowerCase(Locale.ROOT);
  }

  /** Names what a domain's page sizes come from: from the instance over the group. */
  private String pageSizes(IommuGroup group) {
    StringBuilder text = new StringBuilder();
    group.devices().stream()
        .map(iommu::instanceOf)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(instance ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "instance %s 0x%x\n",
                    instance,
                    instance.ops().pgsizeBitmap(instance))));
    text.append(String.format(Locale.ROOT, "group 0x%x\n", iommu.pageSizes(group)));
    if (group.domain() instanceof IommuDomain.Paging paging) {
      text.append(String.format(Locale.ROOT, "domain %s\n", readable(paging)));
    }
    return text.toString();
  }

  private String readable(IommuDomain.Paging domain) {
    try {
      return String.format(Locale.ROOT, "0x%x", iommu.pageSizes(domain));
    } catch (ErrnoException e) {
      return "unreadable"; // not 0: it is not known yet
    }
  }

  // ---- tables

  /** A table as these files show it: all its leaves, and what a walk of it finds. */
  private record Table(Consumer<LeafVisitor> leaves, LongFunction<PgtableWalk> explain) {}

  private static @Nullable Table tableOf(IommuGroup group) {
    return group.domain() instanceof IommuDomain.Paging paging
        ? new Table(paging::forEachLeaf, paging::explain)
        : null;
  }

  private void addTable(PlainDirectory to, String name, Supplier<@Nullable Table> table) {
    var _ = to.add("table", new Node.TextFile(0400, () -> leaves(table.get()), null));
    var _ =
        to.add(
            "walk",
            new Node.TextFile(0600, () -> walk(name, table.get()), text -> ask(name, text)));
  }

  private static String leaves(@Nullable Table table) {
    return table == null ? NO_TABLE : TableDump.of(table.leaves());
  }

  private String walk(String name, @Nullable Table table) {
    Long iova = asked.get(name);
    if (iova == null) {
      return "write an iova first\n";
    }
    String found = table == null ? NO_TABLE.strip() : table.explain().apply(iova).toString();
    return String.format(Locale.ROOT, "0x%016x: %s\n", iova, found);
  }

  /** Kernel: the forms of {@code kstrtoull()} with base 0, without octal numbers. */
  private void ask(String name, String text) throws ErrnoException {
    String word = text.strip().toLowerCase(Locale.ROOT);
    boolean hex = word.startsWith("0x");
    String digits = hex ? word.substring(2) : word;
    try {
      if (hex && digits.startsWith("+")) {
        throw new NumberFormatException("a sign comes first");
      }
      asked.put(name, Long.parseUnsignedLong(digits, hex ? 16 : 10));
    } catch (NumberFormatException e) {
      throw EINVAL.because("'%s' is no iova", word);
    }
  }
}
