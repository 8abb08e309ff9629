package org.smmulator.junit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.smmulator.junit.BoardExtension.MachineAtFailure;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.FailureReport;
import org.smmulator.script.Failure;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Scenarios;

/** See {@link ScenarioTest}. */
final class ScenarioExtension implements TestTemplateInvocationContextProvider {
  private static final String SUFFIX = ".yaml";

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(ScenarioTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    ScenarioTest asked = context.getRequiredTestMethod().getAnnotation(ScenarioTest.class);
    if (asked.value().length == 0) {
      throw new ExtensionConfigurationException(
          "@ScenarioTest names no scenario: give it names, files or folders");
    }
    Scenarios scenarios = new Scenarios();
    return Arrays.stream(asked.value())
        .flatMap(ScenarioExtension::files)
        .flatMap(file -> load(scenarios, file).onEachBoard().stream())
        .map(ScenarioInvocation::new);
  }

  private static Stream<String> files(String place) {
    Path folder = Path.of(place);
    if (!Files.isDirectory(folder)) {
      return Stream.of(place);
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> scenarios =
          files.map(Path::toString).filter(name -> name.endsWith(SUFFIX)).sorted().toList();
      if (scenarios.isEmpty()) {
        throw new ExtensionConfigurationException(
            "@ScenarioTest finds no scenario in the folder '%s': their names end in %s"
                .formatted(place, SUFFIX));
      }
      return scenarios.stream();
    } catch (IOException e) {
      throw new ExtensionConfigurationException("the scenarios in %s".formatted(place), e);
    }
  }

  private static Scenario load(Scenarios scenarios, String file) {
    try {
      return scenarios.load(file);
    } catch (BadInputException e) {
      throw new ExtensionConfigurationException(e.report(), e);
    } catch (ScenarioException e) {
      throw new ExtensionConfigurationException(e.report(), e);
    }
  }

  /** The run of one scenario. */
  private record ScenarioInvocation(Scenario scenario)
      implements TestTemplateInvocationContext, InvocationInterceptor {
    @Override
    public String getDisplayName(int index) {
      return "%s on %s".formatted(scenario.file(), scenario.board().value());
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public void interceptTestTemplateMethod(
        Invocation<Void> body, ReflectiveInvocationContext<Method> method, ExtensionContext context)
        throws Throwable {
      run(new TestRun(context));
      body.proceed();
    }

    private void run(TestRun test) throws Exception {
      ScenarioBoard board = ScenarioBoard.of(scenario);
      TestMachine machine =
          new TestMachine(board.machine(test.switches(board.config())), test.trace(test.folder()));
      try {
        run(machine);
        machine.check(test, scenario.expectedLog());
      } catch (RuntimeException | AssertionError e) {
        String kept = machine.keep(test.folder(), scenario.about(), scenario.text());
        e.addSuppressed(
            new MachineAtFailure(kept + "\nto run it again: " + test.command(scenario)));
        throw e;
      } finally {
        machine.close();
      }
    }

    private void run(TestMachine on) {
      ScenarioRun run = new ScenarioRun(scenario, on.machine(), on.over(new RunListener() {}));
      run.run();
      Failure failure = run.failure();
      if (failure != null) {
        StringWriter text = new StringWriter();
        FailureReport.print(failure, on.machine(), new PrintWriter(text, true));
        throw new AssertionError(text.toString());
      }
    }
  }
}
