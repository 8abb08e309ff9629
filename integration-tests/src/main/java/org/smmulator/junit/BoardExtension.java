package org.smmulator.junit;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/** See {@link Board}. */
final class BoardExtension implements ParameterResolver, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(BoardExtension.class);

  private final ImmutableMap<Class<?>, ProcessParameter> processes =
      ServiceLoader.load(ProcessParameter.class, BoardExtension.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .collect(toImmutableMap(ProcessParameter::type, kind -> kind));

  /** The machines of one test by what is annotated, in the order in which they booted. */
  private static final class Machines {
    final Map<AnnotatedElement, TestMachine> all = new LinkedHashMap<>();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type.equals(Machine.class) || processes.containsKey(type);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Board board = parameter.findAnnotation(Board.class).orElse(null);
    AnnotatedElement of = board == null ? annotated(parameter) : parameter.getParameter();
    if (of == null) {
      throw new ParameterResolutionException(
          "no @Board says which machine '%s' is of: annotate it, its method or its class"
              .formatted(parameter.getParameter().getName()));
    }
    if (context.getTestMethod().isEmpty()) {
      throw new ParameterResolutionException(
          "a machine belongs to one test, and '%s' would outlive it: ask for it in the test or in"
                  .formatted(parameter.getParameter().getName())
              + " @BeforeEach");
    }
    Machine machine =
        machine(of, board == null ? of.getAnnotation(Board.class) : board, context).machine();
    ProcessParameter process = processes.get(parameter.getParameter().getType());
    if (process == null) {
      return machine;
    }
    try {
      return process.of(machine.host(parameter.getParameter().getName()));
    } catch (ErrnoException e) {
      throw new ParameterResolutionException("%s could not begin".formatted(parameter), e);
    }
  }

  /**
   * Finds the place that tells the machine of {@code parameter}: its own annotation, that of its
   * method, of the class, or of the one other parameter that has it.
   */
  private static @Nullable AnnotatedElement annotated(ParameterContext parameter) {
    Parameter own = parameter.getParameter();
    List<AnnotatedElement> places = new ArrayList<>();
    places.add(own);
    places.add(own.getDeclaringExecutable());
    places.add(own.getDeclaringExecutable().getDeclaringClass());
    List<Parameter> others =
        Arrays.stream(own.getDeclaringExecutable().getParameters())
            .filter(other -> other.isAnnotationPresent(Board.class))
            .toList();
    if (others.size() == 1) {
      places.addAll(others);
    }
    return places.stream()
        .filter(place -> place.isAnnotationPresent(Board.class))
        .findFirst()
        .orElse(null);
  }

  private static TestMachine machine(AnnotatedElement of, Board board, ExtensionContext context) {
    Map<AnnotatedElement, TestMachine> all = machines(context).all;
    TestMachine known = all.get(of);
    if (known != null) {
      return known;
    }
    TestRun run = new TestRun(context);
    try {
      TestMachine made =
          new TestMachine(
              Machine.on(new Boards().load(board.value())).config(run.config(board)),
              run.trace(folder(run, all.size())));
      all.put(of, made);
      return made;
    } catch (BadInputException e) {
      throw new ParameterResolutionException(board + ": " + e.report(), e);
    } catch (IOException e) {
      throw new ParameterResolutionException("the trace of %s cannot be written".formatted(of), e);
    }
  }

  private static Machines machines(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(context.getUniqueId(), _ -> new Machines(), Machines.class);
  }

  /** The folder of a machine of a test, with a number behind it for a second one. */
  private static Path folder(TestRun run, int index) {
    Path folder = run.folder();
    return index == 0 ? folder : folder.resolveSibling(folder.getFileName() + "." + (index + 1));
  }

  /**
   * Checks and closes the machines: by itself, since a store of JUnit before 5.13 closes none of
   * them. If the test has failed, or a check does, their logs and traces are kept, and the failure
   * says where.
   */
  @Override
  @SuppressWarnings("ReferenceEquality") // a failure is told apart from another, however alike
  public void afterEach(ExtensionContext context) {
    TestRun run = new TestRun(context);
    List<TestMachine> all = List.copyOf(machines(context).all.values());
    machines(context).all.clear();
    Throwable ofTest = context.getExecutionException().orElse(null);
    Throwable first = ofTest;
    for (int i = 0; i < all.size(); i++) {
      TestMachine machine = all.get(i);
      Throwable ofMachine =
          ofTest == null ? failureOf(() -> machine.check(run, List.of())) : ofTest;
      if (ofMachine != null) {
        String kept = machine.keep(folder(run, i), run.name(), "");
        ofMachine.addSuppressed(new MachineAtFailure(kept + again(run)));
      }
      first = both(first, ofMachine);
      first = both(first, failureOf(machine::close));
    }
    if (first != ofTest) {
      rethrow(first);
    }
  }

  private static String again(TestRun run) {
    return "\nto run it again: " + run.command();
  }

  private static @Nullable Throwable failureOf(Runnable act) {
    try {
      act.run();
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }

  @SuppressWarnings("ReferenceEquality") // one failure cannot be suppressed in itself
  private static @Nullable Throwable both(@Nullable Throwable first, @Nullable Throwable next) {
    if (first == null) {
      return next;
    }
    if (next != null && next != first) {
      first.addSuppressed(next);
    }
    return first;
  }

  private static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown != null) {
      throw (AssertionError) thrown;
    }
  }

  /** Shown below a failure, for people; it was thrown nowhere. */
  static final class MachineAtFailure extends Exception {
    MachineAtFailure(String text) {
      super(text, null, false, false);
    }
  }
}
