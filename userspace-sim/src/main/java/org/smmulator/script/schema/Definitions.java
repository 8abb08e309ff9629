package org.smmulator.script.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.IdentityHashMap;
import java.util.function.Supplier;

/** The {@code $defs} of a schema: each piece is made once, and may refer to itself. */
public final class Definitions {
  private final ObjectNode made = JsonNodeFactory.instance.objectNode();

  // Looked up by identity, never iterated.
  private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();

  /**
   * Returns a reference to the piece of {@code owner}.
   *
   * @param name how the piece should be called; a number is added if another owner's has that name
   * @param make makes it, if nobody has referred to it before
   */
  public ObjectNode refer(Object owner, String name, Supplier<ObjectNode> make) {
    String known = names.get(owner);
    if (known == null) {
      known = free(name);
      names.put(owner, known);
      made.putObject(known); // keeps the name while whatever it refers to is made
      made.set(known, make.get());
    }
    return refer(known);
  }

  /** Returns a reference to the piece with that name, which somebody makes sooner or later. */
  public ObjectNode refer(String name) {
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + name);
  }

  private String free(String name) {
    String free = name;
    for (int n = 2; made.has(free); n++) {
      free = name + "-" + n;
    }
    return free;
  }

  /** All pieces, in the order in which they were first referred to. */
  public ObjectNode all() {
    return made;
  }
}
