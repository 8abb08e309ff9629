package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.stream.Stream;
import org.smmulator.machine.Boards;
import org.smmulator.machine.config.Switches;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/**
 * The JSON Schema of a scenario file, draft 2020-12, made from the forms that the parser reads
 * with. An editor completes and checks a file with it; the parser alone knows whether a name is
 * given, and before it is used.
 */
public final class ScenarioSchema {
  private final Language language;
  private final ObjectNode pieces = JsonNodeFactory.instance.objectNode();
  private final Definitions definitions = piecesOf(Side.USER, "");
  private final Definitions ofDrivers = piecesOf(Side.KERNEL, "driver-");

  private ScenarioSchema(Language language) {
    this.language = language;
  }

  /** The schema for files in {@code language}. */
  public static ObjectNode of(Language language) {
    return new ScenarioSchema(language).file();
  }

  private Definitions piecesOf(Side side, String prefix) {
    return new Definitions(
        pieces, prefix, owner -> !(owner instanceof Form form) || form.standsOn(side));
  }

  private ObjectNode file() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "A scenario of smmulator");
    schema.setAll(
        JsonSchema.mapping(
            Stream.of(Scenario.Key.values())
                .collect(toImmutableMap(Scenario.Key::word, this::told)),
            ImmutableList.of("about")));
    JsonSchema.demandOneOf(schema, "processes", "kernel");
    schema.set("$defs", pieces);
    return schema;
  }

  private ObjectNode told(Scenario.Key key) {
    ObjectNode schema =
        switch (key) {
          case ABOUT, STORY -> JsonSchema.text();
          case LESSON -> ScenarioParser.LESSON.schema("lesson", definitions);
          case BOARD -> boards();
          case SET -> switches();
          case FAULTS -> faults();
          case KERNEL -> drivers();
          case PROCESSES -> processes();
          case AFTER -> after();
        };
    return told(key.sentence(), schema);
  }

  private static ObjectNode told(String sentence, ObjectNode schema) {
    return schema.put("description", sentence);
  }

  private static ObjectNode boards() {
    ObjectNode board =
        JsonSchema.either(JsonSchema.oneOf(new Boards().names()), JsonSchema.string(".+[.]dt[sb]"));
    return JsonSchema.either(board, JsonSchema.list(board).put("minItems", 1));
  }

  private ObjectNode switches() {
    return JsonSchema.mapping(
        Switches.all().values().stream().collect(toImmutableMap(Switch::key, this::valueOf)),
        ImmutableList.of());
  }

  private ObjectNode valueOf(Switch<?> each) {
    ObjectNode words =
        each.words().isEmpty() ? Scalar.NUMBER.schema(definitions) : JsonSchema.oneOf(each.words());
    return told(each.sentence(), words);
  }

  private ObjectNode faults() {
    return JsonSchema.list(language.faults().schema(definitions));
  }

  private ObjectNode drivers() {
    return JsonSchema.map(
        Names.PROCESS.pattern(), JsonSchema.list(language.steps().schema(ofDrivers)));
  }

  private ObjectNode processes() {
    ObjectNode steps = JsonSchema.list(language.steps().schema(definitions));
    ObjectNode ofUser =
        JsonSchema.mapping(
            ImmutableMap.of(
                "user", FieldType.oneOf(Scenario.User.class).schema(definitions), "steps", steps),
            ImmutableList.of("steps"));
    return JsonSchema.map(Names.PROCESS.pattern(), JsonSchema.either(steps, ofUser));
  }

  private ObjectNode after() {
    ImmutableList<ExpectationType> onTheMachine =
        language.expectations().stream()
            .filter(MachineExpectation.class::isInstance)
            .collect(toImmutableList());
    return JsonSchema.list(
        JsonSchema.choice(
            ImmutableMap.of("expect", ExpectStep.schemaOf(onTheMachine, definitions))));
  }
}
