package org.smmulator.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.smmulator.junit.SchedulesExtension.SeededRun;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.FtraceText;

/** See {@link Board}. */
final class BoardExtension implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(BoardExtension.class);
  private static final int LAST_LINES = 12;

  /** The machines of one test, in the order of its parameters. */
  private static final class Machines {
    final List<Machine> all = new ArrayList<>();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.isAnnotated(Board.class)
        && parameter.getParameter().getType().equals(Machine.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Board board = parameter.findAnnotation(Board.class).orElseThrow();
    try {
      Machine machine =
          Machine.on(new Boards().load(board.value()))
              .config(config(board, SchedulesExtension.runOf(context)))
              .traced()
              .boot();
      machines(context).all.add(machine);
      return machine;
    } catch (BadInputException e) {
      throw new ParameterResolutionException(board + ": " + e.report(), e);
    }
  }

  private static KernelConfig config(Board board, @Nullable SeededRun run)
      throws BadInputException {
    KernelConfig config = KernelConfig.defaults();
    if (run != null) {
      config = config.with("schedule", run.schedule()).with("seed", "" + run.seed());
    }
    for (String switched : board.set()) {
      config = config.with(switched);
    }
    return config;
  }

  private static Machines machines(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(context.getUniqueId(), _ -> new Machines(), Machines.class);
  }

  /**
   * Closes the machines: by itself, since a store of JUnit before 5.13 closes none of them. If the
   * test has failed, their logs and traces are kept, and the failure says where.
   */
  @Override
  public void afterEach(ExtensionContext context) {
    List<Machine> all = machines(context).all;
    context
        .getExecutionException()
        .ifPresent(failure -> {
          for (int i = 0; i < all.size(); i++) {
            failure.addSuppressed(kept(all.get(i), folder(context, i)));
          }
        });
    Throwable first = null;
    for (Machine machine : all) {
      try {
        machine.close();
      } catch (RuntimeException | AssertionError e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    all.clear();
    if (first instanceof RuntimeException thrown) {
      throw thrown;
    }
    if (first != null) {
      throw (AssertionError) first;
    }
  }

  /** {@code target/smmulator/CLASS.METHOD}, with a number behind it for a second machine. */
  private static Path folder(ExtensionContext context, int index) {
    String test =
        context.getRequiredTestClass().getSimpleName()
            + "."
            + context.getRequiredTestMethod().getName();
    SeededRun run = SchedulesExtension.runOf(context);
    if (run != null) {
      test += ".seed-" + run.seed();
    }
    return Path.of("target", "smmulator", index == 0 ? test : test + "." + (index + 1));
  }

  private static MachineAtFailure kept(Machine machine, Path folder) {
    ImmutableList<Dmesg.Line> log = ImmutableList.copyOf(machine.dmesg().lines());
    StringBuilder text = new StringBuilder("the machine's log ended with:");
    for (Dmesg.Line line : log.subList(Math.max(0, log.size() - LAST_LINES), log.size())) {
      text.append("\n  ").append(line);
    }
    try {
      Files.createDirectories(folder);
      Files.write(
          folder.resolve("dmesg.txt"), log.stream().map(Dmesg.Line::toString).toList(), UTF_8);
      try (Writer trace = Files.newBufferedWriter(folder.resolve("trace.txt"), UTF_8)) {
        FtraceText.write(machine.tracer(), machine.cpuCount(), trace);
      }
      text.append("\nall of it, and the trace, are in ").append(folder.toAbsolutePath());
    } catch (IOException e) {
      text.append("\nit could not be kept in ").append(folder).append(": ").append(e);
    }
    return new MachineAtFailure(text.toString());
  }

  /** Shown below a failure, for people; it was thrown nowhere. */
  static final class MachineAtFailure extends Exception {
    MachineAtFailure(String text) {
      super(text, null, false, false);
    }
  }
}
