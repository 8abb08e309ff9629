package org.smmulator.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A suite is run within a test, which looks at what became of its tests. */
public final class SuiteRun {
  private SuiteRun() {}

  /** Runs all of a suite. */
  public static Events of(Class<?> suite) {
    return all(suite).execute().testEvents();
  }

  /** Runs one test of a suite, whatever its parameters are. */
  static Events of(Class<?> suite, String test) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(
            Arrays.stream(suite.getDeclaredMethods())
                .filter(method -> method.getName().equals(test))
                .map(method -> selectMethod(suite, method))
                .toArray(DiscoverySelector[]::new))
        .execute()
        .testEvents();
  }

  /** All of a suite, to be configured. */
  static EngineTestKit.Builder all(Class<?> suite) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(suite));
  }

  /** The failure of the first test that failed. */
  static Throwable failure(Events tests) {
    return tests.failed().stream()
        .findFirst()
        .orElseThrow()
        .getPayload(TestExecutionResult.class)
        .orElseThrow()
        .getThrowable()
        .orElseThrow();
  }
}
