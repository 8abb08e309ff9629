package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code file}: a text file of {@code /sys}, as root reads it, holds a text. */
final class FileExpectation extends MachineExpectation {
  private final FormField<String> path =
      required(
          "file",
          Scalar.text("a path", "/sys/class/devcoredump/devcd1/data"),
          "The path of the file.");
  private final FormField<String> text =
      required(
          "contains", Scalar.text("a text", "\"comm: painter\""), "A part of it; case counts.");

  FileExpectation() {
    super("file", "A text file of the kernel, as root sees it, holds a text.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    String found = read(args.get(path), machine);
    FailedExpectation.unless(
        found.contains(args.get(text)),
        "'%s' in %s".formatted(args.get(text), args.get(path)),
        found.isEmpty() ? "there is no such text file" : "it holds %s".formatted(shortened(found)));
  }

  private static String read(String path, Machine machine) {
    try {
      Node node = machine.nodes().stat(path, machine.observer());
      return node instanceof Node.TextFile file ? file.content().get() : "";
    } catch (ErrnoException e) {
      return "";
    }
  }

  private static String shortened(String found) {
    return found.lines().limit(10).toList().toString();
  }

  @Override
  protected String words(Args args) {
    return "finds in %s '%s'".formatted(args.get(path), args.get(text));
  }
}
