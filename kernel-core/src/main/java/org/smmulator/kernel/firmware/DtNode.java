package org.smmulator.kernel.firmware;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node of the device tree. Read-only once the tree is parsed.
 *
 * <p>A property of the wrong form throws {@link DeviceTreeException}, which names its place.
 */
public final class DtNode {
  /** Kernel: {@code OF_MAX_ADDR_CELLS}. */
  private static final int MAX_BUS_CELLS = 4;

  private static final int GIC_CELLS = 3;
  private static final int MAPPING_CELLS = 4;

  private final String name;
  private final @Nullable DtNode parent;
  private final Place place;
  private final Map<String, DtProperty> properties = new LinkedHashMap<>();
  private final Map<String, DtNode> children = new LinkedHashMap<>();
  private @Nullable DeviceTree tree;

  DtNode(String name, @Nullable DtNode parent, Place place) {
    this.name = name;
    this.parent = parent;
    this.place = place;
    this.tree = parent == null ? null : parent.tree;
  }

  /** Makes a node without properties, for a device that no tree tells of. */
  public static DtNode empty(String name) {
    return new DtNode(name, null, new Place("no tree"));
  }

  /** The name with its unit address: {@code gpu@5000000}. */
  public String name() {
    return name;
  }

  /** The name without its unit address: {@code gpu}. */
  public String baseName() {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  public String path() {
    if (parent == null) {
      return "/";
    }
    return parent.parent == null ? "/" + name : parent.path() + "/" + name;
  }

  public @Nullable DtNode parent() {
    return parent;
  }

  public ImmutableList<DtNode> children() {
    return ImmutableList.copyOf(children.values());
  }

  /** The child of that name, with its unit address; null if there is none. */
  public @Nullable DtNode child(String childName) {
    return children.get(childName);
  }

  /**
   * Returns whether the node stands for something that is there: no {@code status}, or {@code
   * okay}.
   */
  public boolean isAvailable() {
    if (!has("status")) {
      return true;
    }
    String status = string("status");
    return status.equals("okay") || status.equals("ok");
  }

  /** Returns the node's {@code compatible}, most specific first; empty if it has none. */
  public ImmutableList<String> compatible() {
    return strings("compatible");
  }

  public boolean isCompatible(String what) {
    return compatible().contains(what);
  }

  public boolean has(String property) {
    return properties.containsKey(property);
  }

  /** Returns the names of the node's properties, in the order of the source. */
  public ImmutableList<String> propertyNames() {
    return ImmutableList.copyOf(properties.keySet());
  }

  /** The bytes of a property that must be there, as a flattened tree has them. */
  public byte[] bytes(String property) {
    return required(property).bytes();
  }

  /** The first string of a property that must be there. */
  public String string(String property) {
    return required(property).strings(this)[0];
  }

  /** All strings of a property; empty if it is not there. */
  public ImmutableList<String> strings(String property) {
    DtProperty found = properties.get(property);
    return found == null ? ImmutableList.of() : ImmutableList.copyOf(found.strings(this));
  }

  /** The cells of a property; empty if it is not there. */
  public ImmutableIntArray cells(String property) {
    DtProperty found = properties.get(property);
    return found == null ? ImmutableIntArray.of() : ImmutableIntArray.copyOf(found.cells(this));
  }

  /** The one cell of a property that must be there. */
  public int cell(String property) {
    DtProperty found = required(property);
    int[] cells = found.cells(this);
    if (cells.length != 1) {
      throw found.wrong(this, "expected one cell, found %d".formatted(cells.length));
    }
    return cells[0];
  }

  /** The one cell of a property, or {@code absent} if it is not there. */
  public int cell(String property, int absent) {
    return has(property) ? cell(property) : absent;
  }

  /**
   * The nodes that a property refers to, each with its arguments. A cell 0 is an entry that refers
   * to nothing, and is passed over. Kernel: {@code of_parse_phandle_with_args()}.
   *
   * @param cellsName which property of the referred node says how many arguments follow, such as
   *     {@code #iommu-cells}
   */
  public ImmutableList<DtReference> references(String property, String cellsName) {
    DtProperty found = properties.get(property);
    if (found == null) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<DtReference> references = ImmutableList.builder();
    int[] cells = found.cells(this);
    ImmutableIntArray all = ImmutableIntArray.copyOf(cells);
    for (int at = 0; at < cells.length; ) {
      if (cells[at] == 0) {
        at++;
        continue;
      }
      DtNode target = tree().byPhandle(cells[at]);
      if (target == null) {
        throw found.wrong(
            this, "cell %d is no phandle; refer to a node as <&label …>".formatted(at));
      }
      int count = target.cell(cellsName, 0);
      if (count < 0 || count > cells.length - at - 1) {
        throw found.wrong(
            this,
            "%s wants %s cells after it (%s), %d are left"
                .formatted(
                    target.path(),
                    Integer.toUnsignedString(count),
                    cellsName,
                    cells.length - at - 1));
      }
      references.add(new DtReference(target, all.subArray(at + 1, at + 1 + count).trimmed()));
      at += 1 + count;
    }
    return references.build();
  }

  /**
   * The entries of a map such as {@code iommu-map}: id, phandle, id there, count. Kernel: {@code
   * of_map_id()}.
   */
  public ImmutableList<DtMapping> mappings(String property) {
    DtProperty found = properties.get(property);
    if (found == null) {
      return ImmutableList.of();
    }
    int[] cells = found.cells(this);
    if (cells.length % MAPPING_CELLS != 0) {
      throw found.wrong(this, "expected entries of four cells: <first &label first-there count>");
    }
    ImmutableList.Builder<DtMapping> mappings = ImmutableList.builder();
    for (int at = 0; at < cells.length; at += MAPPING_CELLS) {
      DtNode target = tree().byPhandle(cells[at + 1]);
      if (target == null) {
        throw found.wrong(
            this, "cell %d is no phandle; refer to a node as <&label …>".formatted(at + 1));
      }
      mappings.add(new DtMapping(cells[at], target, cells[at + 2], cells[at + 3]));
    }
    return mappings.build();
  }

  /** The node of this tree with that phandle; null if there is none. */
  public @Nullable DtNode byPhandle(int phandle) {
    return tree().byPhandle(phandle);
  }

  /** The node that a property with a lone phandle refers to; null if the property is not there. */
  public @Nullable DtNode reference(String property) {
    if (!has(property)) {
      return null;
    }
    DtNode target = tree().byPhandle(cell(property));
    if (target == null) {
      throw required(property).wrong(this, "is no phandle; refer to a node as <&label>");
    }
    return target;
  }

  /**
   * The node's registers or memory, as CPU physical addresses. Kernel: {@code
   * of_address_to_resource()}.
   */
  public ImmutableList<DtRange> reg() {
    DtNode bus = parent;
    DtProperty found = properties.get("reg");
    if (found == null || bus == null) {
      return ImmutableList.of();
    }
    int addressCells = bus.addressCells();
    int sizeCells = bus.sizeCells();
    int[] cells = found.cells(this);
    int stride = addressCells + sizeCells;
    if (stride == 0 || cells.length % stride != 0) {
      throw found.wrong(
          this,
          "expected a multiple of %d cells (#address-cells + #size-cells of %s), found %d"
              .formatted(stride, bus.path(), cells.length));
    }
    ImmutableList.Builder<DtRange> ranges = ImmutableList.builder();
    for (int at = 0; at < cells.length; at += stride) {
      long base = bus.translate(number(cells, at, addressCells), found, this);
      long size = number(cells, at + addressCells, sizeCells);
      if (size != 0 && Long.compareUnsigned(base + size - 1, base) < 0) {
        throw found.wrong(
            this, "0x%x bytes from 0x%x on end beyond every address".formatted(size, base));
      }
      ranges.add(new DtRange(base, size));
    }
    return ranges.build();
  }

  /**
   * The CPU physical address of the first entry of {@code reg}; empty if there is none, as below an
   * I2C bus. Kernel: {@code of_translate_address()}.
   */
  public OptionalLong cpuAddress() {
    DtNode bus = parent;
    if (bus == null || !has("reg")) {
      return OptionalLong.empty();
    }
    try {
      return bus.sizeCells() == 0 || reg().isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(reg().getFirst().base());
    } catch (DeviceTreeException e) {
      return OptionalLong.empty();
    }
  }

  /** How many cells an address on this bus has. Kernel: {@code of_bus_n_addr_cells()}. */
  public int addressCells() {
    return busCells("#address-cells");
  }

  /** How many cells a size on this bus has. Kernel: {@code of_bus_n_size_cells()}. */
  public int sizeCells() {
    return busCells("#size-cells");
  }

  private int busCells(String property) {
    DtNode at = this;
    while (!at.has(property) && at.parent != null) {
      at = at.parent;
    }
    int count = at.cell(property, 1);
    if (count < 0 || count > MAX_BUS_CELLS) {
      throw at.wrong(
          property,
          "expected at most %d, found %s"
              .formatted(MAX_BUS_CELLS, Integer.toUnsignedString(count)));
    }
    return count;
  }

  /**
   * The node's interrupts, in order: those of {@code interrupts-extended}, else of {@code
   * interrupts}. Kernel: {@code of_irq_parse_one()}, but that no {@code interrupt-map} is followed.
   */
  public ImmutableList<DtInterrupt> interrupts() {
    if (has("interrupts-extended")) {
      return references("interrupts-extended", "#interrupt-cells").stream()
          .map(entry -> new DtInterrupt(entry.node(), entry.args()))
          .collect(ImmutableList.toImmutableList());
    }
    DtProperty found = properties.get("interrupts");
    if (found == null) {
      return ImmutableList.of();
    }
    DtNode controller = interruptParent();
    int count = controller == null ? GIC_CELLS : controller.cell("#interrupt-cells");
    ImmutableIntArray cells = ImmutableIntArray.copyOf(found.cells(this));
    if (count <= 0 || cells.length() % count != 0) {
      throw found.wrong(
          this,
          "expected a multiple of %s cells (#interrupt-cells of %s), found %d"
              .formatted(
                  Integer.toUnsignedString(count),
                  controller == null ? "a GIC" : controller.path(),
                  cells.length()));
    }
    ImmutableList.Builder<DtInterrupt> all = ImmutableList.builder();
    for (int at = 0; at < cells.length(); at += count) {
      all.add(new DtInterrupt(controller, cells.subArray(at, at + count).trimmed()));
    }
    return all.build();
  }

  /** Kernel: {@code of_irq_find_parent()}. */
  private @Nullable DtNode interruptParent() {
    Set<DtNode> seen = new HashSet<>();
    DtNode at = this;
    do {
      if (!seen.add(at)) {
        throw wrong("interrupts", "its interrupt parents refer to each other in a circle");
      }
      DtNode named = at.reference("interrupt-parent");
      at = named == null ? at.parent : named;
    } while (at != null && !at.has("#interrupt-cells"));
    return at;
  }

  /**
   * Says where an error about this node is.
   *
   * @param why what was expected, and the cure
   */
  public DeviceTreeException wrong(String why) {
    return new DeviceTreeException(place, path() + ": " + why);
  }

  /** As {@link #wrong(String)}, found out by {@code cause}. */
  public DeviceTreeException wrong(String why, Throwable cause) {
    return new DeviceTreeException(place, path() + ": " + why, cause);
  }

  /** As {@link #wrong(String)}, at {@code property} if it is there. */
  public DeviceTreeException wrong(String property, String why) {
    DtProperty found = properties.get(property);
    return found == null ? wrong(why) : found.wrong(this, why);
  }

  @Override
  public String toString() {
    return path();
  }

  /** Translates an address on this node's bus to one of the CPU's. */
  private long translate(long address, DtProperty asked, DtNode asker) {
    DtNode bus = parent;
    if (bus == null) {
      return address;
    }
    DtProperty ranges = properties.get("ranges");
    if (ranges == null) {
      throw asked.wrong(
          asker, "%s has no 'ranges', so nothing below it has a CPU address".formatted(path()));
    }
    if (ranges.sizeBytes() == 0) {
      return bus.translate(address, asked, asker);
    }
    int childCells = addressCells();
    int parentCells = bus.addressCells();
    int sizeCells = sizeCells();
    int[] cells = ranges.cells(this);
    int stride = Math.max(1, childCells + parentCells + sizeCells);
    for (int at = 0; at + stride <= cells.length; at += stride) {
      long child = number(cells, at, childCells);
      long size = number(cells, at + childCells + parentCells, sizeCells);
      if (Long.compareUnsigned(address - child, size) < 0) {
        long base = number(cells, at + childCells, parentCells);
        return bus.translate(base + (address - child), asked, asker);
      }
    }
    throw asked.wrong(
        asker, "address 0x%x is in none of the 'ranges' of %s".formatted(address, path()));
  }

  private static long number(int[] cells, int at, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 32 | Integer.toUnsignedLong(cells[at + i]);
    }
    return value;
  }

