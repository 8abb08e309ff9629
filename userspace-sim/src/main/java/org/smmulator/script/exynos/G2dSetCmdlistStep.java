package org.smmulator.script.exynos;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Choice;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;

/** {@code g2d_set_cmdlist}: {@code DRM_IOCTL_EXYNOS_G2D_SET_CMDLIST}. */
final class G2dSetCmdlistStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");
  private final FormField<ImmutableList<Phrase<G2dCommandType>>> commands;
  private final FormField<Long> event;

  G2dSetCmdlistStep(ImmutableList<G2dCommandType> forms) {
    super("g2d_set_cmdlist", "Adds a list of commands to those that g2d_exec runs: one blit.");
    commands =
        required(
            "commands",
            FieldType.listOf(
                new Choice<>("command", "put braces around each command", forms),
                "[{fill: {to: canvas, width: 64, rect: [0, 0, 8, 8], color: 7}}]"),
            "Registers to set, one by one or by the names of libdrm's calls.");
    event =
        optional("event", Scalar.NUMBER, "The user_data of an event that tells when it is done.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    G2dList list = new G2dList();
    for (Phrase<G2dCommandType> command : step.get(commands)) {
      command.form().encode(command.args(), list, process);
    }
    ExynosDevice device = ExynosDevice.of(process.own(step.get(fd)));
    Long userData = step.find(event);
    if (userData == null) {
      list.submit(device);
    } else {
      list.submit(device, userData);
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    return "adds a list for the 2D engine: "
        + step.get(commands).stream()
            .map(command -> command.form().words(command.args()))
            .collect(joining(", "));
  }
}
