package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import java.util.Collection;
import org.smmulator.machine.input.Nearest;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A piece of a YAML file that knows where it stands and what it stands for. */
final class YamlValue {
  private final String file;
  private final String what;
  private final Node node;
  private final Indices indices;

  /**
   * Wraps {@code node}.
   *
   * @param what what it stands for, in a message: {@code "the key 'size' of gem_new"}
   * @param indices those of the repeats that it stands in
   */
  YamlValue(String file, String what, Node node, Indices indices) {
    this.file = file;
    this.what = what;
    this.node = node;
    this.indices = indices;
  }

  /** The same with other indices. */
  YamlValue with(Indices others) {
    return new YamlValue(file, what, node, others);
  }

  Indices indices() {
    return indices;
  }

  SourceLocation place() {
    return placeOf(file, node);
  }

  static SourceLocation placeOf(String file, Node node) {
    return node.getStartMark()
        .map(mark -> new SourceLocation(file, mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(new SourceLocation(file, 1, 1));
  }

  ScenarioException wrong(String problem, String cure) {
    return new ScenarioException(place(), problem, cure);
  }

  ScenarioException unlike(String expected, String example) {
    return wrong(
        "%s must be %s, not %s".formatted(what, expected, shown()), "write it like " + example);
  }

  private String shown() {
    return switch (node) {
      case ScalarNode scalar -> "'" + scalar.getValue() + "'";
      case SequenceNode list -> "a list";
      default -> "a mapping";
    };
  }

  boolean isScalar() {
    return node instanceof ScalarNode;
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** The text of a scalar that is not empty. */
  String text(String expected, String example) throws ScenarioException {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return indices.fill(scalar.getValue(), place());
    }
    throw unlike(expected, example);
  }

  /** An error: the value is none of {@code known}. */
  ScenarioException unlikeAll(Collection<String> known) throws ScenarioException {
    String text = text("a word", "one of its values");
    return wrong("%s cannot be '%s'".formatted(what, text), Nearest.cure(text, known));
  }

  /** The entries of a list. */
  ImmutableList<YamlValue> list(String example) throws ScenarioException {
    if (!(node instanceof SequenceNode sequence)) {
      throw unlike("a list", example);
    }
    ImmutableList.Builder<YamlValue> entries = ImmutableList.builder();
    for (Node entry : sequence.getValue()) {
      entries.add(new YamlValue(file, "an entry of " + what, entry, indices));
    }
    return entries.build();
  }

  /** A mapping with these keys and no others. */
  Fields fields(String name, String... allowed) throws ScenarioException {
    return mapping(name).allowOnly(ImmutableList.copyOf(allowed));
  }

  /** A mapping with any keys, none of them twice. */
  Fields mapping(String name) throws ScenarioException {
    return mapping(name, "{key: value}");
  }

  Fields mapping(String name, String example) throws ScenarioException {
    if (!(node instanceof MappingNode mapping)) {
      throw unlike("a mapping", example);
    }
    return Fields.of(file, name, mapping, indices);
  }
}
