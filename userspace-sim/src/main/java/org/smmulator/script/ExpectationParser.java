package org.smmulator.script;

import com.google.common.collect.ImmutableList;

/** Reads {@code expect: {read: canvas+0x10, is: 0xcafe}} and its siblings. */
final class ExpectationParser {
  private static final ImmutableList<String> SUBJECTS =
      ImmutableList.of("read", "iova", "fence", "number", "dmesg");

  private final StepParser steps;

  ExpectationParser(StepParser steps) {
    this.steps = steps;
  }

  Expectation expectation(Fields f) throws ScenarioException {
    String subject = null;
    for (String key : f.keys()) {
      if (SUBJECTS.contains(key)) {
        if (subject != null) {
          throw f.wrong(
              "expect looks at one thing, not at '%s' and '%s'".formatted(subject, key),
              "make two steps of it");
        }
        subject = key;
      }
    }
    if (subject == null) {
      String first = f.keys().isEmpty() ? "" : f.keys().get(0);
      throw f.unknown(first, "expect does not say what to look at", SUBJECTS);
    }
    return expectation(subject, f);
  }

  private Expectation expectation(String subject, Fields f) throws ScenarioException {
    return switch (subject) {
      case "read" -> {
        allow(f, "read", "is");
        yield new Expectation.Memory(
            steps.cpuAddress(f.require("read")), steps.value32(f.require("is")));
      }
      case "iova" -> {
        allow(f, "iova", "equals");
        yield new Expectation.Iova(
            steps.ref(f.require("iova"), Kind.BUFFER), steps.address(f.require("equals")));
      }
      case "fence" -> {
        allow(f, "fence", "is");
        FenceState state = f.require("is").oneOf(FenceState.class);
        yield new Expectation.Fence(
            steps.ref(f.require("fence"), Kind.JOB), state == FenceState.SIGNALLED);
      }
      case "number" -> {
        allow(f, "number", "is");
        yield new Expectation.Value(
            steps.ref(f.require("number"), Kind.NUMBER), f.require("is").number());
      }
      default -> {
        allow(f, "dmesg", "times");
        YamlValue times = f.find("times");
        yield new Expectation.Dmesg(
            f.require("dmesg").text("a text", "\"Unhandled context fault\""),
            times == null ? null : (int) times.number());
      }
    };
  }

  private static void allow(Fields f, String... keys) throws ScenarioException {
    var _ = f.allowOnly(ImmutableList.copyOf(keys));
  }

  private enum FenceState {
    SIGNALLED,
    PENDING
  }
}
