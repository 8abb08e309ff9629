package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;

/**
 * The parameters of the module that root can change while it runs: {@code
 * /sys/module/msm/parameters}. Kernel: {@code module_param()} in {@code msm_rd.c}, {@code
 * adreno_device.c}.
 *
 * <p>Left out: those of the display, and those that decide about silicon that is not here.
 */
@Singleton
public final class MsmModuleParams {
  private static final String DIRECTORY = "/sys/module/msm/parameters/";

  private interface Setter {
    void set(boolean value);
  }

  private boolean rdFull;
  private boolean hangDebug;

  /** Makes the nodes, with the values that the module is loaded with. */
  @Inject
  public MsmModuleParams(NodeTree nodes) {
    bool(nodes, "rd_full", () -> rdFull, value -> rdFull = value);
    bool(nodes, "hang_debug", () -> hangDebug, value -> hangDebug = value);
  }

  /** Returns whether recordings and dumps hold the contents of all buffers. */
  public boolean rdFull() {
    return rdFull;
  }

  /** Returns whether a hang prints the registers. */
  public boolean hangDebug() {
    return hangDebug;
  }

  private static void bool(NodeTree nodes, String name, BooleanSupplier get, Setter set) {
    nodes.add(
        DIRECTORY + name,
        new Node.TextFile(
            0600, () -> get.getAsBoolean() ? "Y\n" : "N\n", text -> set.set(parse(text))));
  }

  /**
   * Kernel: {@code kstrtobool()}.
   *
   * @throws ErrnoException EINVAL if the text says neither yes nor no
   */
  static boolean parse(String text) throws ErrnoException {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.matches("(?s)(on|[eyt1]).*")) {
      return true;
    }
    if (word.matches("(?s)(of|[dnf0]).*")) {
      return false;
    }
    throw EINVAL.because("neither yes nor no");
  }
}
