package org.smmulator.report;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
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

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    MmioTarget wire = registers;
    for (Probe probe : probes) {
      wire = probe.registers(device, wire);
    }
    return wire;
  }

  @Override
  public Translator translator(DtNode iommu, Translator translator) {
    Translator wire = translator;
    for (Probe probe : probes) {
      wire = probe.translator(iommu, wire);
    }
    return wire;
  }

  @Override
  public ContextBankPort contextBanks(DtNode iommu, ContextBankPort port) {
    ContextBankPort wire = port;
    for (Probe probe : probes) {
      wire = probe.contextBanks(iommu, wire);
    }
    return wire;
  }

  @Override
  public void tell(Machine machine, Timeline timeline) {
    probes.forEach(probe -> probe.tell(machine, timeline));
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
