package org.smmulator.kernel.firmware;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A property's bytes, big-endian as in a flattened tree, and where the source says it. */
final class DtProperty {
  private final String name;
  private final Place place;
  private byte[] bytes;

  DtProperty(String name, Place place, byte[] bytes) {
    this.name = name;
    this.place = place;
    this.bytes = bytes;
  }

  String name() {
    return name;
  }

  int sizeBytes() {
    return bytes.length;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  void set(byte[] value) {
    bytes = value;
  }

  int[] cells(DtNode node) {
    if (bytes.length % Integer.BYTES != 0) {
      throw wrong(node, "expected cells such as <1 2>, found %d bytes".formatted(bytes.length));
    }
    int[] cells = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).asIntBuffer().get(cells);
    return cells;
  }

  String[] strings(DtNode node) {
    if (bytes.length == 0 || bytes[bytes.length - 1] != 0) {
      throw wrong(node, "expected a string such as \"okay\"");
    }
    String all = new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
    return all.split("\0", -1);
  }

  DeviceTreeException wrong(DtNode node, String why) {
    return new DeviceTreeException(
        place, "property '%s' of %s: %s".formatted(name, node.path(), why));
  }
}
