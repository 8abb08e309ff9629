package org.smmulator.script.kms;

import com.google.common.collect.ImmutableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code plug_monitor}, {@code unplug_monitor}: a hand at a socket of the board. */
final class MonitorPlugStep extends StepType {
  private final Consumer<Monitor> act;
  private final String words;
  private final FormField<String> socket =
      optional(
          "socket",
          Scalar.text("the name of a node", "hdmi@14530000"),
          "Which socket of the board, by its node; left out, the first.");

  private MonitorPlugStep(String keyword, String sentence, String words, Consumer<Monitor> act) {
    super(keyword, sentence);
    this.words = words;
    this.act = act;
  }

  static MonitorPlugStep plug() {
    return new MonitorPlugStep(
        "plug_monitor",
        "Plugs in the monitor that was in a socket of the board when it was turned on.",
        "plugs the monitor in",
        Monitor::plugBack);
  }

  static MonitorPlugStep unplug() {
    return new MonitorPlugStep(
        "unplug_monitor",
        "Pulls a monitor's plug; the kernel is told by the hot-plug pin alone.",
        "pulls the monitor's plug",
        Monitor::unplug);
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    ImmutableMap<String, Monitor> sockets = process.machine().sockets();
    String wanted = step.find(socket);
    Monitor found =
        wanted == null ? sockets.values().stream().findFirst().orElse(null) : sockets.get(wanted);
    if (found == null) {
      throw Errno.ENODEV.because("the sockets of the board are %s", sockets.keySet());
    }
    act.accept(found);
    return null;
  }

  @Override
  protected String words(Step step) {
    return words;
  }
}
