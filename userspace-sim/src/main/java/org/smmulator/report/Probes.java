package org.smmulator.report;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.script.Step;

/** Several probes in the same wires, one after the other. */
public final class Probes implements Probe {
  private final ImmutableList<Probe> probes;

  Probes(ImmutableList<Probe> probes) {
    this.probes = probes;
  }

  /** Those that fit {@code board}. */
  public static Probes of(DeviceTree board) {
    return new Probes(
        ServiceLoader.load(Kind.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(kind -> kind.fits(board))
            .map(Kind::make)
            .collect(toImmutableList()));
  }

  /** These, and another. */
  public Probes with(Probe other) {
    return new Probes(ImmutableList.<Probe>builder().addAll(probes).add(other).build());
  }

  @Override
  public Interposer wires() {
    return Interposer.all(probes.stream().map(Probe::wires).collect(toImmutableList()));
  }

  @Override
  public void tell(Machine machine, Timeline timeline) {
    probes.forEach(probe -> probe.tell(machine, timeline));
  }

  @Override
  public void stepBegins(Step step) {
    probes.forEach(probe -> probe.stepBegins(step));
  }

  @Override
  public void stepDone(String process, int pid, Step step, @Nullable Object result) {
    probes.forEach(probe -> probe.stepDone(process, pid, step, result));
  }

  @Override
  public void processEnding(String process, int pid) {
    probes.forEach(probe -> probe.processEnding(process, pid));
  }

  @Override
  public void printFindings(PrintWriter out) {
    probes.forEach(probe -> probe.printFindings(out));
  }

  @Override
  public ImmutableList<String> counts() {
    return probes.stream().flatMap(probe -> probe.counts().stream()).collect(toImmutableList());
  }
}
