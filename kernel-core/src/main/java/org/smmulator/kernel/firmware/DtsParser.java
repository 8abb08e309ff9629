package org.smmulator.kernel.firmware;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a device tree's source text, {@code /dts-v1/}. Kernel: {@code scripts/dtc/dtc-parser.y}.
 *
 * <p>Labels, {@code &label} and {@code &{/path}} in cells, as paths and to add to a node,
 * expressions in cells, {@code /bits/}, byte strings, {@code /memreserve/}, {@code /delete-node/},
 * {@code /delete-property/}, {@code /omit-if-no-ref/}, {@code /include/}, {@code #include "…"}, and
 * the line markers of a C preprocessor.
 *
 * <p>As dtc does it refuses a label, property or phandle that is given twice. More strictly than
 * dtc, a number that does not fit its cell is refused rather than cut; less strictly, properties
 * may stand behind nodes.
 *
 * <p>Left out: {@code /incbin/}, because a board's bytes would lie in other files, and {@code
 * /plugin/}, because an overlay is no board.
 */
public final class DtsParser {
  /** How deep nodes nest at most. Kernel: {@code FDT_MAX_DEPTH} in {@code drivers/of/fdt.c}. */
  static final int DEEPEST_NODE = 62;

  /**
   * A pair of braces.
   *
   * @param isFirst whether the node has had none before: later ones may say again what it has
   * @param given what this pair of braces has had already
   */
  private record Body(DtNode node, int depth, boolean isFirst, Set<String> given) {
    Body(DtNode node, int depth, boolean isFirst) {
      this(node, depth, isFirst, new HashSet<>());
    }

    void once(String name, String what, Place place) {
      if (!given.add(what + name) && isFirst) {
        throw new DeviceTreeException(
            place, "'%s' is given twice between the braces of %s".formatted(name, node.path()));
      }
    }
  }

  private final DtsSource source;
  private final DtsExpression expressions;
  private final DtsLabels labels;
  private final DtNode root;
  private final List<DtRange> memReserves = new ArrayList<>();

  // Looked up by property, never iterated.
  private final Map<DtProperty, DtsValue> unresolved = new HashMap<>();

  private final List<DtNode> unlessReferenced = new ArrayList<>();
  private boolean rootIsOpen;

  private DtsParser(DtsSource source) {
    this.source = source;
    this.expressions = new DtsExpression(source);
    this.root = new DtNode("", null, source.place());
    this.labels = new DtsLabels(root);
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
    DtsSource source = new DtsSource(name, text, includes);
    try {
      return new DtsParser(source).parseTree();
    } catch (StackOverflowError | OutOfMemoryError e) {
      throw source.error("this is more than can be read: " + e);
    }
  }

  private DeviceTree parseTree() {
    source.expect("/dts-v1/", "at the start of the file");
    source.expect(";", "after /dts-v1/");
    while (source.peek() != 0) {
      parseTopLevel();
    }
    DeviceTree tree = new DeviceTree(root, memReserves);
    resolve(tree);
    root.setTree(tree);
    return tree;
  }

  /** Replaces references by paths and phandles, in the order in which dtc numbers them. */
  private void resolve(DeviceTree tree) {
    Set<DtNode> referenced = new HashSet<>();
    DtsValue.Resolver resolver =
        new DtsValue.Resolver() {
          @Override
          public DtNode node(DtsValue.Reference reference) {
            DtNode node = labels.find(reference);
            referenced.add(node);
            return node;
          }

          @Override
          public int phandle(DtNode node) {
            return tree.phandleOf(node);
          }
        };
    for (DtNode node : tree.nodes()) {
      for (DtProperty property : node.properties()) {
        DtsValue value = unresolved.get(property);
        if (value != null) {
          property.set(value.resolve(resolver));
        }
      }
    }
    for (DtNode node : unlessReferenced) {
      DtNode parent = node.parent();
      if (!referenced.contains(node) && parent != null) {
        boolean _ = parent.deleteChild(node.name());
      }
    }
  }

