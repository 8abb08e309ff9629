package org.smmulator.engines;

import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.fs.DeviceNode;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;

/** The device nodes of one driver: {@code /dev/copy0}, {@code /dev/copy1}. */
final class EngineNodes {
  private static final int MODE = 0666;

  private final NodeTree nodes;
  private final String stem;
  private final int major;
  private int next;

  EngineNodes(NodeTree nodes, String stem, int major) {
    this.nodes = nodes;
    this.stem = stem;
    this.major = major;
  }

  /** Makes the next node, which goes when the driver unbinds from {@code device}. */
  void add(PlatformDevice device, DeviceNode node) {
    int minor = next++;
    String path = "/dev/" + stem + minor;
    nodes.add(path, new Node.DeviceFile(MODE, major, minor, node));
    device.devres().add("remove " + path, () -> nodes.remove(path));
  }
}
