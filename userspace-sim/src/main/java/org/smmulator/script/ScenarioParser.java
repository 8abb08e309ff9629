package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.Scenario.PlannedFault;
import org.smmulator.script.Scenario.ProcessScript;
import org.smmulator.script.Scenario.Setting;
import org.smmulator.script.Scenario.User;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a scenario file, YAML 1.2, strictly. */
public final class ScenarioParser {
  private static final String DEFAULT_BOARD = "db845c";

  /** Stands for "after everything" where a process's name is needed; no process can have it. */
  private static final String AFTER = "(after)";

  /** The form of the key {@code lesson}. */
  static final LessonForm LESSON = new LessonForm();

  private final Language language;
  private final String name;
  private final String file;

  private ScenarioParser(Language language, String name, String file) {
    this.language = language;
    this.name = name;
    this.file = file;
  }

  /**
   * Reads a scenario that a user has in a file.
   *
   * @param language the steps and expectations that it may use
   * @param file its name, for messages and commands
   * @throws ScenarioException naming the place and the cure, if it cannot be run
   */
  public static Scenario parse(Language language, String file, String text)
      throws ScenarioException {
    return parse(language, file, file, text);
  }

  /** The same of a scenario that commands know by another name. */
  static Scenario parse(Language language, String name, String file, String text)
      throws ScenarioException {
    ScenarioParser parser = new ScenarioParser(language, name, file);
    try {
      return parser.scenario(text);
    } catch (RuntimeException | StackOverflowError bug) {
      throw parser.cannotRead(bug);
    }
  }

  /** The last net at this door: an input that the parser stumbles over is bad input too. */
  private ScenarioException cannotRead(Throwable bug) {
    return new ScenarioException(
        new SourceLocation(file, 1, 1),
        "the file cannot be read: " + bug,
        "write it more simply; this message should have a place, so please report the file");
  }

  private Scenario scenario(String text) throws ScenarioException {
    Fields top =
        new YamlValue(file, "the scenario", compose(text), Indices.NONE)
            .mapping("the scenario")
            .allowOnly(Scenario.Key.words());
    YamlValue story = top.find("story");
    YamlValue lesson = top.find("lesson");
    ImmutableList<Setting> boards = boards(top.find("board"));
    Names names = new Names(language);
    ImmutableList<PlannedFault> faults = faults(top.find("faults"), names);
    ImmutableList<ProcessScript> processes = processes(top, names);
    ImmutableList<Step> after = after(top.find("after"), names);
    names.finish();
    return new Scenario(
        name,
        file,
        text,
        top.require("about").text("a title", "about: Two processes, one address"),
        story == null ? "" : story.text("a text", "story: ..."),
        lesson == null ? null : LESSON.lesson(lesson, new Scope(AFTER, Side.USER, names, 0)),
        boards.getFirst(),
        boards.subList(1, boards.size()),
        settings(top.find("set")),
        faults,
        processes,
        after);
  }

  /** One board, or several that it runs on in turn. */
  private ImmutableList<Setting> boards(@Nullable YamlValue value) throws ScenarioException {
    if (value == null) {
      return ImmutableList.of(new Setting(new SourceLocation(file, 1, 1), DEFAULT_BOARD));
    }
    ImmutableList<YamlValue> each =
        value.isList() ? value.list("board: [db410c, db820c]") : ImmutableList.of(value);
    if (each.isEmpty()) {
      throw value.wrong("there is no board", "name one: 'board: db845c'");
    }
    ImmutableList.Builder<Setting> boards = ImmutableList.builder();
    for (YamlValue board : each) {
      boards.add(new Setting(board.place(), board.text("a board", "board: db845c")));
    }
    return boards.build();
  }

