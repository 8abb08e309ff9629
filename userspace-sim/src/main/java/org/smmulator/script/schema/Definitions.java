package org.smmulator.script.schema;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.IdentityHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The {@code $defs} of a schema: each piece is made once, and may refer to itself. Where a file has
 * several sections, each takes other pieces, and has a view of its own.
 */
public final class Definitions {
  private final ObjectNode made;
  private final String prefix;
  private final Predicate<Object> takes;

  // Looked up by identity, never iterated.
  private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();

  /**
   * Makes a view on {@code made}, which several can share.
   *
   * @param prefix begins the names of its pieces
   * @param takes whether an owner of a piece may stand in its section
   */
  public Definitions(ObjectNode made, String prefix, Predicate<Object> takes) {
    this.made = made;
    this.prefix = prefix;
    this.takes = takes;
  }

  /** Returns those of {@code owners} that may stand in this section. */
  public <T> ImmutableList<T> taken(ImmutableList<T> owners) {
    return owners.stream().filter(takes).collect(toImmutableList());
  }

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
      made.putObject(prefix + known); // keeps the name while whatever it refers to is made
      made.set(prefix + known, make.get());
    }
    return refer(known);
  }

  /** Returns a reference to the piece with that name, which somebody makes sooner or later. */
  public ObjectNode refer(String name) {
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + prefix + name);
  }

  private String free(String name) {
    String free = name;
    for (int n = 2; made.has(prefix + free); n++) {
      free = name + "-" + n;
    }
    return free;
  }
}
