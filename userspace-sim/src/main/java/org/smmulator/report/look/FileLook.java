package org.smmulator.report.look;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.task.Task;
import org.smmulator.machine.Machine;

/** Files of the machine as they are at a moment. */
public final class FileLook extends MomentProbe {
  private final ImmutableList<String> paths;
  private final Map<String, String> found = new LinkedHashMap<>();

  public FileLook(Moment moment, List<String> paths) {
    super(moment);
    this.paths = ImmutableList.copyOf(paths);
  }

  @Override
  void look(Machine machine, int pid) {
    paths.forEach(path -> found.put(path, read(machine, path)));
  }

  private static String read(Machine machine, String path) {
    Task observer = machine.observer();
    try {
      return switch (machine.nodes().stat(path, observer)) {
        case Node.Directory _ ->
            machine.nodes().readdir(path, observer).stream()
                .map(name -> name + "\n")
                .collect(joining());
        case Node.TextFile file -> file.content().get();
        default -> "(it must be opened to be read, which --cat does at the end of a run)\n";
      };
    } catch (ErrnoException e) {
      return "(it cannot be read: %s)\n".formatted(e.getMessage());
    }
  }

  @Override
  public void printFindings(PrintWriter out) {
    if (!hasCome()) {
      out.println();
      out.println("the moment %s never came".formatted(moment()));
    }
    found.forEach((path, text) -> {
      out.println();
      out.println("%s at %s".formatted(path, moment()));
      out.print(text);
    });
  }
}
