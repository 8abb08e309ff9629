package org.smmulator.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.task.Task;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.userspace.Client;

/** Prints a node of the machine's file tree: a file's text, or a directory's names. */
public final class NodeReport {
  private static final int CHUNK_BYTES = 16 << 10;

  private final Machine machine;
  private final PrintWriter out;

  public NodeReport(Machine machine, PrintWriter out) {
    this.machine = machine;
    this.out = out;
  }

  /**
   * Prints it as root sees it.
   *
   * @param path such as {@code /sys/kernel/debug/iommu/0/table}
   * @throws BadInputException if there is nothing, or nothing that can be read
   */
  public void print(String path) throws BadInputException {
    try {
      Client root = machine.hostRoot("cat");
      Task task = requireNonNull(machine.processes().find(root.pid())).task();
      if (machine.nodes().stat(path, task) instanceof Node.Directory) {
        machine.nodes().readdir(path, task).forEach(out::println);
      } else {
        printFile(root, path);
      }
      root.exit();
    } catch (ErrnoException e) {
      throw new BadInputException(
          "'%s' cannot be read: %s".formatted(path, e.getMessage()),
          "look around from '/sys/kernel', '/proc' or '/dev' on: a directory's names are printed");
    }
  }

  private void printFile(Client reader, String path) throws ErrnoException {
    int file = reader.openForReading(path);
    for (byte[] part = reader.read(file, CHUNK_BYTES);
        part.length > 0;
        part = reader.read(file, CHUNK_BYTES)) {
      out.print(new String(part, UTF_8));
    }
  }
}