  private void parseTopLevel() {
    if (source.accept("/dts-v1/")) {
      source.expect(";", "after /dts-v1/");
    } else if (source.accept("/plugin/")) {
      throw source.error("this is an overlay (/plugin/), and a board is a whole tree");
    } else if (source.accept("/memreserve/")) {
      memReserves.add(new DtRange(expressions.primary(), expressions.primary()));
      source.expect(";", "after /memreserve/");
    } else if (source.accept("/delete-node/")) {
      DtNode doomed = labels.find(reference(false));
      DtNode parent = doomed.parent();
      if (parent != null) {
        boolean _ = parent.deleteChild(doomed.name());
      }
      source.expect(";", "after /delete-node/");
    } else if (source.accept("/omit-if-no-ref/")) {
      unlessReferenced.add(labels.find(reference(false)));
      source.expect(";", "after /omit-if-no-ref/");
    } else if (source.peek() == '&') {
      parseBody(new Body(labels.find(reference(false)), 0, false));
    } else if (source.accept("/")) {
      parseBody(new Body(root, 0, !rootIsOpen));
      rootIsOpen = true;
    } else {
      parseLabelled();
    }
  }

  /** Reads {@code label: &node { … }} and {@code label: /memreserve/ …}. */
  private void parseLabelled() {
    Place place = place();
    if (!source.isLabelNext()) {
      throw source.error(
          "expected '/' to start the root node (or '&label' to add to a node), found "
              + source.found());
    }
    String label = name("a label");
    source.expect(":", "after a label outside every node");
    if (source.peek() == '&') {
      DtNode node = labels.find(reference(false));
      labels.put(label, node, place);
      parseBody(new Body(node, 0, false));
    } else {
      labels.reserve(label, place);
      parseTopLevel();
    }
  }

  private void parseBody(Body body) {
    if (body.depth() > DEEPEST_NODE) {
      throw source.error("nodes nest more than %d levels deep".formatted(DEEPEST_NODE));
    }
    source.expect("{", "to open " + body.node().path());
    while (!source.accept("}")) {
      if (source.peek() == 0) {
        throw source.error("%s is not closed; a '}' is missing".formatted(body.node().path()));
      }
      if (source.accept("/delete-node/")) {
        deleteNode(body);
      } else if (source.accept("/delete-property/")) {
        deleteProperty(body);
      } else {
        parseItem(body);
      }
    }
    source.expect(";", "after the '}' of " + body.node().path());
  }

  private void deleteNode(Body body) {
    Place place = source.place();
    String doomed = name("a node's name");
    if (!body.node().deleteChild(doomed)) {
      throw new DeviceTreeException(
          place, "%s has no node '%s'".formatted(body.node().path(), doomed));
    }
    body.given().remove("node " + doomed);
    source.expect(";", "after /delete-node/");
  }

  private void deleteProperty(Body body) {
    String doomed = name("a property's name");
    boolean _ = body.node().deleteProperty(doomed);
    body.given().remove("property " + doomed);
    source.expect(";", "after /delete-property/");
  }

  /** Reads a property or a node. */
  private void parseItem(Body body) {
    boolean omit = source.accept("/omit-if-no-ref/");
    List<String> own = new ArrayList<>();
    Place place = place();
    String name = name("a property or a node");
    while (source.here() == ':') {
      source.expect(":", "after a label");
      own.add(name);
      place = place();
      omit |= source.accept("/omit-if-no-ref/");
      name = name("the node or property that the label is for");
    }
    if (source.peek() == '{') {
      body.once(name, "node ", place);
      boolean isFirst = body.node().child(name) == null;
      DtNode child = body.node().childOrNew(name, place);
      for (String label : own) {
        labels.put(label, child, place);
      }
      if (omit) {
        unlessReferenced.add(child);
      }
      parseBody(new Body(child, body.depth() + 1, isFirst));
    } else {
      body.once(name, "property ", place);
      for (String label : own) {
        labels.reserve(label, place);
      }
      parseProperty(body.node(), name, place);
    }
  }

  private Place place() {
    char _ = source.peek();
    return source.place();
  }

