package org.smmulator.kernel.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a device tree's source text, {@code /dts-v1/}.
 *
 * <p>Labels, {@code &label} in cells and as paths, {@code &label { … }} to add to a node,
 * expressions in cells, {@code /bits/}, byte strings, {@code /delete-node/}, {@code
 * /delete-property/}, {@code /include/} and {@code #include "…"}.
 */
public final class DtsParser {
  /** A reference that is resolved when every label is known. */
  private record Pending(
      DtProperty property, DtNode node, List<Object> parts, int cellBytes, Place place) {}

  /** {@code &label}, in cells (a phandle) or by itself (a path). */
  private record LabelUse(String label, boolean asPath, Place place) {}

  private final DtsSource source;
  private final DtNode root;
  private final Map<String, DtNode> labels = new LinkedHashMap<>();
  private final List<Pending> pending = new ArrayList<>();

  private DtsParser(DtsSource source) {
    this.source = source;
    this.root = new DtNode("", null, source.place());
  }

  /**
   * Parses a tree.
   *
   * @param name the file's name, for messages
   * @param includes finds an included file's text by the name in the directive
   * @throws DeviceTreeException if the text is no device tree
   */
  public static DeviceTree parse(
      String name, String text, Function<String, Optional<String>> includes) {
    return new DtsParser(new DtsSource(name, text, includes)).parseTree();
  }

  private DeviceTree parseTree() {
    source.expect("/dts-v1/", "at the start of the file");
    source.expect(";", "after /dts-v1/");
    while (source.peek() != 0) {
      parseTopLevel();
    }
    DeviceTree tree = new DeviceTree(root);
    root.setTree(tree);
    for (DtNode node : tree.nodes()) {
      if (node.phandle() != 0) {
        int _ = tree.phandleOf(node);
      }
    }
    for (Pending each : pending) {
      each.property().set(bytes(tree, each));
    }
    return tree;
  }

  private void parseTopLevel() {
    if (source.accept("/dts-v1/")) {
      source.expect(";", "after /dts-v1/");
    } else if (source.accept("/delete-node/")) {
      source.expect("&", "after /delete-node/ outside every node");
      DtNode doomed = labelled(name("a label"), source.place());
      DtNode parent = doomed.parent();
      if (parent != null) {
        boolean _ = parent.deleteChild(doomed.name());
      }
      source.expect(";", "after /delete-node/");
    } else if (source.accept("&")) {
      Place place = source.place();
      parseBody(labelled(name("a label"), place));
    } else {
      source.expect("/", "to start the root node (or '&label' to add to a node)");
      parseBody(root);
    }
  }

  private void parseBody(DtNode node) {
    source.expect("{", "to open " + node.path());
    while (!source.accept("}")) {
      if (source.peek() == 0) {
        throw source.error("%s is not closed; a '}' is missing".formatted(node.path()));
      }
      parseItem(node);
    }
    source.expect(";", "after the '}' of " + node.path());
  }

  private void parseItem(DtNode node) {
    if (source.accept("/delete-node/")) {
      Place place = source.place();
      String doomed = name("a node's name");
      if (!node.deleteChild(doomed)) {
        throw new DeviceTreeException(place, "%s has no node '%s'".formatted(node.path(), doomed));
      }
      source.expect(";", "after /delete-node/");
      return;
    }
    if (source.accept("/delete-property/")) {
      boolean _ = node.deleteProperty(name("a property's name"));
      source.expect(";", "after /delete-property/");
      return;
    }
    List<String> own = new ArrayList<>();
    Place place = place();
    String name = name("a property or a node");
    while (source.here() == ':') {
      source.expect(":", "after a label");
      own.add(name);
      place = place();
      name = name("the node that the label is for");
    }
    if (source.peek() == '{') {
      DtNode child = node.childOrNew(name, place);
      own.forEach(label -> labels.put(label, child));
      parseBody(child);
    } else {
      parseProperty(node, name, place);
    }
  }

  private Place place() {
    char _ = source.peek();
    return source.place();
  }

  private void parseProperty(DtNode node, String name, Place place) {
    DtProperty property = new DtProperty(name, place, new byte[0]);
    if (source.accept("=")) {
      List<Object> parts = new ArrayList<>();
      int cellBytes = Integer.BYTES;
      do {
        if (source.accept("/bits/")) {
          cellBytes = (int) (expression() / 8);
        }
        parseValue(parts);
      } while (source.accept(","));
      pending.add(new Pending(property, node, parts, cellBytes, place));
    }
    source.expect(";", "after property '%s'".formatted(name));
    node.put(property);
  }

  private void parseValue(List<Object> parts) {
    if (source.accept("<")) {
      while (!source.accept(">")) {
        parts.add(source.accept("&") ? labelUse(false) : (Object) expression());
      }
    } else if (source.accept("\"")) {
      parts.add(string());
    } else if (source.accept("[")) {
      parts.add(byteString());
    } else if (source.accept("&")) {
      parts.add(labelUse(true));
    } else {
      throw source.error(
          "expected a value: <cells>, \"string\", [bytes] or &label; found " + source.found());
    }
  }

  private LabelUse labelUse(boolean asPath) {
    Place place = source.place();
    return new LabelUse(name("a label"), asPath, place);
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    for (char c = source.take(); c != '"'; c = source.take()) {
      if (c == '\\') {
        char escaped = source.take();
        text.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case '0' -> '\0';
              default -> escaped;
            });
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private byte[] byteString() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!source.accept("]")) {
      char _ = source.peek();
      int high = Character.digit(source.take(), 16);
      int low = Character.digit(source.take(), 16);
      if (high < 0 || low < 0) {
        throw source.error("expected two hexadecimal digits for each byte in [ ]");
      }
      bytes.write(high << 4 | low);
    }
    return bytes.toByteArray();
  }

  // ---- expressions: a lone number, or anything in parentheses

  private long expression() {
    if (source.accept("(")) {
      long value = binary(0);
      source.expect(")", "to close an expression");
      return value;
    }
    return number();
  }

  private static final String[][] OPERATORS = {
    {"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"}
  };

  private long binary(int level) {
    if (level == OPERATORS.length) {
      return unary();
    }
    long left = binary(level + 1);
    while (true) {
      String operator = acceptOperator(OPERATORS[level]);
      if (operator == null) {
        return left;
      }
      left = apply(operator, left, binary(level + 1));
    }
  }

  private @Nullable String acceptOperator(String[] operators) {
    for (String operator : operators) {
      if (source.accept(operator)) {
        return operator;
      }
    }
    return null;
  }

  private long unary() {
    if (source.accept("~")) {
      return ~unary();
    }
    if (source.accept("-")) {
      return -unary();
    }
    return expression();
  }

  private long apply(String operator, long left, long right) {
    if (right == 0 && (operator.equals("/") || operator.equals("%"))) {
      throw source.error("division by zero");
    }
    return switch (operator) {
      case "|" -> left | right;
      case "^" -> left ^ right;
      case "&" -> left & right;
      case "<<" -> left << right;
      case ">>" -> left >>> right;
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      default -> left % right;
    };
  }

  private long number() {
    char _ = source.peek();
    StringBuilder digits = new StringBuilder();
    while (Character.isLetterOrDigit(source.here())) {
      digits.append(source.take());
    }
    String text = digits.toString();
    try {
      if (text.startsWith("0x") || text.startsWith("0X")) {
        return Long.parseUnsignedLong(text.substring(2), 16);
      }
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw source.error(
          text.isEmpty()
              ? "expected a number, (an expression) or &label, found " + source.found()
              : "'%s' is no number".formatted(text));
    }
  }

  // ---- names and labels

  private String name(String what) {
    char _ = source.peek();
    StringBuilder name = new StringBuilder();
    while (isNameCharacter(source.here())) {
      name.append(source.take());
    }
    if (name.isEmpty()) {
      throw source.error("expected %s, found %s".formatted(what, source.found()));
    }
    return name.toString();
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || (c != 0 && ",._+-?#@".indexOf(c) >= 0);
  }

  private DtNode labelled(String label, Place place) {
    DtNode node = labels.get(label);
    if (node == null) {
      throw new DeviceTreeException(
          place, "there is no label '%s'%s".formatted(label, nearest(label)));
    }
    return node;
  }

  private String nearest(String label) {
    String best = "";
    int bestDistance = Math.max(2, label.length() / 2);
    for (String known : labels.keySet()) {
      int distance = EditDistance.between(known, label);
      if (distance < bestDistance) {
        best = "; did you mean '%s'?".formatted(known);
        bestDistance = distance;
      }
    }
    return best;
  }

  // ---- bytes

  private byte[] bytes(DeviceTree tree, Pending value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : value.parts()) {
      switch (part) {
        case Long number -> writeCell(out, number, value);
        case String text -> writeString(out, text);
        case byte[] raw -> out.writeBytes(raw);
        case LabelUse use -> {
          DtNode target = labelled(use.label(), use.place());
          if (use.asPath()) {
            writeString(out, target.path());
          } else {
            writeCell(out, tree.phandleOf(target), value);
          }
        }
        default -> throw new AssertionError(part);
      }
    }
    return out.toByteArray();
  }

  private static void writeString(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
  }

  private static void writeCell(ByteArrayOutputStream out, long number, Pending value) {
    int bits = value.cellBytes() * 8;
    if (bits < 64 && number >>> bits != 0 && number >> (bits - 1) != -1) {
      throw value
          .property()
          .wrong(
              value.node(),
              "0x%x does not fit a cell of %d bits; write it as two cells".formatted(number, bits));
    }
    for (int shift = bits - 8; shift >= 0; shift -= 8) {
      out.write((int) (number >>> shift));
    }
  }
}
