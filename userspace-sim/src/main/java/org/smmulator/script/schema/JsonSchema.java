package org.smmulator.script.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.util.Map;

/** Makes pieces of a schema. */
public final class JsonSchema {
  private static final String TYPE = "type";

  private JsonSchema() {}

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Takes any scalar: a text may look like a number or a truth value. */
  public static ObjectNode text() {
    ObjectNode schema = object();
    schema.putArray(TYPE).add("string").add("number").add("boolean");
    return schema.put("minLength", 1);
  }

  /**
   * Takes a string of the form {@code pattern}, a regular expression for all of it, or one that
   * uses the index of a repeat: its form is known when the parser has unrolled it.
   */
  public static ObjectNode string(String pattern) {
    return object().put(TYPE, "string").put("pattern", "^(?:" + pattern + "|.*[$].*)$");
  }

  /** Takes a string that uses the index of a repeat. */
  public static ObjectNode indexed() {
    return object().put(TYPE, "string").put("pattern", "[$]");
  }

  /** Takes an integer from {@code first} to {@code last}, or a string of the form of one. */
  public static ObjectNode integer(String pattern, BigInteger first, BigInteger last) {
    ObjectNode schema = string(pattern);
    schema.putArray(TYPE).add("integer").add("string");
    return schema.put("minimum", first).put("maximum", last);
  }

  /** Takes one of {@code words}; one that looks like a number or a truth value may be one. */
  public static ObjectNode oneOf(ImmutableList<String> words) {
    ObjectNode schema = object();
    ArrayNode known = schema.putArray("enum");
    for (String word : words) {
      known.add(word);
      if (word.matches("[0-9]+")) {
        known.add(Integer.parseInt(word));
      } else if (word.equals("true") || word.equals("false")) {
        known.add(Boolean.parseBoolean(word));
      }
    }
    return schema;
  }

  /** Takes a list. */
  public static ObjectNode list(ObjectNode entry) {
    ObjectNode schema = object().put(TYPE, "array");
    schema.set("items", entry);
    return schema;
  }

  /** Takes what {@code one} or {@code other} takes. */
  public static ObjectNode either(ObjectNode one, ObjectNode other) {
    ObjectNode schema = object();
    schema.putArray("anyOf").add(one).add(other);
    return schema;
  }

  /** Takes a mapping with these keys and no others. */
  public static ObjectNode mapping(
      Map<String, ObjectNode> properties, ImmutableList<String> required) {
    ObjectNode schema = object().put(TYPE, "object");
    ObjectNode known = schema.putObject("properties");
    properties.forEach(known::set);
    if (!required.isEmpty()) {
      required.forEach(schema.putArray("required")::add);
    }
    return schema.put("additionalProperties", false);
  }

  /** Takes a mapping with any keys of the form {@code pattern}, and the same for each value. */
  public static ObjectNode map(String pattern, ObjectNode value) {
    ObjectNode schema = object().put(TYPE, "object").put("minProperties", 1);
    schema.putObject("patternProperties").set("^(?:" + pattern + ")$", value);
    return schema.put("additionalProperties", false);
  }

  /** Takes a mapping with one of these keys, alone. */
  public static ObjectNode choice(Map<String, ObjectNode> alternatives) {
    return mapping(alternatives, ImmutableList.of())
        .put("minProperties", 1)
        .put("maxProperties", 1);
  }

  /**
   * Takes a mapping that has the key of one of these, and then all that its piece takes: a subject
   * that may stand anywhere in its mapping.
   */
  public static ObjectNode subject(Map<String, ObjectNode> subjects) {
    ObjectNode schema = object().put(TYPE, "object");
    ArrayNode any = schema.putArray("anyOf");
    ArrayNode all = schema.putArray("allOf");
    subjects.forEach((key, piece) -> {
      any.add(has(key));
      ObjectNode rule = all.addObject();
      rule.set("if", has(key));
      rule.set("then", piece);
    });
    return schema;
  }

  /** Has {@code mapping} demand one of some keys; several are fine. */
  public static void demandOneOf(ObjectNode mapping, String... keys) {
    ArrayNode any = mapping.putArray("anyOf");
    for (String key : keys) {
      any.add(has(key));
    }
  }

  /** Refuses a mapping that has both keys. */
  public static ObjectNode notBoth(String one, String other) {
    ObjectNode schema = object();
    schema.set("not", has(one, other));
    return schema;
  }

  private static ObjectNode has(String... keys) {
    ObjectNode schema = object();
    ArrayNode required = schema.putArray("required");
    for (String key : keys) {
      required.add(key);
    }
    return schema;
  }
}
