package org.smmulator.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtRange;

/** Writes a flattened tree of version 17. Devicetree Specification, chapter 5. */
final class FlatTreeWriter {
  private static final int MAGIC = 0xd00dfeed;
  private static final int HEADER_BYTES = 40;
  private static final int VERSION = 17;
  private static final int READABLE_BY = 16;
  private static final int BEGIN_NODE = 1;
  private static final int END_NODE = 2;
  private static final int PROPERTY = 3;
  private static final int END = 9;

  private final ByteArrayOutputStream nodeBytes = new ByteArrayOutputStream();
  private final DataOutputStream nodes = new DataOutputStream(nodeBytes);
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> stringAt = new LinkedHashMap<>();

  private FlatTreeWriter() {}

  /** The tree as a boot loader hands it over. */
  static byte[] write(DeviceTree tree) throws IOException {
    FlatTreeWriter writer = new FlatTreeWriter();
    writer.node(tree.root());
    writer.nodes.writeInt(END);
    return writer.blob(tree);
  }

  private void node(DtNode node) throws IOException {
    nodes.writeInt(BEGIN_NODE);
    nodes.write(node.name().getBytes(ISO_8859_1));
    nodes.write(0);
    align();
    for (String name : node.propertyNames()) {
      property(name, node.bytes(name));
    }
    if (node.phandle() != 0 && !node.has("phandle")) {
      int phandle = node.phandle();
      property(
          "phandle",
          new byte[] {
            (byte) (phandle >>> 24), (byte) (phandle >>> 16), (byte) (phandle >>> 8), (byte) phandle
          });
    }
    for (DtNode child : node.children()) {
      node(child);
    }
    nodes.writeInt(END_NODE);
  }

  private void property(String name, byte[] value) throws IOException {
    Integer known = stringAt.get(name);
    int at = known == null ? strings.size() : known;
    if (known == null) {
      stringAt.put(name, at);
      strings.write(name.getBytes(ISO_8859_1));
      strings.write(0);
    }
    nodes.writeInt(PROPERTY);
    nodes.writeInt(value.length);
    nodes.writeInt(at);
    nodes.write(value);
    align();
  }

  private void align() throws IOException {
    while (nodes.size() % Integer.BYTES != 0) {
      nodes.write(0);
    }
  }

  private byte[] blob(DeviceTree tree) throws IOException {
    int nodesAt = HEADER_BYTES + 16 * (tree.memReserves().size() + 1);
    int stringsAt = nodesAt + nodes.size();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int[] header = {
      MAGIC,
      stringsAt + strings.size(),
      nodesAt,
      stringsAt,
      HEADER_BYTES,
      VERSION,
      READABLE_BY,
      0,
      strings.size(),
      nodes.size()
    };
    for (int word : header) {
      out.writeInt(word);
    }
    for (DtRange reserve : tree.memReserves()) {
      out.writeLong(reserve.base());
      out.writeLong(reserve.sizeBytes());
    }
    out.writeLong(0);
    out.writeLong(0);
    nodeBytes.writeTo(out);
    strings.writeTo(out);
    return bytes.toByteArray();
  }
}
