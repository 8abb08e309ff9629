package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.machine.input.BundledFiles;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** An editor that knows the schema takes what the parser takes, and refuses what it can refuse. */
class ScenarioSchemaTest {
  private static final Language LANGUAGE = Language.installed();
  private static final BundledFiles SHIPPED =
      new BundledFiles(Scenarios.class, "scenarios", ".yaml");

  private static final String HEAD =
      """
      about: One step is wrong
      set: {schedule: random, seed: 7, iommu.strict: 0}
      processes:
        painter:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 64K, as: canvas}
          - STEP
      """;

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ScenarioSchema.of(LANGUAGE));

  static Stream<String> shipped() {
    return SHIPPED.names().stream();
  }

  @Test
  void itIsASchemaOfItsDraft() {
    Schema draft =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertThat(draft.validate(ScenarioSchema.of(LANGUAGE))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedScenarioSatisfiesIt(String name) throws Exception {
    assertThat(errorsOf(String.valueOf(SHIPPED.text(name)))).isEmpty();
  }

  @Test
  void everyStepAndExpectationHasItsPieceAndSoHasEachOfTheirFields() {
    JsonNode pieces = ScenarioSchema.of(LANGUAGE).get("$defs");
    for (StepType step : LANGUAGE.steps().forms()) {
      String section = step.standsOn(Side.USER) ? "" : "driver-";
      JsonNode piece = pieces.get(section + "step." + step.keyword());
      assertWithMessage(step.keyword()).that(piece).isNotNull();
      for (FormField<?> field : step.isBare() ? ImmutableList.<FormField<?>>of() : step.fields()) {
        assertWithMessage("%s of %s", field.name(), step.keyword())
            .that(piece.get("properties").get(field.name()).get("description").asText())
            .startsWith(field.sentence());
      }
    }
    for (ExpectationType expectation : LANGUAGE.expectations()) {
      String section = expectation.standsOn(Side.USER) ? "" : "driver-";
      assertThat(pieces.has(section + "expect." + expectation.keyword())).isTrue();
    }
  }

  /** The parser takes these, in the ways in which a file can write them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          gem_new: {fd: gpu, size: 4096, as: page}
          gem_new: {fd: gpu, size: "64 KiB", as: page}
          gem_new: {fd: gpu, size: 0x1000, errno: EINVAL}
          sleep: 5ms
          close: {fd: gpu}
          write: {at: canvas + 0x10, value: 0xffff_ffff}
          write: {at: canvas, value: -1, dies: SIGSEGV}
          submit: {fd: gpu, buffers: [canvas, {buffer: canvas, access: read}], commands: [{raw: 1}, {raw: [1, 2]}]}
          submit: {fd: gpu, commands: [{mem_write: {at: 0xdead0000, value: 4294967295}}]}
          expect: {read: canvas+0x10, is: 0xcafe}
          expect: {is: 0xcafe, read: canvas}
          expect: {dmesg: true, times: 0}
          """)
  void whatTheParserTakesTheSchemaTakes(String step) throws Exception {
    String text = HEAD.replace("STEP", step);

    var _ = ScenarioParser.parse(LANGUAGE, "s.yaml", text);
    assertThat(errorsOf(text)).isEmpty();
  }

  /** Files that parser and schema both refuse, whichever the step is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          open: {as: a}
          open: renderD128
          open: {node: [], as: a}
          open: {node: card0, as: 1st}
          open: {node: card0, as: a, errno: ENOENT}
          open: {node: card0, as: a, dies: SIGSEGV}
          close: {fd: gpu, errno: EINVAL, dies: SIGSEGV}
          close: {fd: gpu, as: a}
          close: {fd: gpu, errno: EINVALID}
          opn: {node: card0}
          dup: {fd: [gpu]}
          gem_new: {fd: gpu, sise: 64K, as: b}
          gem_new: {fd: gpu, size: many, as: b}
          gem_new: {fd: gpu, size: -1, as: b}
          gem_new: {fd: gpu, size: {}, as: b}
          sleep: 5
          sleep: 5 hours
          write: {at: canvas, value: many}
          write: {at: 'can vas', value: 1}
          wait: {}
          submit: {fd: gpu, commands: {nop: 1}}
          submit: {fd: gpu, commands: [{nopp: 1}]}
          submit: {fd: gpu, commands: [{nop: 1, raw: 1}]}
          submit: {fd: gpu, buffers: [{buffer: canvas, access: both}], commands: []}
          expect: {is: 1}
          expect: {read: canvas, dmesg: x}
          expect: {read: canvas, is: 1, iss: 2}
          expect: dmesg
          bind: {device: a030000.usb}
          repeat: {times: 2, steps: [{bind: {device: a030000.usb}}]}
          expect: {load: mem, is: 1}
          inject: [deaf]
          `{open: {node: card0, as: a}, close: {fd: gpu}}`
          []
          """)
  void whatAFormCannotBeTheSchemaRefuses(String step) {
    assertBothRefuse(HEAD.replace("STEP", step));
  }

  /** Files that are wrong around their steps. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          about: x
          processes: {p: []}
          `{about: x, processes: {}}`
          `{about: x, processes: {p: {}}}`
          `{about: x, processes: {a b: []}}`
          `{about: x, processes: {a-name-of-sixteen: []}}`
          `{about: x, procesess: {p: []}}`
          `{about: x, lesson: 100, processes: {p: []}}`
          `{about: x, lesson: first, processes: {p: []}}`
          `{about: x, board: [], processes: {p: []}}`
          `{about: x, after: [sleep: 1ms], processes: {p: []}}`
          `{about: x, after: [expect: {number: n, is: 1}], processes: {p: []}}`
          `{about: x, kernel: {d: [{open: {node: card0, as: a}}]}}`
          `{about: x, kernel: {d: [{repeat: {times: 2, steps: [{open: {node: card0, as: a}}]}}]}}`
          `{about: x, kernel: {d: [{expect: {process: p, ends: exit}}]}}`
          `{about: x, kernel: {d: [{close: {fd: a}}]}}`
          `{about: x, kernel: {d: {user: root, steps: []}}}`
          `{about: x, debate: exynos-2018, processes: {p: []}}`
          `{about: x, faults: {}, processes: {p: []}}`
          `{about: x, faults: [{lose_interrupts: {device: a}}], processes: {p: []}}`
          `{about: x, faults: [{lose_interrupt: {}}], processes: {p: []}}`
          `{about: x, faults: [{stop_clock: {device: a, for: 5}}], processes: {p: []}}`
          `[about, processes]`
          """)
  void whatAFileCannotBeTheSchemaRefuses(String text) {
    assertBothRefuse(text);
  }

  /** The parser leaves these to whoever boots the machine. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `{about: x, board: db845, processes: {p: []}}`
          `{about: x, set: {shedule: pct}, processes: {p: []}}`
          `{about: x, set: {schedule: fair}, processes: {p: []}}`
          """)
  void boardsAndSwitchesAreKnownToTheSchema(String text) throws Exception {
    assertThat(errorsOf(text)).isNotEmpty();
  }

  private void assertBothRefuse(String text) {
    assertThrows(
        ScenarioException.class, () -> ScenarioParser.parse(LANGUAGE, "s.yaml", text), text);
    assertWithMessage(text).that(errorsOf(text)).isNotEmpty();
  }

  private List<Error> errorsOf(String text) {
    Object loaded =
        new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(text);
    return schema.validate(new ObjectMapper().<JsonNode>valueToTree(loaded));
  }
}
