package org.smmulator.report.trace;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;

/** The names of masters by their stream ids, as the device tree's {@code iommus} tell them. */
public final class MasterNames {
  /** The mask of an IOMMU that does not tell its masters apart. */
  private static final int ANY = -1;

  private final List<Master> masters = new ArrayList<>();

  /**
   * A master's streams.
   *
   * @param mask the bits of a stream id that do not matter
   */
  private record Master(String name, DtNode iommu, int id, int mask) {
    boolean has(DtNode at, int streamId) {
      return iommu.equals(at) && ((streamId ^ id) & ~mask) == 0;
    }
  }

  public MasterNames(DeviceTree board) {
    for (DtNode node : board.nodes()) {
      try {
        for (DtReference each : node.references("iommus", "#iommu-cells")) {
          int cells = each.args().length();
          int id = cells == 0 ? 0 : each.args().get(0);
          int mask = cells == 0 ? ANY : cells == 1 ? 0 : each.args().get(1);
          masters.add(new Master(node.name(), each.node(), id, mask));
        }
      } catch (DeviceTreeException _) {
        // a master whose streams cannot be read is known by their numbers
      }
    }
  }

  /** The name of the first master with that stream; the stream itself if there is none. */
  public String of(DtNode iommu, int streamId) {
    return masters.stream()
        .filter(master -> master.has(iommu, streamId))
        .map(Master::name)
        .findFirst()
        .orElseGet(() -> "%s stream 0x%x".formatted(iommu.name(), streamId));
  }
}
