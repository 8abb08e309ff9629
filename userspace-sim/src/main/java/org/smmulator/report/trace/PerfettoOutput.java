package org.smmulator.report.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;

/**
 * A trace for Perfetto's user interface and its trace processor: what the tracepoints say, on
 * tracks of processes, rings and fences, and what the wires to the IOMMUs show, on tracks of
 * context banks and engines, with counters of mapped pages and of TLB hits and misses.
 */
public final class PerfettoOutput implements TraceOutput, WireListener {
  private final PerfettoTracks tracks;
  private final WireTap tap = new WireTap(this);
  private @Nullable Story story;
  private @Nullable IOException failure;
  private boolean open = true;

  /** Both halves of the trace of a machine, which is there now. */
  private record Story(Machine machine, SoftwareTracks software, HardwareTracks hardware) {}

  /** One event of the trace. */
  private interface Telling {
    void tell(Story story) throws IOException;
  }

  /**
   * Opens the file.
   *
   * @throws IOException if it cannot be written
   */
  public PerfettoOutput(Path path) throws IOException {
    tracks = new PerfettoTracks(new PerfettoPackets(Files.newOutputStream(path)));
  }

  @Override
  public Interposer wires() {
    return tap;
  }

  @Override
  public void begin(Machine machine) {
    story = new Story(machine, new SoftwareTracks(tracks), new HardwareTracks(tracks, machine));
    machine.tracer().listen(made -> tell(at -> at.software().tell(made)));
  }

  @Override
  public void tableSwitched(DtNode iommu, int bank, long ttbr0) {
    tell(at -> at.hardware().tableSwitched(at.machine().scheduler().nowNs(), iommu, bank, ttbr0));
  }

  @Override
  public void accessed(DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {
    tell(at ->
        at.hardware()
            .accessed(at.machine().scheduler().nowNs(), iommu, streamId, iova, access, pa, missed));
  }

  private void tell(Telling telling) {
    if (!open || story == null || failure != null) {
      return;
    }
    try {
      telling.tell(story);
    } catch (IOException e) {
      failure = e;
    }
  }

  @Override
  public void close() throws IOException {
    if (!open) {
      return;
    }
    tell(at -> {
      long nowNs = at.machine().scheduler().nowNs();
      at.software().end(nowNs);
      at.hardware().end(nowNs);
    });
    open = false;
    try (tracks) {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
