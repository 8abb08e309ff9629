package org.smmulator.kernel.dma;

import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.PlainDirectory;

/**
 * {@code /sys/kernel/debug/swiotlb}: how full the bounce pool is, in slots. Kernel: {@code
 * swiotlb_create_debugfs_files()}.
 */
public final class SwiotlbNodes {
  private static final String PATH = "/sys/kernel/debug/swiotlb";

  private SwiotlbNodes() {}

  /** Adds the directory; it is empty if the machine has no pool. */
  public static void addTo(NodeTree nodes, @Nullable Swiotlb pool) {
    PlainDirectory directory = nodes.mkdir(PATH, 0755);
    if (pool != null) {
      add(directory, "io_tlb_nslabs", pool::totalSlots);
      add(directory, "io_tlb_used", pool::usedSlots);
      add(directory, "io_tlb_used_hiwater", pool::mostUsedSlots);
    }
  }

  private static void add(PlainDirectory directory, String name, IntSupplier value) {
    var _ =
        directory.add(
            name,
            new Node.TextFile(
                0400, () -> String.format(Locale.ROOT, "%d\n", value.getAsInt()), null));
  }
}
