package org.smmulator.script.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Client;

/** {@code write_file}: writes a text to a file of the kernel, as {@code echo} does. */
final class WriteFileStep extends StepType {
  private final FormField<String> path =
      required(
          "path",
          Scalar.text("a path", "/sys/bus/platform/drivers/exynos-drm-g2d/unbind"),
          "The path of the file.");
  private final FormField<String> text =
      required("text", Scalar.text("a text", "12480000.g2d"), "The line; a newline is added.");

  WriteFileStep() {
    super("write_file", "Writes a line to a file of the kernel; most are root's.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    Client client = process.client();
    int fd = client.openForWriting(step.get(path));
    try {
      var _ = client.write(fd, (step.get(text) + "\n").getBytes(UTF_8));
    } finally {
      client.close(fd);
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    return "writes '%s' to %s".formatted(step.get(text), step.get(path));
  }
}
