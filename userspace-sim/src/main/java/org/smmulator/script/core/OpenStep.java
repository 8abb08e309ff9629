package org.smmulator.script.core;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;

/** {@code open}: opens a device node. */
final class OpenStep extends StepType {
  private final FormField<String> node =
      required(
          "node",
          Scalar.text("a device node", "renderD128 or /dev/dri/card0"),
          "The node: a path, or a name in /dev/dri.");

  OpenStep() {
    super("open", "Opens a device node for reading and writing.", Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    return new Descriptor(process.client(), process.client().open(path(step)));
  }

  @Override
  protected String words(Step step) {
    return "opens " + path(step);
  }

  private String path(Step step) {
    String given = step.get(node);
    return given.startsWith("/") ? given : "/dev/dri/" + given;
  }
}
