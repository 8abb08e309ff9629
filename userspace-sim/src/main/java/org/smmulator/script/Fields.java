package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.Nearest;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A mapping of a scenario file, read strictly: a key that nobody knows is an error. */
final class Fields {
  private final String file;
  private final String name;
  private final MappingNode node;
  private final ImmutableMap<String, YamlValue> values;
  private final ImmutableMap<String, SourceLocation> keyPlaces;

  private Fields(
      String file,
      String name,
      MappingNode node,
      ImmutableMap<String, YamlValue> values,
      ImmutableMap<String, SourceLocation> keyPlaces) {
    this.file = file;
    this.name = name;
    this.node = node;
    this.values = values;
    this.keyPlaces = keyPlaces;
  }

  static Fields of(String file, String name, MappingNode node, Indices indices)
      throws ScenarioException {
    Map<String, YamlValue> values = new LinkedHashMap<>();
    ImmutableMap.Builder<String, SourceLocation> places = ImmutableMap.builder();
    for (NodeTuple entry : node.getValue()) {
      SourceLocation place = YamlValue.placeOf(file, entry.getKeyNode());
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw new ScenarioException(place, "a key of " + name + " is not a word", "use a word");
      }
      String word = indices.fill(key.getValue(), place);
      String what = "'%s' of %s".formatted(word, name);
      if (values.put(word, new YamlValue(file, what, entry.getValueNode(), indices)) != null) {
        throw new ScenarioException(place, what + " is given twice", "remove one of the two");
      }
      places.put(word, place);
    }
    return new Fields(file, name, node, ImmutableMap.copyOf(values), places.buildOrThrow());
  }

  Fields allowOnly(Collection<String> allowed) throws ScenarioException {
    for (String key : values.keySet()) {
      if (!allowed.contains(key)) {
        throw unknown(key, "%s has no key '%s'".formatted(name, key), allowed);
      }
    }
    return this;
  }

  ScenarioException unknown(String key, String problem, Collection<String> known) {
    SourceLocation place = keyPlaces.getOrDefault(key, place());
    return new ScenarioException(place, problem, Nearest.cure(key, known));
  }

  ScenarioException wrong(String problem, String cure) {
    return new ScenarioException(place(), problem, cure);
  }

  SourceLocation place() {
    return YamlValue.placeOf(file, node);
  }

  ImmutableList<String> keys() {
    return values.keySet().asList();
  }

  SourceLocation placeOfKey(String key) {
    return keyPlaces.getOrDefault(key, place());
  }

  @Nullable YamlValue find(String key) {
    return values.get(key);
  }

  YamlValue require(String key) throws ScenarioException {
    YamlValue value = values.get(key);
    if (value == null) {
      throw wrong("%s lacks the key '%s'".formatted(name, key), "add '%s: ...'".formatted(key));
    }
    return value;
  }
}
