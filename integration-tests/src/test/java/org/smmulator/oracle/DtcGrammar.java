package org.smmulator.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;

/** A source with every construct of a device tree, and sources that are none. */
final class DtcGrammar {
  /** Sources that dtc refuses, without a preamble. */
  static final ImmutableList<String> REFUSED =
      ImmutableList.of(
          "/ { a = <1>; a = <2>; };",
          "/ { n { }; n { }; };",
          "/ { l: x { }; l: y { }; };",
          "/ { l: a = <1>; l: b = <2>; };",
          "/ { x { phandle = <1>; }; y { phandle = <1>; }; };",
          "/ { x { phandle = <0>; }; };",
          "/ { x { phandle = <0xffffffff>; }; };",
          "/ { a = <&nowhere>; };",
          "/ { a = <&{/nowhere}>; };",
          "/ { }; &nowhere { };",
          "/ { a = /bits/ 12 <1>; };",
          "/ { a = /bits/ 64 <&{/}>; };",
          "/ { a = <08>; };",
          "/ { a = <0x1ffffffffffffffff>; };",
          "/ { a = <1UU>; };",
          "/ { a = <-1>; };",
          "/ { a = <1 + 1>; };",
          "/ { a = <(1 / 0)>; };",
          "/ { a = <(1 ? 2)>; };",
          "/ { a = <''>; };",
          "/ { a = <'ab'>; };",
          "/ { a = [0]; };",
          "/ { a = \"open; };",
          "/ { a = <1> };",
          "/ { a = <1>;",
          "/ { /* open };");

  private DtcGrammar() {}

  static String source() throws IOException {
    return resource("dtc-grammar.dts");
  }

  /** The properties that dtc made of the source when last it was asked. */
  static byte[] golden() throws IOException {
    return HexFormat.of().parseHex(resource("dtc-grammar.hex").replaceAll("\\s", ""));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        requireNonNull(DtcGrammar.class.getResourceAsStream("/golden/" + name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  static DeviceTree parse(String text) {
    return DtsParser.parse("board.dts", text, name -> Optional.empty());
  }

  /** All that a tree says: each property by its path, and what is reserved. */
  static Map<String, String> contents(DeviceTree tree) {
    Map<String, String> contents = new TreeMap<>();
    contents.put("/memreserve/", tree.memReserves().toString());
    for (DtNode node : tree.nodes()) {
      contents.put(node.path(), "");
      for (String property : node.propertyNames()) {
        contents.put(node.path() + " " + property, HexFormat.of().formatHex(node.bytes(property)));
      }
    }
    return contents;
  }
}
