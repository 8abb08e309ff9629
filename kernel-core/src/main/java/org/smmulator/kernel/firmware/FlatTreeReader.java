package org.smmulator.kernel.firmware;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a flattened tree, a {@code .dtb}. Devicetree Specification, chapter 5; kernel: {@code
 * unflatten_dt_nodes()} in {@code drivers/of/fdt.c}.
 *
 * <pre>
 *  0x00  magic 0xd00dfeed    0x04  size of all     0x08  offset of nodes    0x0c  of strings
 *  0x10  offset of reserves  0x14  version         0x18  version that can read it
 * </pre>
 */
public final class FlatTreeReader {
  private static final int MAGIC = 0xd00dfeed;
  private static final int OLDEST_VERSION = 16;

  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int NOP = 4;

  private final String name;
  private final byte[] bytes;
  private final ByteBuffer blob;
  private final int strings;

  private FlatTreeReader(String name, byte[] bytes, ByteBuffer blob) {
    this.name = name;
    this.bytes = bytes;
    this.blob = blob;
    this.strings = blob.getInt(0x0c);
  }

  /** Returns whether {@code bytes} begin as a flattened tree does. */
  public static boolean isFlattened(byte[] bytes) {
    return bytes.length >= Integer.BYTES && ByteBuffer.wrap(bytes).getInt(0) == MAGIC;
  }

  /**
   * Reads a tree.
   *
   * @param name the file's name, for messages
   * @throws DeviceTreeException if the bytes are no device tree
   */
  public static DeviceTree read(String name, byte[] bytes) {
    ByteBuffer blob = ByteBuffer.wrap(bytes);
    try {
      if (blob.getInt(0) != MAGIC) {
        throw new DeviceTreeException(
            Place.inBlob(name, 0), "expected the magic number 0xd00dfeed of a flattened tree");
      }
      return new FlatTreeReader(name, bytes, blob).readTree();
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DeviceTreeException(
          Place.inBlob(name, blob.position()), "the blob ends, or points, outside of itself");
    }
  }

  private DeviceTree readTree() {
    if (blob.getInt(0x18) > OLDEST_VERSION + 1 || blob.getInt(0x14) < OLDEST_VERSION) {
      throw wrong("expected a tree of version 16 or 17");
    }
    List<DtRange> reserves = new ArrayList<>();
    blob.position(blob.getInt(0x10));
    for (long at = blob.getLong(), size = blob.getLong(); at != 0 || size != 0; ) {
      reserves.add(new DtRange(at, size));
      at = blob.getLong();
      size = blob.getLong();
    }
    blob.position(blob.getInt(0x08));
    DtNode root = readNodes();
    DeviceTree tree = new DeviceTree(root, reserves);
    root.setTree(tree);
    return tree;
  }

  private DtNode readNodes() {
    int token = next();
    if (token != BEGIN_NODE || !string().isEmpty()) {
      throw wrong("expected the root node, whose name is empty");
    }
    DtNode root = new DtNode("", null, Place.inBlob(name, blob.position()));
    DtNode at = root;
    int depth = 0;
    while (true) {
      switch (next()) {
        case BEGIN_NODE -> {
          if (++depth > DtsParser.DEEPEST_NODE) {
            throw wrong("nodes nest more than %d levels deep".formatted(DtsParser.DEEPEST_NODE));
          }
          Place place = Place.inBlob(name, blob.position());
          at = at.childOrNew(string(), place);
        }
        case PROPERTY -> at.put(property());
        case END_NODE -> {
          DtNode parent = at.parent();
          if (parent == null) {
            return root;
          }
          depth--;
          at = parent;
        }
        default -> throw wrong("expected a node, a property or the end of a node");
      }
    }
  }

  private DtProperty property() {
    Place place = Place.inBlob(name, blob.position());
    int sizeBytes = blob.getInt();
    int nameAt = strings + blob.getInt();
    if (sizeBytes < 0 || sizeBytes > blob.remaining()) {
      throw wrong("a property of 0x%x bytes".formatted(sizeBytes));
    }
    byte[] value = new byte[sizeBytes];
    blob.get(value);
    align();
    return new DtProperty(stringAt(nameAt), place, value);
  }

  private int next() {
    int token = blob.getInt();
    while (token == NOP) {
      token = blob.getInt();
    }
    return token;
  }

  private String string() {
    String found = stringAt(blob.position());
    blob.position(blob.position() + found.length() + 1);
    align();
    return found;
  }

  private String stringAt(int at) {
    int end = at;
    while (blob.get(end) != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
  }

  private void align() {
    blob.position((blob.position() + 3) & -4);
  }

  private DeviceTreeException wrong(String why) {
    return new DeviceTreeException(Place.inBlob(name, blob.position()), why);
  }
}
