package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.process.Process;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.trace.Dmesg;
import org.smmulator.userspace.Client;

/** A machine that was booted under some side of an argument. */
final class Trial implements AutoCloseable {
  static final int PAGE = 4096;
  static final String WORKS = "works";

  final Machine machine;

  private Trial(Machine machine) {
    this.machine = machine;
  }

  /** The code that is tried. */
  interface Script {
    void run() throws ErrnoException;
  }

  /**
   * Boots a board that comes with the program.
   *
   * @param set switches as {@code key=value}
   */
  static Trial on(String board, String... set) throws BadInputException {
    KernelConfig config = KernelConfig.defaults();
    for (String each : set) {
      config = config.with(each);
    }
    return new Trial(Machine.on(new Boards().load(board)).config(config).boot());
  }

  /** Boots a board that is derived from another by {@code changes}. */
  static Trial derived(Path folder, String base, String changes, String... set) throws Exception {
    String text = "/dts-v1/;\n#include \"" + base + ".dts\"\n" + changes;
    return on(Files.writeString(folder.resolve("derived.dts"), text).toString(), set);
  }

  /** Runs {@code script} in the kernel and says how it went: {@link #WORKS}, or the errno. */
  String outcome(Script script) {
    String[] outcome = {"did not end"};
    @Nullable AssertionError[] failure = new AssertionError[1];
    Runnable body =
        () -> {
          try {
            script.run();
            outcome[0] = WORKS;
          } catch (ErrnoException e) {
            outcome[0] = e.errno().name();
          } catch (AssertionError e) {
            failure[0] = e;
          }
        };
    var _ = machine.scheduler().spawnKernel("test", body);
    machine.settle();
    if (failure[0] != null) {
      throw new AssertionError(failure[0]);
    }
    return outcome[0];
  }

  /** Runs {@code script} in the kernel, where it must succeed. */
  void inKernel(Script script) {
    assertThat(outcome(script)).isEqualTo(WORKS);
  }

  PlatformDevice device(String name) {
    return requireNonNull(machine.devices().find(name));
  }

  IommuGroup group(String name) {
    return requireNonNull(machine.iommu().groupOf(device(name)));
  }

  CopyController copy(String name) {
    return requireNonNull(device(name).find(CopyController.class));
  }

  /** Keeps a device awake, and its suppliers with it, such as its sysmmu. */
  void wake(String name) throws ErrnoException {
    RuntimePm power = device(name).pm();
    power.enable(RuntimePm.Callbacks.none(), false);
    power.get();
  }

  /** Allocates a run of pages, aligned to its size if that is a power of two. */
  long pages(int count) throws ErrnoException {
    return machine.pages().allocRun(count, machine.pages().owner("test", PageZone.CLIENT));
  }

  /** Reads a node as root. */
  String read(String path) throws ErrnoException {
    Client root = machine.hostRoot("cat");
    try {
      return new String(root.read(root.openForReading(path), 1 << 16), StandardCharsets.UTF_8);
    } finally {
      root.exit();
    }
  }

  /** Lists a directory as root. */
  ImmutableList<String> names(String path) throws ErrnoException {
    Client root = machine.hostRoot("ls");
    try {
      Process process = requireNonNull(machine.processes().find(root.pid()));
      return machine.nodes().readdir(path, process.task());
    } finally {
      root.exit();
    }
  }

  /** Writes a node as root. */
  void write(String path, String text) throws ErrnoException {
    Client root = machine.hostRoot("echo");
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertThat(root.write(root.open(path), bytes)).isEqualTo(bytes.length);
    } finally {
      root.exit();
    }
  }

  /** Returns the log without its time stamps, and without the features that SMMUs print. */
  ImmutableList<String> log() {
    return machine.dmesg().lines().stream()
        .map(Dmesg.Line::toString)
        .map(line -> line.substring(line.indexOf("] ") + 2))
        .filter(line -> !line.contains("\t"))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    machine.close();
  }
}
