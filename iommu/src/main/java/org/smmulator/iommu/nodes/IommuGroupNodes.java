package org.smmulator.iommu.nodes;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.PlainDirectory;

/**
 * {@code /sys/kernel/iommu_groups}: a directory for each group, made at each look-up.
 *
 * <p>Kernel: the {@code iommu_group_attr_*} of {@code drivers/iommu/iommu.c}.
 */
public final class IommuGroupNodes implements Node.Directory {
  private final Iommu iommu;

  /** Makes the directory; it belongs at {@code /sys/kernel/iommu_groups}. */
  public IommuGroupNodes(Iommu iommu) {
    this.iommu = iommu;
  }

  @Override
  public ImmutableList<String> names() {
    return iommu.groups().stream()
        .map(group -> String.format(Locale.ROOT, "%d", group.id()))
        .collect(toImmutableList());
  }

  @Override
  public @Nullable Node find(String name) {
    for (IommuGroup group : iommu.groups()) {
      if (name.equals(String.format(Locale.ROOT, "%d", group.id()))) {
        return directoryOf(group);
      }
    }
    return null;
  }

  private Node directoryOf(IommuGroup group) {
    PlainDirectory made = new PlainDirectory(0755);
    var _ = made.add("devices", new Members(group));
    var _ = made.add("reserved_regions", new Node.TextFile(0444, () -> regions(group), null));
    var _ =
        made.add(
            "type",
            new Node.TextFile(
                0644,
                () -> group.type() + "\n",
                text -> iommu.changeDefaultType(group, text.strip())));
    return made;
  }

  /** Kernel: {@code iommu_group_show_resv_regions()}. */
  private String regions(IommuGroup group) {
    StringBuilder text = new StringBuilder();
    for (ReservedRegion region : iommu.reservedRegions(group)) {
      text.append(
          String.format(
              Locale.ROOT,
              "0x%016x 0x%016x %s\n",
              region.start(),
              region.end(),
              region.kind().sysfsName()));
    }
    return text.toString();
  }

  /** A name for each device of a group; in Linux a link to the device's own directory. */
  private record Members(IommuGroup group) implements Node.Directory {
    @Override
    public ImmutableList<String> names() {
      return group.devices().stream().map(Device::name).collect(toImmutableList());
    }

    @Override
    public @Nullable Node find(String name) {
      return names().contains(name) ? new PlainDirectory(0755) : null;
    }
  }
}
