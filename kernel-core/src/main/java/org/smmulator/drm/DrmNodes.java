package org.smmulator.drm;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.fs.DeviceNode;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.kernel.task.Task;

/**
 * The places at which a DRM device is found: its nodes in {@code /dev}, with the links that udev
 * makes, its minors in sysfs, and its directory in debugfs. Kernel: {@code drm_sysfs.c}, {@code
 * drm_debugfs.c}.
 */
final class DrmNodes {
  private static final String CLASS = "/sys/class/drm";
  private static final String CHAR = "/sys/dev/char";
  private static final String DEBUG = "/sys/kernel/debug/dri";

  /** As udev leaves the nodes for whoever sits at the machine. */
  private static final int MODE = 0666;

  private final NodeTree nodes;
  private final DrmDevice drm;
  private final List<String> paths = new ArrayList<>();
  private final PlainDirectory debugfs = new PlainDirectory(0755);
  private @Nullable Device parent;

  DrmNodes(DrmDevice drm) {
    this.nodes = drm.core().kernel().nodes();
    this.drm = drm;
  }

  /** The part of sysfs that is there before any device. Kernel: {@code drm_sysfs_init()}. */
  static void addClass(NodeTree nodes) {
    var _ = nodes.mkdir(CLASS, 0755).add("version", text(() -> "drm 1.1.0 20060810\n"));
  }

  /** The directory in debugfs, to which drivers add. */
  PlainDirectory debugfs() {
    return debugfs;
  }

  /** Shows the device that belongs to {@code hardware}. */
  void add(Device hardware, DeviceNode primary, DeviceNode render) {
    parent = hardware;
    PlainDirectory minors = new PlainDirectory(0755);
    add(minors, hardware, "card" + drm.primaryMinor(), drm.primaryMinor(), "card", primary);
    add(minors, hardware, "renderD" + drm.renderMinor(), drm.renderMinor(), "render", render);
    var _ = hardware.nodes().add("drm", minors);
    addDebugfs(hardware);
  }

  private void add(
      PlainDirectory minors,
      Device hardware,
      String name,
      int minor,
      String kind,
      DeviceNode opener) {
    put("/dev/dri/" + name, new Node.DeviceFile(MODE, DrmDevice.MAJOR, minor, opener));
    put(
        String.format(Locale.ROOT, "/dev/dri/by-path/platform-%s-%s", hardware.name(), kind),
        new Node.Symlink("../" + name));
    String sysfs = hardware.sysfsPath() + "/drm/" + name;
    String number = String.format(Locale.ROOT, "%d:%d", DrmDevice.MAJOR, minor);
    PlainDirectory made = new PlainDirectory(0755);
    var _ = made.add("dev", text(() -> number + "\n"));
    var _ = made.add("uevent", text(() -> uevent(name, minor)));
    var _ = made.add("device", Node.Symlink.relative(sysfs, hardware.sysfsPath()));
    var _ = made.add("subsystem", Node.Symlink.relative(sysfs, CLASS));
    var _ = minors.add(name, made);
    put(CLASS + "/" + name, Node.Symlink.relative(CLASS, sysfs));
    ModeSetting displays = drm.modeSetting();
    if (displays != null && minor == drm.primaryMinor()) {
      displays
          .connectorNodes()
          .forEach((connector, node) -> addConnector(made, sysfs, name + "-" + connector, node));
    }
    put(CHAR + "/" + number, Node.Symlink.relative(CHAR, sysfs));
  }

  /** Kernel: {@code drm_sysfs_connector_add()}. */
  private void addConnector(
      PlainDirectory card, String cardPath, String name, PlainDirectory node) {
    String sysfs = cardPath + "/" + name;
    var _ = node.add("device", Node.Symlink.relative(sysfs, cardPath));
    var _ = node.add("subsystem", Node.Symlink.relative(sysfs, CLASS));
    var _ = card.add(name, node);
    put(CLASS + "/" + name, Node.Symlink.relative(CLASS, sysfs));
  }

  private static String uevent(String name, int minor) {
    return String.format(
        Locale.ROOT,
        "MAJOR=%d\nMINOR=%d\nDEVNAME=dri/%s\nDEVTYPE=drm_minor\n",
        DrmDevice.MAJOR,
        minor,
        name);
  }

