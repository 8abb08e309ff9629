package org.smmulator.iommu.nodes;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.PlainDirectory;

/**
 * {@code /sys/kernel/debug/iommu}: for each group what its domain is, all that its table maps, and
 * a window into it: an iova is written to {@code walk}, and reading it tells what a walk finds
 * there.
 *
 * <p>Linux has such views per driver, such as {@code intel/domain_translation_struct}; this one is
 * our own.
 */
public final class IommuDebugNodes implements Node.Directory {
  private static final String NO_TABLE = "the domain has no table\n";

  private final Iommu iommu;
  private final TreeMap<Integer, Long> asked = new TreeMap<>();

  /** Makes the directory; it belongs at {@code /sys/kernel/debug/iommu}. */
  public IommuDebugNodes(Iommu iommu) {
    this.iommu = iommu;
  }

  @Override
  public ImmutableList<String> names() {
    return iommu.groups().stream().map(IommuDebugNodes::name).collect(toImmutableList());
  }

  @Override
  public @Nullable Node find(String name) {
    for (IommuGroup group : iommu.groups()) {
      if (name.equals(name(group))) {
        PlainDirectory made = new PlainDirectory(0755);
        var _ = made.add("domain", new Node.TextFile(0400, () -> show(group), null));
        var _ = made.add("table", new Node.TextFile(0400, () -> table(group), null));
        var _ =
            made.add("walk", new Node.TextFile(0600, () -> walk(group), text -> ask(group, text)));
        return made;
      }
    }
    return null;
  }

  private static String name(IommuGroup group) {
    return String.format(Locale.ROOT, "%d", group.id());
  }

  private static String show(IommuGroup group) {
    IommuDomain domain = group.domain();
    if (domain == null) {
      return "attached to no domain\n";
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
    text.append(String.format(Locale.ROOT, "group references taken %d\n", group.referencesTaken()));
    return text.toString();
  }

  private static String typeOf(IommuGroup group, int pasid) {
    IommuDomain domain = group.domainOfPasid(pasid);
    return domain == null ? "-" : domain.type().name().toLowerCase(Locale.ROOT);
  }

  private static String table(IommuGroup group) {
    return group.domain() instanceof IommuDomain.Paging paging ? TableDump.of(paging) : NO_TABLE;
  }

  private String walk(IommuGroup group) {
    Long iova = asked.get(group.id());
    if (iova == null) {
      return "write an iova first\n";
    }
    String found =
        group.domain() instanceof IommuDomain.Paging paging
            ? paging.explain(iova)
            : NO_TABLE.strip();
    return String.format(Locale.ROOT, "0x%016x: %s\n", iova, found);
  }

  private void ask(IommuGroup group, String text) throws ErrnoException {
    try {
      asked.put(group.id(), Long.decode(text.strip()));
    } catch (NumberFormatException e) {
      throw EINVAL.because("'%s' is no iova", text.strip());
    }
  }
}
