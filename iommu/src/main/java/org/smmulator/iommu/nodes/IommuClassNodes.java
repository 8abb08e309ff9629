package org.smmulator.iommu.nodes;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDevice;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.PlainDirectory;

/**
 * {@code /sys/class/iommu}: a directory for each instance of IOMMU hardware, with its page sizes
 * and the devices behind it, made at each look-up.
 *
 * <p>Kernel: {@code drivers/iommu/iommu-sysfs.c}. The bitmap is our own: it is the one that a group
 * and a domain get theirs from, which {@code /sys/kernel/debug/iommu} shows.
 */
public final class IommuClassNodes implements Node.Directory {
  private final Iommu iommu;

  /** Makes the directory; it belongs at {@code /sys/class/iommu}. */
  public IommuClassNodes(Iommu iommu) {
    this.iommu = iommu;
  }

  @Override
  public ImmutableList<String> names() {
    return iommu.bus().instances().stream().map(IommuDevice::toString).collect(toImmutableList());
  }

  @Override
  public @Nullable Node find(String name) {
    for (IommuDevice instance : iommu.bus().instances()) {
      if (name.equals(instance.toString())) {
        return directoryOf(instance);
      }
    }
    return null;
  }

  private Node directoryOf(IommuDevice instance) {
    PlainDirectory made = new PlainDirectory(0755);
    var _ = made.add("devices", new Behind(instance));
    var _ = made.add("pgsize_bitmap", new Node.TextFile(0444, () -> sizesOf(instance), null));
    return made;
  }

  private static String sizesOf(IommuDevice instance) {
    return String.format(Locale.ROOT, "0x%x\n", instance.ops().pgsizeBitmap(instance));
  }

  /** A name for each device behind an instance; in Linux a link to the device's own directory. */
  private final class Behind implements Node.Directory {
    private final IommuDevice instance;

    Behind(IommuDevice instance) {
      this.instance = instance;
    }

    @Override
    public ImmutableList<String> names() {
      return iommu.groups().stream()
          .map(IommuGroup::devices)
          .flatMap(devices -> devices.stream().filter(this::isBehind))
          .map(Device::name)
          .collect(toImmutableList());
    }

    private boolean isBehind(Device device) {
      return instance.equals(iommu.instanceOf(device));
    }

    @Override
    public @Nullable Node find(String name) {
      return names().contains(name) ? new PlainDirectory(0755) : null;
    }
  }
}
