package org.smmulator.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.smmulator.machine.input.Nearest;

/**
 * The names that the steps of a scenario give, checked before anything runs: each is given once,
 * used for what it is, and, in its own process, given before it is used.
 */
final class Names {
  /** More than anybody writes; a repeat of repeats would otherwise fill the host's memory. */
  static final int MAX_STEPS = 10_000;

  private static final int COMM_LENGTH = 15;

  /** The form of a process's name. */
  static final Pattern PROCESS =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,%d}".formatted(COMM_LENGTH - 1));

  private final Map<String, Map<String, Kind<?>>> byProcess = new LinkedHashMap<>();
  private final List<Ref<?>> foreign = new ArrayList<>();
  private final Map<String, SourceLocation> processes = new LinkedHashMap<>();
  private final Set<String> drivers = new TreeSet<>();
  private final Map<String, SourceLocation> faults = new LinkedHashMap<>();
  private final Set<String> injected = new TreeSet<>();
  private final Language language;
  private int steps;

  /**
   * Starts without any name.
   *
   * @param language tells which steps give a name that is missing
   */
  Names(Language language) {
    this.language = language;
  }

  Language language() {
    return language;
  }

  /** Counts a step; a scenario has a limited number of them. */
  void count(SourceLocation place) throws ScenarioException {
    if (++steps > MAX_STEPS) {
      throw new ScenarioException(
          place, "the scenario has more than %d steps".formatted(MAX_STEPS), "repeat less often");
    }
  }

  void startProcess(String process, Side side, SourceLocation place) throws ScenarioException {
    if (!PROCESS.matcher(process).matches()) {
      throw new ScenarioException(
          place,
          "'%s' cannot name a process".formatted(process),
          "use at most 15 letters, digits, _ and -");
    }
    if (side == Side.KERNEL) {
      drivers.add(process);
    }
    if (byProcess.putIfAbsent(process, new LinkedHashMap<>()) != null) {
      throw new ScenarioException(
          place,
          "there is another '%s'".formatted(process),
          "choose another name; in a repeat, one with its index");
    }
  }

  /** A child starts, with the names that its parent has by now. */
  void fork(String parent, String child, SourceLocation place) throws ScenarioException {
    startProcess(child, Side.USER, place);
    of(child).putAll(of(parent));
  }

  void give(String process, StepType.Name as, Kind<?> kind) throws ScenarioException {
    if (of(process).put(as.text(), kind) != null) {
      throw as.wrong("the name '%s' is taken".formatted(as.text()), "choose another name");
    }
  }

  /** Notes that {@code process} uses {@code ref}. */
  void use(String process, Ref<?> ref) throws ScenarioException {
    if (ref.process() != null) {
      foreign.add(ref); // its process may stand further down in the file
      return;
    }
    check(ref, of(process), process);
  }

  /** Notes that a step speaks of another process. */
  void useProcess(String process, SourceLocation place) {
    processes.putIfAbsent(process, place);
  }

  /** A fault waits for {@code word}. */
  void giveFault(String word, SourceLocation place) {
    faults.putIfAbsent(word, place);
  }

  /** A step arms the faults that wait for {@code word}. */
  void useFault(String word, SourceLocation place) throws ScenarioException {
    if (!faults.containsKey(word)) {
      throw new ScenarioException(
          place,
          "no fault waits for '%s'".formatted(word),
          faults.isEmpty()
              ? "add 'armed_by: %s' to one in 'faults:'".formatted(word)
              : Nearest.cure(word, faults.keySet()));
    }
    injected.add(word);
  }

  private void checkFaultsAreArmed() throws ScenarioException {
    for (Map.Entry<String, SourceLocation> fault : faults.entrySet()) {
      if (!injected.contains(fault.getKey())) {
        throw new ScenarioException(
            fault.getValue(),
            "no step arms the fault that waits for '%s'".formatted(fault.getKey()),
            "add '- inject: %s' to a process, or remove 'armed_by'".formatted(fault.getKey()));
      }
    }
  }

  /** Checks the names of other processes, when all of them are known. */
  void finish() throws ScenarioException {
    checkFaultsAreArmed();
    for (Map.Entry<String, SourceLocation> used : processes.entrySet()) {
      var _ = namesOf(used.getKey(), used.getValue());
      if (drivers.contains(used.getKey())) {
        throw new ScenarioException(
            used.getValue(),
            "'%s' is a driver, which is no task".formatted(used.getKey()),
            "name a process of 'processes:'");
      }
    }
    for (Ref<?> ref : foreign) {
      String process = String.valueOf(ref.process());
      check(ref, namesOf(process, ref.place()), process);
    }
  }

  private Map<String, Kind<?>> namesOf(String process, SourceLocation place)
      throws ScenarioException {
    Map<String, Kind<?>> names = byProcess.get(process);
    if (names == null) {
      throw new ScenarioException(
          place,
          "there is no process '%s'".formatted(process),
          Nearest.cure(process, byProcess.keySet()));
    }
    return names;
  }

  private void check(Ref<?> ref, Map<String, Kind<?>> names, String process)
      throws ScenarioException {
    Kind<?> wanted = ref.kind();
    Kind<?> found = names.get(ref.name());
    if (found == null) {
      throw new ScenarioException(
          ref.place(),
          "%s has no '%s' at this point: expected %s"
              .formatted(process, ref.name(), wanted.words()),
          Nearest.cure(ref.name(), new TreeSet<>(names.keySet()))
              + "; name one with 'as:' in a step "
              + language.makersOf(wanted, sideOf(process)));
    }
    if (!wanted.includes(found)) {
      throw new ScenarioException(
          ref.place(),
          "'%s' is %s, expected %s".formatted(ref, found.words(), wanted.words()),
          "use a name that a step %s gives".formatted(language.makersOf(wanted, sideOf(process))));
    }
  }

  private Side sideOf(String process) {
    return drivers.contains(process) ? Side.KERNEL : Side.USER;
  }

  private Map<String, Kind<?>> of(String process) {
    return byProcess.computeIfAbsent(process, p -> new LinkedHashMap<>());
  }
}
