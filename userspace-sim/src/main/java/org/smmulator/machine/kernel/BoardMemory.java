package org.smmulator.machine.kernel;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * The memory that a tree describes: its banks, and what in them is somebody's already.
 *
 * <p>Kernel: {@code early_init_dt_scan_memory()}, {@code early_init_fdt_scan_reserved_mem()}. Many
 * trees leave it to the boot loader to fill in the size, or to add the whole node; here that is
 * {@link #FILLED_IN_BYTES}.
 */
public final class BoardMemory {
  /** The size that a boot loader finds where the tree leaves it open: 1 GiB. */
  public static final long FILLED_IN_BYTES = 1L << 30;

  /** The memory of Allwinner's SoCs begins here; their trees have no memory node. */
  private static final long USUAL_BASE = 0x4000_0000L;

  /** An address of arm64 has at most 48 bits. Kernel: {@code PHYS_MASK}. */
  private static final long END = 1L << 48;

  private static final long PAGE = PageAllocator.PAGE_SIZE;

  private final ImmutableList<DramBank> banks;
  private final ImmutableList<DramBank> reserved;
  private final List<String> notes = new ArrayList<>();

  /**
   * Reads a tree's memory nodes.
   *
   * @throws DeviceTreeException if it has banks that cannot be
   */
  public BoardMemory(DeviceTree tree) {
    ImmutableList<DtNode> nodes =
        tree.root().children().stream()
            .filter(BoardMemory::isMemory)
            .filter(DtNode::isAvailable)
            .collect(toImmutableList());
    List<DramBank> found = new ArrayList<>();
    for (DtNode node : nodes) {
      node.reg().forEach(range -> add(node, range, found));
    }
    if (found.isEmpty()) {
      fillIn(nodes, found);
    }
    banks = ImmutableList.copyOf(found);
    reserved = reservedIn(tree);
  }

  private static boolean isMemory(DtNode node) {
    return node.baseName().equals("memory") || node.strings("device_type").contains("memory");
  }

  /** The banks, in the order of the tree. */
  public ImmutableList<DramBank> banks() {
    return banks;
  }

  /**
   * The memory that is taken, in whole pages, sorted, without overlaps: by {@code /memreserve/} and
   * by the children of {@code /reserved-memory}.
   */
  public ImmutableList<DramBank> reserved() {
    return reserved;
  }

  /** The lines about it in the kernel's log. */
  public ImmutableList<String> notes() {
    return ImmutableList.copyOf(notes);
  }

  private void fillIn(ImmutableList<DtNode> nodes, List<DramBank> banks) {
    for (DtNode node : nodes) {
      for (DtRange range : node.reg()) {
        if (banks.isEmpty()) {
          notes.add("%s has size 0: the boot loader fills in 1 GiB".formatted(node.path()));
          add(node, new DtRange(range.base(), FILLED_IN_BYTES), banks);
        }
      }
    }
    if (banks.isEmpty()) {
      notes.add("no node has memory: the boot loader adds 1 GiB at 0x%x".formatted(USUAL_BASE));
      banks.add(new DramBank(USUAL_BASE, FILLED_IN_BYTES));
    }
  }

  /** Adds the whole pages in {@code range}. Kernel: {@code early_init_dt_add_memory_arch()}. */
  private static void add(DtNode node, DtRange range, List<DramBank> banks) {
    if (range.sizeBytes() == 0) {
      return;
    }
    if (range.base() < 0 || range.sizeBytes() < 0 || range.base() + range.sizeBytes() > END) {
      throw node.wrong(
          "reg",
          "memory 0x%x-0x%x ends beyond 48 bits of addresses"
              .formatted(range.base(), range.base() + range.sizeBytes() - 1));
    }
    long base = up(range.base());
    long end = down(range.base() + range.sizeBytes());
    if (base >= end) {
      return;
    }
    for (DramBank other : banks) {
      if (base < other.end() && other.base() < end) {
        throw node.wrong(
            "reg",
            "memory 0x%x-0x%x overlaps 0x%x-0x%x"
                .formatted(base, end - 1, other.base(), other.end() - 1));
      }
    }
    banks.add(new DramBank(base, end - base));
  }

  private ImmutableList<DramBank> reservedIn(DeviceTree tree) {
    List<DramBank> all = new ArrayList<>();
    tree.memReserves().forEach(range -> reserve(range, all));
    DtNode parent = tree.find("/reserved-memory");
    if (parent != null && hasFormat(parent, tree.root())) {
      for (DtNode region : parent.children()) {
        if (region.isAvailable()) {
          reserve(region, all);
        }
      }
    } else if (parent != null) {
      notes.add("OF: reserved mem: Reserved memory: unsupported node format, ignoring");
    }
    return merged(all);
  }

  /** Kernel: {@code __reserved_mem_check_root()}. */
  private static boolean hasFormat(DtNode reserved, DtNode root) {
    return reserved.has("ranges")
        && reserved.addressCells() == root.addressCells()
        && reserved.sizeCells() == root.sizeCells();
  }

  private void reserve(DtNode region, List<DramBank> to) {
    try {
      region.reg().forEach(range -> reserve(range, to));
    } catch (DeviceTreeException e) {
      notes.add("OF: reserved mem: " + e.getMessage());
    }
  }

  private static void reserve(DtRange range, List<DramBank> to) {
    long base = down(range.base());
    long end = up(range.base() + range.sizeBytes());
    if (range.sizeBytes() > 0 && base >= 0 && end > base && end <= END) {
      to.add(new DramBank(base, end - base));
    }
  }

  private static ImmutableList<DramBank> merged(List<DramBank> all) {
    List<DramBank> done = new ArrayList<>();
    @Nullable DramBank last = null;
    for (DramBank next :
        ImmutableList.sortedCopyOf(Comparator.comparingLong(DramBank::base), all)) {
      if (last != null && next.base() <= last.end()) {
        done.removeLast();
        next = new DramBank(last.base(), Math.max(last.end(), next.end()) - last.base());
      }
      done.add(next);
      last = next;
    }
    return ImmutableList.copyOf(done);
  }

  private static long down(long address) {
    return address & -PAGE;
  }

  private static long up(long address) {
    return address + PAGE - 1 & -PAGE;
  }
}
