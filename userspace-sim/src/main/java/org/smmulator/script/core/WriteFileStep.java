package org.smmulator.script.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;

/**
 * {@code write_file}: {@code write()} to an open file, or a line to a path as {@code echo} does.
 */
final class WriteFileStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      optional("fd", Ref.own(Kind.DESCRIPTOR), "The open file.");
  private final FormField<String> path =
      optional(
          "path",
          Scalar.text("a path", "/sys/bus/platform/drivers/exynos-drm-g2d/unbind"),
          "A file that is opened for this; a text for it gets a newline.");
  private final FormField<String> text =
      optional("text", Scalar.text("a text", "on"), "The text to write.");
  private final FormField<ImmutableList<Long>> bytes =
      optional("bytes", Octets.TYPE, "The bytes to write, in place of a text.");

  WriteFileStep() {
    super(
        "write_file",
        "Writes to an open file, or to a path; yields how much was taken.",
        Kind.NUMBER);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if ((args.find(text) == null) == (args.find(bytes) == null)) {
      throw args.wrong("write_file takes a text or bytes", "say 'text' or 'bytes'");
    }
    if ((args.find(fd) == null) == (args.find(path) == null)) {
      throw args.wrong("write_file writes to one file", "say 'fd' or 'path'");
    }
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    Client client = process.client();
    Ref<Descriptor> open = step.find(fd);
    if (open != null) {
      return (long) client.write(process.own(open).number(), content(step, ""));
    }
    int number = client.openForWriting(step.get(path));
    try {
      return (long) client.write(number, content(step, "\n"));
    } finally {
      client.close(number);
    }
  }

  private byte[] content(Step step, String end) {
    String words = step.find(text);
    return words == null ? Octets.of(step.get(bytes)) : (words + end).getBytes(UTF_8);
  }

  @Override
  protected String words(Step step) {
    Ref<Descriptor> open = step.find(fd);
    return open != null
        ? "writes to " + open
        : "writes '%s' to %s".formatted(step.find(text), step.get(path));
  }
}
