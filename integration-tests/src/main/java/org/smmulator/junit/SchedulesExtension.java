package org.smmulator.junit;

import com.google.common.primitives.Ints;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** See {@link Schedules}. */
final class SchedulesExtension implements TestTemplateInvocationContextProvider {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SchedulesExtension.class);

  /** One run, and the switches that its machines are booted with. */
  record SeededRun(String schedule, int seed) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return toString();
    }

    /** Tells {@link BoardExtension}, which makes the machines after this. */
    @Override
    public List<Extension> getAdditionalExtensions() {
      BeforeEachCallback tell = context -> context.getStore(NAMESPACE).put("run", this);
      return List.of(tell);
    }

    @Override
    public String toString() {
      return "schedule=" + schedule + ", seed=" + seed;
    }
  }

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(Schedules.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Schedules asked = context.getRequiredTestMethod().getAnnotation(Schedules.class);
    if (asked.count() < 1) {
      throw new ExtensionConfigurationException(
          "@Schedules(count = %d) runs nothing: a count is 1 or more".formatted(asked.count()));
    }
    IntStream all = IntStream.range(0, asked.count());
    return TestRun.seedAskedFor(context)
        .map(seed -> IntStream.of(number(seed)))
        .orElse(all)
        .mapToObj(seed -> new SeededRun(asked.schedule(), seed));
  }

  private static int number(String seed) {
    Integer number = Ints.tryParse(seed);
    if (number == null) {
      throw new ExtensionConfigurationException(
          "%s is '%s', which is no number".formatted(TestRun.SEED, seed));
    }
    return number;
  }

  /** The run that {@code context} is in; null in a test of one run. */
  static @Nullable SeededRun runOf(ExtensionContext context) {
    return context.getStore(NAMESPACE).get("run", SeededRun.class);
  }
}
