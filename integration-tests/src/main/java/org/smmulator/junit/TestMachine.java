package org.smmulator.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.page.RunPage;
import org.smmulator.report.trace.PerfettoOutput;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;
import org.smmulator.script.RunListener;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.FtraceText;

/** A machine of a test, watched: whatever the test does not look at, this does. */
final class TestMachine {
  private static final int LAST_LINES = 12;
  private static final int MOST_TOLD = 5;

  /** How far the page of a run goes that hardly anybody will look at; some 15 MiB of numbers. */
  private static final int MOST_EVENTS = 100_000;

  /** Kernel: the first word of a {@code WARN_ON()}'s report, behind the device's name if any. */
  private static final String WARNING = "WARNING: ";

  private final List<String> faults = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final @Nullable PerfettoOutput trace;
  private final RunPage page = new RunPage(MOST_EVENTS);
  private final Machine machine;

  /**
   * Boots it.
   *
   * @param plain the machine without what watches it
   * @param perfetto the file for a trace; null if nobody asked for one
   * @throws BadInputException if the board or the host is not fit for it
   * @throws IOException if the trace cannot be written
   */
  TestMachine(MachineBuilder plain, @Nullable Path perfetto) throws BadInputException, IOException {
    if (perfetto != null) {
      Files.createDirectories(requireNonNull(perfetto.toAbsolutePath().getParent()));
    }
    trace = perfetto == null ? null : new PerfettoOutput(perfetto);
    Interposer wires = trace == null ? Interposer.none() : trace.wires();
    MachineBuilder builder =
        plain
            .interpose(Interposer.all(List.of(new WireTap(new Refusals()), wires, page.wires())))
            .traced()
            .observe(this::watch);
    machine = builder.boot();
  }

  Machine machine() {
    return machine;
  }

  /** Has the steps of a scenario recorded for the page, and {@code listener} told of them. */
  RunListener over(RunListener listener) {
    return page.over(listener);
  }

  private void watch(Machine booting) {
    booting
        .dmesg()
        .listen(line -> {
          if (line.text().contains(WARNING)) {
            warnings.add(line.toString());
          }
        });
    if (trace != null) {
      trace.begin(booting);
    }
    page.begin(booting);
  }

  /** Notes what IOMMUs refuse. */
  private final class Refusals implements WireListener {
    @Override
    public void accessed(
        DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {
      if (pa < 0) {
        faults.add(
            "%s refused a %s at iova 0x%x of stream 0x%x"
                .formatted(
                    iommu.name(),
                    (access & BusMaster.WRITE) == 0 ? "read" : "write",
                    iova,
                    streamId));
      }
    }
  }

  // ---- what must hold at the end of a test

  /**
   * Checks what the test itself does not: that nothing leaks, and that there are no faults and
   * warnings but those that its annotations speak of.
   *
   * @param log the texts that a scenario expects in the log; a fault that it looks for is no
   *     surprise, nor is a warning with such a text
   */
  void check(TestRun test, List<String> log) {
    ExpectFault fault = test.annotation(ExpectFault.class);
    if (fault != null || log.isEmpty()) {
      checkFaults(fault);
    }
    checkWarnings(test.annotation(ExpectWarning.class), log);
    if (!machine.isClosed() && machine.scheduler().stopped() == null) {
      checkLeaks();
    }
  }

  private void checkFaults(@Nullable ExpectFault expected) {
    int times = expected == null ? 0 : expected.times();
    if (times < 0 && times != ExpectFault.ANY) {
      throw new AssertionError(
          "@ExpectFault(times = %d): no access is refused less than never".formatted(times));
    }
    boolean asExpected = times == ExpectFault.ANY ? !faults.isEmpty() : faults.size() == times;
    if (!asExpected) {
      String wanted =
          times == ExpectFault.ANY
              ? "no access was refused by an IOMMU, and @ExpectFault says that one should be"
              : "%d accesses were refused by an IOMMU, and %s"
                  .formatted(
                      faults.size(),
                      times == 0
                          ? "nothing says that one should be: see @ExpectFault"
                          : "@ExpectFault says " + times);
      throw new AssertionError(wanted + told(faults));
    }
  }

  private void checkWarnings(@Nullable ExpectWarning expected, List<String> log) {
    List<String> others =
        warnings.stream()
            .filter(line -> expected == null || !line.contains(expected.value()))
            .filter(line -> log.stream().noneMatch(line::contains))
            .toList();
    if (!others.isEmpty()) {
      throw new AssertionError(
          "the kernel warned, and nothing says that it should: see @ExpectWarning" + told(others));
    }
    if (expected != null && warnings.stream().noneMatch(line -> line.contains(expected.value()))) {
      throw new AssertionError("the kernel did not warn of '%s'".formatted(expected.value()));
    }
  }

  private static String told(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.stream().limit(MOST_TOLD).forEach(line -> text.append("\n  ").append(line));
    return lines.size() > MOST_TOLD
        ? text + "\n  and %d more".formatted(lines.size() - MOST_TOLD)
        : text.toString();
  }

  /** Ends what lives and unbinds the drivers; whatever is held then has leaked. */
  private void checkLeaks() {
    machine.endProcesses();
    machine.shutDown();
    ImmutableMap<String, Long> leaked = machine.leakedPages();
    if (!leaked.isEmpty()) {
      throw new AssertionError("pages have leaked, by who held them: " + leaked);
    }
  }

  // ---- what is kept

  /**
   * Keeps log, trace and page in {@code folder}; returns what is shown below the failure.
   *
   * @param title of the page
   * @param source what the page shows beside the run; empty for a test that is no scenario
   */
  String keep(Path folder, String title, String source) {
    ImmutableList<Dmesg.Line> log = machine.dmesg().lines();
    StringBuilder text = new StringBuilder("the machine's log ended with:");
    for (Dmesg.Line line : log.subList(Math.max(0, log.size() - LAST_LINES), log.size())) {
      text.append("\n  ").append(line);
    }
    try {
      Files.createDirectories(folder);
      Files.write(
          folder.resolve("dmesg.txt"), log.stream().map(Dmesg.Line::toString).toList(), UTF_8);
      try (Writer out = Files.newBufferedWriter(folder.resolve("trace.txt"), UTF_8)) {
        FtraceText.write(machine.tracer(), machine.cpuCount(), out);
      }
      page.write(folder.resolve("report.html"), title, source);
      text.append("\nall of it, the trace and report.html are in ").append(folder.toAbsolutePath());
    } catch (IOException e) {
      text.append("\nit could not be kept in ").append(folder).append(": ").append(e);
    }
    return text.toString();
  }

  /** Ends the trace and closes the machine. */
  void close() {
    try (machine) {
      if (trace != null) {
        trace.close();
      }
    } catch (IOException e) {
      throw new AssertionError("the trace could not be written", e);
    }
  }
}