  private DtProperty required(String property) {
    DtProperty found = properties.get(property);
    if (found == null) {
      throw wrong("property '%s' is missing".formatted(property));
    }
    return found;
  }

  private DeviceTree tree() {
    DeviceTree mine = tree;
    if (mine == null) {
      throw wrong("the tree is still being parsed");
    }
    return mine;
  }

  // ---- for the parser

  void setTree(DeviceTree whole) {
    tree = whole;
    children.values().forEach(child -> child.setTree(whole));
  }

  DtNode childOrNew(String childName, Place at) {
    return children.computeIfAbsent(childName, n -> new DtNode(n, this, at));
  }

  boolean deleteChild(String childName) {
    return children.remove(childName) != null;
  }

  void put(DtProperty property) {
    properties.put(property.name(), property);
  }

  boolean deleteProperty(String property) {
    return properties.remove(property) != null;
  }

  ImmutableList<DtProperty> properties() {
    return ImmutableList.copyOf(properties.values());
  }

  /** The number by which other nodes refer to this one; 0 if none does. */
  public int phandle() {
    return has("phandle") ? cell("phandle") : cell("linux,phandle", 0);
  }

  /** The phandle that the source gives; 0 if it leaves that to others. */
  int ownPhandle() {
    for (String property : new String[] {"phandle", "linux,phandle"}) {
      DtProperty found = properties.get(property);
      if (found != null && found.sizeBytes() != 0) {
        int phandle = cell(property);
        if (phandle == 0 || phandle == -1) {
          throw found.wrong(this, "no node can be referred to by 0x%x".formatted(phandle));
        }
        return phandle;
      }
    }
    return 0;
  }

  void setPhandle(int phandle) {
    put(new DtProperty("phandle", place, ByteBuffer.allocate(4).putInt(phandle).array()));
  }

  void addTo(ImmutableList.Builder<DtNode> all) {
    all.add(this);
    children.values().forEach(child -> child.addTo(all));
  }
}
