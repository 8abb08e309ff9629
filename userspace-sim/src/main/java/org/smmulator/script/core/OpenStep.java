package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;

/** {@code open}: opens any file. */
final class OpenStep extends StepType {
  private final FormField<String> node =
      required(
          "node",
          Scalar.text("a path", "renderD128 or /dev/dri/card0"),
          "The path, or a name in /dev/dri.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[read_only]"),
          ImmutableList.of(),
          "O_RDONLY in place of O_RDWR; O_NONBLOCK.");

  OpenStep() {
    super("open", "Opens a device node or any other file.", Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    Client client = process.client();
    ImmutableList<Flag> given = step.get(flags);
    int access = given.contains(Flag.READ_ONLY) ? Client.O_RDONLY : Client.O_RDWR;
    int waiting = given.contains(Flag.NONBLOCKING) ? Client.O_NONBLOCK : 0;
    return new Descriptor(client, client.open(path(step), access | waiting));
  }

  @Override
  protected String words(Step step) {
    return "opens " + path(step);
  }

  private String path(Step step) {
    String given = step.get(node);
    return given.startsWith("/") ? given : "/dev/dri/" + given;
  }

  private enum Flag {
    READ_ONLY,
    NONBLOCKING
  }
}