  private void parseProperty(DtNode node, String name, Place place) {
    DtProperty property = new DtProperty(name, place, new byte[0]);
    if (source.accept("=")) {
      DtsValue value = new DtsValue();
      do {
        labelsHere();
        parseValue(property, node, value);
        labelsHere();
      } while (source.accept(","));
      if (value.hasReferences()) {
        unresolved.put(property, value);
      } else {
        property.set(value.bytes());
      }
    }
    source.expect(";", "after property '%s'".formatted(name));
    node.put(property);
  }

  /** Takes the labels of a place inside a value, which nothing in a tree can refer to. */
  private void labelsHere() {
    while (source.isLabelNext()) {
      Place place = source.place();
      labels.reserve(name("a label"), place);
      source.expect(":", "after a label");
    }
  }

  private void parseValue(DtProperty property, DtNode node, DtsValue value) {
    if (source.accept("/bits/")) {
      int bits = bits();
      source.expect("<", "after /bits/ and the width of a cell");
      parseCells(property, node, value, bits);
    } else if (source.accept("<")) {
      parseCells(property, node, value, Integer.SIZE);
    } else if (source.accept("\"")) {
      value.addString(expressions.quoted('"'));
    } else if (source.accept("[")) {
      parseBytes(value);
    } else if (source.peek() == '&') {
      value.add(reference(true));
    } else {
      throw source.error(
          "expected a value: <cells>, \"string\", [bytes] or &label; found " + source.found());
    }
  }

  private int bits() {
    Place place = place();
    long bits = expressions.primary();
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
      throw new DeviceTreeException(
          place,
          "cells of %s bits; expected 8, 16, 32 or 64".formatted(Long.toUnsignedString(bits)));
    }
    return (int) bits;
  }

  private void parseCells(DtProperty property, DtNode node, DtsValue value, int bits) {
    while (!source.accept(">")) {
      char next = source.peek();
      if (next == '&') {
        if (bits != Integer.SIZE) {
          throw source.error("a reference takes a cell of 32 bits");
        }
        value.add(reference(false));
      } else if (source.isLabelNext()) {
        labelsHere();
      } else {
        value.addNumber(fitting(expressions.primary(), bits, property, node), bits);
      }
    }
  }

  private static long fitting(long number, int bits, DtProperty property, DtNode node) {
    if (bits < Long.SIZE && number >>> bits != 0 && number >> (bits - 1) != -1) {
      throw property.wrong(
          node,
          "0x%x does not fit a cell of %d bits; write it as two cells".formatted(number, bits));
    }
    return number;
  }

  private void parseBytes(DtsValue value) {
    while (!source.accept("]")) {
      if (source.isLabelNext()) {
        labelsHere();
        continue;
      }
      int high = Character.digit(source.take(), 16);
      int low = Character.digit(source.take(), 16);
      if (high < 0 || low < 0) {
        throw source.error("expected two hexadecimal digits for each byte in [ ]");
      }
      value.add(high << 4 | low);
    }
  }

  // ---- names and references

  private DtsValue.Reference reference(boolean isPath) {
    source.expect("&", "before a label or a path");
    Place place = source.place();
    if (source.here() != '{') {
      return new DtsValue.Reference(label(), isPath, place);
    }
    char _ = source.take();
    StringBuilder path = new StringBuilder();
    for (char c = source.take(); c != '}'; c = source.take()) {
      if (!isNameCharacter(c) && c != '/') {
        throw new DeviceTreeException(place, "expected a path such as &{/soc/gpu@5000000}");
      }
      path.append(c);
    }
    return new DtsValue.Reference(path.toString(), isPath, place);
  }

  private String label() {
    StringBuilder label = new StringBuilder();
    while (DtsSource.isLabelCharacter(source.here())) {
      label.append(source.take());
    }
    if (label.isEmpty()) {
      throw source.error("expected a label or {/a/path} after '&', found " + source.found());
    }
    return label.toString();
  }

  private String name(String what) {
    char first = source.peek();
    if (first == '\\') {
      char _ = source.take();
    }
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
    return (c < 128 && Character.isLetterOrDigit(c)) || (c != 0 && ",._+*-?#@".indexOf(c) >= 0);
  }
}
