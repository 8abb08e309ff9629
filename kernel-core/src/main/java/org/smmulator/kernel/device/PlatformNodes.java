package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.TextWriter;
import org.smmulator.kernel.lock.Mutex;

/**
 * The platform bus in sysfs, and the device tree: made up when somebody looks. Kernel: {@code
 * drivers/base/core.c}, {@code drivers/base/bus.c}, {@code drivers/of/kobj.c}.
 *
 * <p>A device's directory has {@code uevent}, {@code modalias}, links to its driver, its bus and
 * its node in the tree, the devices that are on it if it is a bus, and what subsystems add ({@link
 * Device#nodes}). A driver's directory has links to its devices, and the files {@code bind} and
 * {@code unbind}, which take a device's name.
 */
public final class PlatformNodes {
  private static final String BUS = "/sys/bus/platform";
  private static final String TREE = "/sys/firmware/devicetree/base";

  private final DriverCore core;
  private final Mutex binding;

  private PlatformNodes(DriverCore core, Mutex binding) {
    this.core = core;
    this.binding = binding;
  }

  /**
   * Shows the devices of {@code core}, which stand in the tree of {@code root}.
   *
   * @param binding held while somebody binds or unbinds a driver by hand; the kernel has a lock for
   *     each device, {@code device_lock()}
   */
  public static void addTo(NodeTree nodes, DriverCore core, DtNode root, Mutex binding) {
    PlatformNodes made = new PlatformNodes(core, binding);
    nodes.add("/sys/devices/platform", new Made(made::topDevices));
    nodes.add(BUS + "/devices", new Made(made::links));
    nodes.add(BUS + "/drivers", new Made(made::drivers));
    nodes.add(TREE, new Made(() -> tree(root)));
  }

  /** A directory whose children are made up each time. */
  private record Made(Supplier<SortedMap<String, Node>> children) implements Node.Directory {
    @Override
    public ImmutableList<String> names() {
      return ImmutableList.copyOf(children.get().keySet());
    }

    @Override
    public @Nullable Node find(String name) {
      return children.get().get(name);
    }
  }

  // ---- devices

  private SortedMap<String, Node> topDevices() {
    return devices("/sys/devices/platform");
  }

  /** The devices whose directories are right below {@code path}. */
  private SortedMap<String, Node> devices(String path) {
    SortedMap<String, Node> found = new TreeMap<>();
    for (PlatformDevice device : core.devices()) {
      if (device.sysfsPath().equals(path + "/" + device.name())) {
        found.put(device.name(), new Made(() -> directory(device)));
      }
    }
    return found;
  }

  private SortedMap<String, Node> directory(PlatformDevice device) {
    String path = device.sysfsPath();
    SortedMap<String, Node> made = devices(path);
    for (String name : device.nodes().names()) {
      Node node = device.nodes().find(name);
      if (node != null) {
        made.put(name, node);
      }
    }
    made.put("uevent", text(() -> uevent(device)));
    made.put("modalias", text(() -> modalias(device) + "\n"));
    made.put("subsystem", Node.Symlink.relative(path, BUS));
    if (device.driverName() != null) {
      made.put("driver", Node.Symlink.relative(path, BUS + "/drivers/" + device.driverName()));
    }
    if (device.of() != null) {
      made.put("of_node", Node.Symlink.relative(path, TREE + device.node().path()));
    }
    return made;
  }

  private static Node text(Supplier<String> content) {
    return new Node.TextFile(0444, content, null);
  }

  /** Kernel: {@code dev_uevent()}, {@code of_device_uevent()}. */
  private static String uevent(PlatformDevice device) {
    StringBuilder lines = new StringBuilder();
    if (device.driverName() != null) {
      line(lines, "DRIVER=%s", device.driverName());
    }
    DtNode node = device.of();
    if (node != null) {
      line(lines, "OF_NAME=%s", node.baseName());
      line(lines, "OF_FULLNAME=%s", node.path());
      if (node.has("device_type")) {
        line(lines, "OF_TYPE=%s", node.string("device_type"));
      }
      for (int i = 0; i < node.compatible().size(); i++) {
        line(lines, "OF_COMPATIBLE_%d=%s", i, node.compatible().get(i));
      }
      line(lines, "OF_COMPATIBLE_N=%d", node.compatible().size());
    }
    line(lines, "MODALIAS=%s", modalias(device));
    return lines.toString();
  }

  @FormatMethod
  private static void line(StringBuilder lines, String format, @Nullable Object... args) {
    lines.append(String.format(Locale.ROOT, format, args)).append('\n');
  }

  /** Kernel: {@code of_modalias()}; a device that no tree told of has its name. */
  private static String modalias(PlatformDevice device) {
    DtNode node = device.of();
    if (node == null) {
      return "platform:" + device.name();
    }
    StringBuilder alias = new StringBuilder("of:N").append(node.baseName()).append('T');
    alias.append(node.has("device_type") ? node.string("device_type") : "(null)");
    node.compatible().forEach(each -> alias.append('C').append(each.replace(' ', '_')));
    return alias.toString();
  }

  // ---- the bus

  private SortedMap<String, Node> links() {
    SortedMap<String, Node> links = new TreeMap<>();
    for (PlatformDevice device : core.devices()) {
      links.put(device.name(), Node.Symlink.relative(BUS + "/devices", device.sysfsPath()));
    }
    return links;
  }

  private SortedMap<String, Node> drivers() {
    SortedMap<String, Node> made = new TreeMap<>();
    for (PlatformDriver driver : core.drivers()) {
      made.put(driver.name(), new Made(() -> directory(driver)));
    }
    return made;
  }

  /** Kernel: {@code bus_add_driver()}. */
  private SortedMap<String, Node> directory(PlatformDriver driver) {
    SortedMap<String, Node> made = new TreeMap<>();
    if (!driver.suppressBindAttrs()) {
      made.put("bind", attribute(name -> core.bind(driver, name)));
      made.put("unbind", attribute(name -> core.unbind(driver, name)));
    }
    String path = BUS + "/drivers/" + driver.name();
    for (PlatformDevice device : core.devices()) {
      if (driver.name().equals(device.driverName())) {
        made.put(device.name(), Node.Symlink.relative(path, device.sysfsPath()));
      }
    }
    return made;
  }

  /**
   * A file that takes a device's name, with a newline or without; nobody hears of an empty write.
   * Kernel: {@code sysfs_streq()}, {@code sysfs_kf_write()}.
   */
  private Node attribute(TextWriter byName) {
    return new Node.TextFile(
        0200,
        () -> "",
        text -> {
          if (text.isEmpty()) {
            return;
          }
          try (var _ = binding.lock()) {
            byName.write(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
          }
        });
  }

  // ---- the device tree

  /**
   * A directory for each node, a file for each property. Kernel: {@code __of_attach_node_sysfs()}.
   */
  private static SortedMap<String, Node> tree(DtNode node) {
    SortedMap<String, Node> made = new TreeMap<>();
    for (String property : node.propertyNames()) {
      made.put(property, new Node.BinaryFile(0444, () -> node.bytes(property)));
    }
    for (DtNode child : node.children()) {
      made.put(child.name(), new Made(() -> tree(child)));
    }
    return made;
  }
}