  private Node compose(String text) throws ScenarioException {
    // One buffer for all of it: the reader trips over a surrogate pair that two buffers share.
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setBufferSize(Math.max(1, text.length()))
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isPresent()) {
        return root.get();
      }
    } catch (MarkedYamlEngineException e) {
      throw notYaml(e.getProblem(), e.getProblemMark().orElse(null));
    } catch (StackOverflowError e) {
      throw notYaml("it is nested thousands of levels deep", null);
    } catch (YamlEngineException e) {
      throw notYaml(String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable"), null);
    }
    throw new ScenarioException(
        new SourceLocation(file, 1, 1),
        "the file is empty",
        "add 'about: ...' and 'processes: ...'");
  }

  private ScenarioException notYaml(String problem, @Nullable Mark mark) {
    SourceLocation place =
        mark == null
            ? new SourceLocation(file, 1, 1)
            : new SourceLocation(file, mark.getLine() + 1, mark.getColumn() + 1);
    return new ScenarioException(
        place,
        "this is not YAML: " + problem,
        "check indentation, brackets and quotes around here");
  }

  private static ImmutableMap<String, Setting> settings(@Nullable YamlValue value)
      throws ScenarioException {
    ImmutableMap.Builder<String, Setting> settings = ImmutableMap.builder();
    if (value != null) {
      Fields fields = value.mapping("set");
      for (String key : fields.keys()) {
        String text = fields.require(key).text("a value", "gem.backing: scattered");
        settings.put(key, new Setting(fields.placeOfKey(key), text));
      }
    }
    return settings.buildOrThrow();
  }

  private ImmutableList<PlannedFault> faults(@Nullable YamlValue value, Names names)
      throws ScenarioException {
    if (value == null) {
      return ImmutableList.of();
    }
    Scope scope = new Scope(AFTER, Side.USER, names, 0);
    ImmutableList.Builder<PlannedFault> faults = ImmutableList.builder();
    for (YamlValue each : value.list("faults: [{lose_interrupt: {device: 5000000.gpu}}]")) {
      Phrase<FaultType> read = language.faults().read(each, scope);
      faults.add(new PlannedFault(read.place(), read.form().injection(read.args())));
    }
    return faults.build();
  }

  /** Those on both sides; one side may be empty. */
  private ImmutableList<ProcessScript> processes(Fields top, Names names) throws ScenarioException {
    YamlValue drivers = top.find("kernel");
    YamlValue programs = drivers == null ? top.require("processes") : top.find("processes");
    ImmutableList.Builder<ProcessScript> all = ImmutableList.builder();
    if (drivers != null) {
      all.addAll(processes(drivers, "kernel", Side.KERNEL, names));
    }
    if (programs != null) {
      all.addAll(processes(programs, "processes", Side.USER, names));
    }
    return all.build();
  }

  private ImmutableList<ProcessScript> processes(
      YamlValue value, String section, Side side, Names names) throws ScenarioException {
    Fields fields = value.mapping(section);
    ImmutableList.Builder<ProcessScript> processes = ImmutableList.builder();
    for (String name : fields.keys()) {
      processes.add(process(name, side, fields, names));
    }
    if (fields.keys().isEmpty()) {
      throw value.wrong("there is no process", "add one: 'painter: [...]'");
    }
    return processes.build();
  }

  /** A list of steps; for a program, also a mapping that says which user does them. */
  private static ProcessScript process(String name, Side side, Fields section, Names names)
      throws ScenarioException {
    SourceLocation place = section.placeOfKey(name);
    YamlValue value = section.require(name);
    names.startProcess(name, side, place);
    Scope scope = new Scope(name, side, names, 0);
    if (side == Side.KERNEL || !value.isMapping()) {
      return new ProcessScript(place, name, side, User.ROOT, StepsType.steps(value, scope));
    }
    Fields fields = value.fields("the process " + name, "user", "steps");
    YamlValue user = fields.find("user");
    return new ProcessScript(
        place,
        name,
        side,
        user == null ? User.ROOT : FieldType.oneOf(User.class).read(user, scope),
        StepsType.steps(fields.require("steps"), scope));
  }

  private ImmutableList<Step> after(@Nullable YamlValue value, Names names)
      throws ScenarioException {
    if (value == null) {
      return ImmutableList.of();
    }
    ImmutableList<Step> steps = StepsType.steps(value, new Scope(AFTER, Side.USER, names, 0));
    for (Step step : steps) {
      Phrase<ExpectationType> expected = ExpectStep.of(step);
      boolean onTheMachine = expected != null && expected.form() instanceof MachineExpectation;
      if (!onTheMachine) {
        throw new ScenarioException(
            step.place(),
            "when every process has ended only the kernel log is left to look at",
            "use 'expect: {dmesg: ...}', or move the step into a process");
      }
    }
    return steps;
  }

  /** {@code lesson: {number: 1, layer: drm, ...}}: what the scenario teaches. */
  static final class LessonForm extends Form {
    private final FormField<Long> number =
        required(
            "number",
            Scalar.between(1, 99),
            "Its place among those of its layer: a smaller number comes before.");
    private final FormField<Scenario.Layer> layer =
        required("layer", FieldType.oneOf(Scenario.Layer.class), "The layer that it is about.");
    private final FormField<ImmutableList<String>> retells =
        required(
            "retells",
            FieldType.listOf(
                Scalar.text("a file of Linux", "drivers/iommu/iommu.c"), "[drivers/iommu/iommu.c]"),
            "The files of Linux whose story it tells.");
    private final FormField<String> picture =
        optional("picture", Scalar.text("a text", "gpu -> smmu"), "", "A picture in characters.");
    private final FormField<String> question =
        required("question", Scalar.text("a text", "Why?"), "What the reader is asked.");
    private final FormField<String> answer =
        required("answer", Scalar.text("a text", "Because."), "What --answer says.");
    private final FormField<String> shownBy =
        optional(
            "shown_by",
            Scalar.text("a scenario", "two-processes"),
            "The scenario whose run shows the answer; left out, this one.");

    LessonForm() {
      super("lesson", "What a scenario teaches.");
    }

    Scenario.Lesson lesson(YamlValue body, Scope scope) throws ScenarioException {
      Args args = read(body, scope);
      return new Scenario.Lesson(
          args.get(number).intValue(),
          args.get(layer),
          args.get(retells),
          args.get(picture),
          args.get(question).strip(),
          args.get(answer).strip(),
          args.find(shownBy));
    }
  }
}
