package org.smmulator.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.smmulator.machine.input.Nearest;

/**
 * The names that the steps of a scenario give, checked before anything runs: each is given once,
 * used for what it is, and, in its own process, given before it is used.
 */
final class Names {
  private record Use(NameRef ref, Kind kind) {}

  private final Map<String, Map<String, Kind>> byProcess = new LinkedHashMap<>();
  private final List<Use> foreign = new ArrayList<>();
  private final Map<String, SourceLocation> processes = new LinkedHashMap<>();

  void startProcess(String process) {
    byProcess.put(process, new LinkedHashMap<>());
  }

  void give(String process, YamlValue as, String name, Kind kind) throws ScenarioException {
    if (of(process).put(name, kind) != null) {
      throw as.wrong("the name '%s' is taken".formatted(name), "choose another name");
    }
  }

  /** Notes that {@code process} uses {@code ref} as a {@code kind}. */
  void use(String process, NameRef ref, Kind kind) throws ScenarioException {
    if (ref.process() != null) {
      foreign.add(new Use(ref, kind)); // its process may stand further down in the file
      return;
    }
    check(ref, kind, of(process), process);
  }

  /** Notes that a step speaks of another process. */
  void useProcess(String process, SourceLocation place) {
    processes.putIfAbsent(process, place);
  }

  /** Checks the names of other processes, when all of them are known. */
  void finish() throws ScenarioException {
    for (Map.Entry<String, SourceLocation> used : processes.entrySet()) {
      var _ = namesOf(used.getKey(), used.getValue());
    }
    for (Use use : foreign) {
      String process = String.valueOf(use.ref.process());
      check(use.ref, use.kind, namesOf(process, use.ref.place()), process);
    }
  }

  private Map<String, Kind> namesOf(String process, SourceLocation place) throws ScenarioException {
    Map<String, Kind> names = byProcess.get(process);
    if (names == null) {
      throw new ScenarioException(
          place,
          "there is no process '%s'".formatted(process),
          Nearest.cure(process, byProcess.keySet()));
    }
    return names;
  }

  private static void check(NameRef ref, Kind kind, Map<String, Kind> names, String process)
      throws ScenarioException {
    Kind found = names.get(ref.name());
    if (found == null) {
      throw new ScenarioException(
          ref.place(),
          "%s has no '%s' at this point: expected %s".formatted(process, ref.name(), kind.words()),
          Nearest.cure(ref.name(), new TreeSet<>(names.keySet()))
              + "; name one with 'as:' in a step "
              + kind.makers());
    }
    if (found != kind) {
      throw new ScenarioException(
          ref.place(),
          "'%s' is %s, expected %s".formatted(ref, found.words(), kind.words()),
          "use a name that a step %s gives".formatted(kind.makers()));
    }
  }

  private Map<String, Kind> of(String process) {
    return byProcess.computeIfAbsent(process, p -> new LinkedHashMap<>());
  }
}