  /** Kernel: {@code drm_sysfs_hotplug_event()}, {@code drm_sysfs_connector_hotplug_event()}. */
  void hotplugEvent(int connectorId) {
    Device hardware = parent;
    if (hardware == null) {
      return;
    }
    String name = "card" + drm.primaryMinor();
    nodes
        .uevents()
        .change(
            hardware.sysfsPath() + "/drm/" + name,
            "drm",
            connectorId == 0
                ? List.of("HOTPLUG=1")
                : List.of("HOTPLUG=1", "CONNECTOR=" + Integer.toUnsignedString(connectorId)),
            uevent(name, drm.primaryMinor()));
  }

  private void addDebugfs(Device hardware) {
    var _ = debugfs.add("name", text(() -> name(hardware)));
    var _ = debugfs.add("clients", text(this::clients));
    var _ = debugfs.add("gem_names", text(() -> drm.names().describe()));
    put(DEBUG + "/" + hardware.name(), debugfs);
    put(number(drm.primaryMinor()), new Node.Symlink(hardware.name()));
    put(number(drm.renderMinor()), new Node.Symlink(hardware.name()));
  }

  /** Shows a file that was opened. Kernel: {@code drm_debugfs_clients_add()}. */
  void addClient(DrmFile file) {
    PlainDirectory made = new PlainDirectory(0755);
    var _ = made.add("proc_info", text(() -> procInfo(file.task())));
    var _ = made.add("device", new Node.Symlink("../" + drm.unique()));
    nodes.add(client(file), made);
  }

  /** Kernel: {@code drm_debugfs_clients_remove()}. */
  void removeClient(DrmFile file) {
    nodes.remove(client(file));
  }

  private static String client(DrmFile file) {
    return DEBUG + "/client-" + Long.toUnsignedString(file.clientId());
  }

  /** Kernel: {@code drm_debugfs_proc_info_show()}, which finds no task once that is dead. */
  private static String procInfo(Task task) {
    return task.isDead()
        ? "pid: 0\ncomm: Unset\n"
        : String.format(Locale.ROOT, "pid: %d\ncomm: %s\n", task.pid(), task.comm());
  }

  private static String number(int minor) {
    return String.format(Locale.ROOT, "%s/%d", DEBUG, minor);
  }

  private void put(String path, Node node) {
    nodes.add(path, node);
    paths.add(path);
  }

  private static Node text(Supplier<String> content) {
    return new Node.TextFile(0444, content, null);
  }

  /** Takes all of it away. */
  void remove() {
    paths.forEach(nodes::remove);
    paths.clear();
    if (parent != null) {
      var _ = parent.nodes().remove("drm");
      parent = null;
    }
  }

  /** Kernel: {@code drm_name_info()}. */
  private String name(Device hardware) {
    StringBuilder line = new StringBuilder();
    line.append(drm.driver().name()).append(" dev=").append(hardware.name());
    String master = drm.masterUnique();
    if (!master.isEmpty()) {
      line.append(" master=").append(master);
    }
    return line.append(" unique=").append(drm.unique()).append('\n').toString();
  }

  /** Oldest first. Kernel: {@code drm_clients_info()}. */
  private String clients() {
    StringBuilder text = new StringBuilder();
    row(
        text,
        "%20s %5s %3s master a %5s %10s %64s %20s\n",
        "command",
        "tgid",
        "dev",
        "uid",
        "magic",
        "name",
        "id");
    for (DrmFile file : drm.files()) {
      row(
          text,
          "%20s %5d %3d   %s    %s %5d %10s %64s %20s\n",
          file.task().comm(),
          file.task().pid(),
          file.minor(),
          drm.isMaster(file) ? "y" : "n",
          file.isAuthenticated() ? "y" : "n",
          file.task().uid(),
          Integer.toUnsignedString(file.magicIfMade()),
          file.clientName().isEmpty() ? "<unset>" : file.clientName(),
          Long.toUnsignedString(file.clientId()));
    }
    return text.toString();
  }

  @FormatMethod
  private static void row(StringBuilder text, String format, @Nullable Object... args) {
    text.append(String.format(Locale.ROOT, format, args));
  }
}
