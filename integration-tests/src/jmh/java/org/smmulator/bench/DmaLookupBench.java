package org.smmulator.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.dma.DomainLookup;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/**
 * The cost of finding the domain in each call of the DMA API. The counter that CPUs would fight
 * over is a declared cost in virtual time; this is the host's time, where nobody fights.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@NullUnmarked // JMH fills the state
public class DmaLookupBench {
  @Param({"default-domain", "attached-domain", "dma-type-only"})
  String value;

  private final VirtualNanos time = new VirtualNanos();
  private DomainLookup lookup;
  private Machine machine;
  private IommuGroup group;

  @Setup(Level.Trial)
  public void boot() throws Exception {
    machine = Machine.on(new Boards().load("virt")).boot();
    group = machine.iommu().groupOf(machine.devices().find("a060000.usb"));
    lookup =
        switch (value) {
          case "attached-domain" -> new DomainLookup.AttachedDomain();
          case "dma-type-only" -> new DomainLookup.DmaTypeOnly();
          default -> new DomainLookup.DefaultDomain();
        };
  }

  @TearDown(Level.Trial)
  public void close() {
    machine.close();
  }

  @Benchmark
  public IommuDomain find() {
    return lookup.domainOf(group, time);
  }
}
