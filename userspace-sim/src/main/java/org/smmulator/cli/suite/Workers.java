package org.smmulator.cli.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;

/**
 * JVMs of their own that run tests side by side: the first takes the first test, the second the
 * next, and so on in turn. Each prints a line for each of its tests, so that they are read in the
 * order of the suite whoever is faster.
 */
public final class Workers implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Worker(Process process, BufferedReader lines) {}

  private final ImmutableList<Worker> workers;

  private Workers(ImmutableList<Worker> workers) {
    this.workers = workers;
  }

  /**
   * Starts {@code count} JVMs.
   *
   * @param main the class that they run
   * @param arguments of the program; each worker gets {@code --shard=I/COUNT} too
   * @throws BadInputException if the host starts no more processes
   */
  public static Workers start(int count, Class<?> main, List<String> arguments)
      throws BadInputException {
    ImmutableList.Builder<Worker> started = ImmutableList.builder();
    try {
      for (int i = 0; i < count; i++) {
        Process process = start(main, arguments, "--shard=%d/%d".formatted(i, count));
        started.add(new Worker(process, process.inputReader(UTF_8)));
      }
    } catch (IOException e) {
      new Workers(started.build()).close();
      throw new BadInputException(
          "the host starts no further JVM: " + UserFiles.reason(e), "try fewer --jobs");
    }
    return new Workers(started.build());
  }

  private static Process start(Class<?> main, List<String> arguments, String shard)
      throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        ImmutableList.<String>builder()
            .add(java.toString())
            .addAll(ManagementFactory.getRuntimeMXBean().getInputArguments())
            .add("-cp", System.getProperty("java.class.path"))
            .add(main.getName())
            .addAll(arguments)
            .add(shard)
            .build();
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The line that a worker prints for a test. */
  public static String line(List<Attempt> attempts) {
    try {
      return JSON.writeValueAsString(attempts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The runs of the test with that number; waits until its worker has done them. */
  public ImmutableList<Attempt> attemptsOf(int number) {
    Worker worker = workers.get(number % workers.size());
    try {
      String line = worker.lines().readLine();
      if (line != null) {
        return ImmutableList.copyOf(JSON.readValue(line, new TypeReference<List<Attempt>>() {}));
      }
    } catch (IOException e) {
      return lost(e.toString());
    }
    return lost("it is gone");
  }

  private static ImmutableList<Attempt> lost(String how) {
    String reason = "the JVM that ran it gave no answer: " + how;
    return ImmutableList.of(new Attempt(null, Status.CRASH, reason, List.of(), 0));
  }

  @Override
  public void close() {
    workers.forEach(worker -> worker.process().destroy());
  }
}
