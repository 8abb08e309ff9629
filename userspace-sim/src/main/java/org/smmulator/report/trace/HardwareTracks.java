package org.smmulator.report.trace;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;

/**
 * The tracks of hardware, from the wires to the IOMMUs: which pagetable a context bank walks, when
 * an engine is busy, what an IOMMU refuses, and how often its TLB hits.
 *
 * <p>An access whose physical address is its iova counts as no hit: it has passed untranslated, or
 * is mapped one to one, and the wires do not tell which.
 */
final class HardwareTracks {
  private static final String BANKS = "SMMU banks";
  private static final String ENGINES = "engines";
  private static final String COUNTERS = "counters";

  /** Between accesses this far apart an engine has paused. */
  private static final long PAUSE_NS = 1_000;

  private final PerfettoTracks tracks;
  private final PerfettoPackets packets;
  private final Machine machine;
  private final MasterNames names;
  private final Map<Long, Long> tables = new LinkedHashMap<>();
  private final Map<Port, Engine> engines = new LinkedHashMap<>();
  private final Map<DtNode, TlbCounts> tlbs = new LinkedHashMap<>();

  /** The place at which a master comes in. */
  private record Port(DtNode iommu, int streamId) {}

  /** An engine that is busy from {@code sinceNs} on. */
  private static final class Engine {
    final String name;
    long sinceNs;
    long lastNs = Long.MIN_VALUE;
    long accesses;

    Engine(String name) {
      this.name = name;
    }
  }

  private static final class TlbCounts {
    long hits;
    long misses;
    long toldHits = -1;
    long toldMisses = -1;
  }

  HardwareTracks(PerfettoTracks tracks, Machine machine) {
    this.tracks = tracks;
    this.packets = tracks.packets();
    this.machine = machine;
    this.names = new MasterNames(machine.board());
  }

  void tableSwitched(long timeNs, DtNode iommu, int bank, long ttbr0) throws IOException {
    long track = tracks.track(BANKS, "%s bank %d".formatted(iommu.name(), bank), 0);
    if (tables.put(track, ttbr0) != null) {
      packets.ends(timeNs, track);
    }
    packets.begins(
        timeNs,
        track,
        "pagetable",
        "%s, TTBR0 0x%016x".formatted(new TableBase(ttbr0).whose(machine), ttbr0),
        null);
  }

  void accessed(
      long timeNs, DtNode iommu, int streamId, long iova, int access, long pa, boolean missed)
      throws IOException {
    TlbCounts tlb = tlbs.computeIfAbsent(iommu, _ -> new TlbCounts());
    if (missed) {
      tlb.misses++;
    } else if (pa >= 0 && pa != iova) {
      tlb.hits++;
    }
    Port port = new Port(iommu, streamId);
    Engine engine = engines.computeIfAbsent(port, _ -> new Engine(names.of(iommu, streamId)));
    if (engine.accesses > 0 && timeNs - engine.lastNs > PAUSE_NS) {
      pauses(engine, iommu, tlb);
    }
    if (engine.accesses++ == 0) {
      engine.sinceNs = timeNs;
    }
    engine.lastNs = timeNs;
    if (pa < 0) {
      packets.instant(
          timeNs,
          tracks.track(ENGINES, engine.name, 0),
          "fault",
          "refused",
          "%s at iova 0x%x".formatted((access & BusMaster.WRITE) != 0 ? "writes" : "reads", iova),
          null);
    }
  }

  private void pauses(Engine engine, DtNode iommu, TlbCounts tlb) throws IOException {
    long track = tracks.track(ENGINES, engine.name, 0);
    packets.begins(
        engine.sinceNs, track, "engine", "busy, %d accesses".formatted(engine.accesses), null);
    packets.ends(Math.max(engine.lastNs, engine.sinceNs + 1), track);
    engine.accesses = 0;
    count(engine.lastNs, iommu, tlb);
  }

  private void count(long timeNs, DtNode iommu, TlbCounts tlb) throws IOException {
    if (tlb.hits != tlb.toldHits) {
      tlb.toldHits = tlb.hits;
      packets.value(timeNs, tracks.counter(COUNTERS, iommu.name() + " TLB hits"), tlb.hits);
    }
    if (tlb.misses != tlb.toldMisses) {
      tlb.toldMisses = tlb.misses;
      packets.value(timeNs, tracks.counter(COUNTERS, iommu.name() + " TLB misses"), tlb.misses);
    }
  }

  /** Ends what has begun: the trace ends. */
  void end(long timeNs) throws IOException {
    for (Map.Entry<Port, Engine> each : engines.entrySet()) {
      DtNode iommu = each.getKey().iommu();
      TlbCounts tlb = tlbs.get(iommu);
      if (each.getValue().accesses > 0 && tlb != null) {
        pauses(each.getValue(), iommu, tlb);
      }
    }
    for (long track : tables.keySet()) {
      packets.ends(timeNs, track);
    }
    tables.clear();
  }
}
