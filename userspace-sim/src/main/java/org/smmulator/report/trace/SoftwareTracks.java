package org.smmulator.report.trace;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.sched.SchedTrace;
import org.smmulator.iommu.IommuEvents;
import org.smmulator.iommu.task.TaskEvents;
import org.smmulator.report.trace.PerfettoPackets.Flow;
import org.smmulator.trace.TraceEvent;
import org.smmulator.trace.TraceRecord;

/**
 * The tracks of software, from its tracepoints: an instant on the track of the process that ran, a
 * stretch on the track of a ring for each job, an instant for each fence, and the number of mapped
 * pages.
 *
 * <p>A job's flow leads from its submit over its time on the hardware to its fence.
 */
final class SoftwareTracks {
  private static final String RINGS = "rings";
  private static final String FENCES = "fences";
  private static final String JOBS = "job";
  private static final String COUNTERS = "counters";
  private static final int PAGE_BYTES = 4096;
  private static final int SEQNO_BITS = 32;

  private final PerfettoTracks tracks;
  private final PerfettoPackets packets;

  /** The jobs that the hardware has, by their fences. */
  private final Map<Fence, Running> running = new LinkedHashMap<>();

  /** Which lanes of a ring are taken. Looked up, never iterated. */
  private final Map<String, BitSet> lanes = new HashMap<>();

  private final Mapped inDomains = new Mapped("pages mapped in domains");
  private final Mapped ofTasks = new Mapped("pages mapped for tasks");

  private record Fence(long context, long seqno) {
    long flow() {
      return (context << SEQNO_BITS) ^ seqno;
    }

    @Override
    public String toString() {
      return context + ":" + seqno;
    }
  }

  /** A job on the hardware; two of a ring that overlap are in different lanes. */
  private record Running(String ring, int lane) {}

  SoftwareTracks(PerfettoTracks tracks) {
    this.tracks = tracks;
    this.packets = tracks.packets();
  }

  void tell(TraceRecord made) throws IOException {
    TraceEvent event = made.event();
    packets.instant(
        made.timeNs(), who(made), event.system(), event.name(), event.print(), flow(event));
    switch (event) {
      case SchedTrace.JobRun run -> jobRuns(made.timeNs(), run);
      case SchedTrace.JobDone done ->
          jobDone(made.timeNs(), new Fence(done.fenceContext(), done.fenceSeqno()));
      case IommuEvents.Map map -> inDomains.add(made.timeNs(), map.size());
      case IommuEvents.Unmap unmap -> inDomains.add(made.timeNs(), -unmap.unmappedSize());
      case TaskEvents.Map map -> ofTasks.add(made.timeNs(), map.size());
      case TaskEvents.Unmap unmap -> ofTasks.add(made.timeNs(), -unmap.unmappedSize());
      default -> {}
    }
  }

  private long who(TraceRecord made) throws IOException {
    return made.pid() == 0
        ? tracks.track("kernel", made.comm(), 0)
        : tracks.process(made.pid(), made.comm());
  }

  private static @Nullable Flow flow(TraceEvent event) {
    return event instanceof SchedTrace.JobQueue queued
        ? new Flow.Through(new Fence(queued.fenceContext(), queued.fenceSeqno()).flow())
        : null;
  }

  private void jobRuns(long timeNs, SchedTrace.JobRun run) throws IOException {
    Fence fence = new Fence(run.fenceContext(), run.fenceSeqno());
    String ring = run.dev() + " " + run.ring();
    BitSet taken = lanes.computeIfAbsent(ring, _ -> new BitSet());
    int lane = taken.nextClearBit(0);
    taken.set(lane);
    running.put(fence, new Running(ring, lane));
    packets.begins(
        timeNs,
        tracks.track(RINGS, ring, lane),
        JOBS,
        "job %s of client %d".formatted(fence, run.clientId()),
        new Flow.Through(fence.flow()));
  }

  private void jobDone(long timeNs, Fence fence) throws IOException {
    Running job = running.remove(fence);
    if (job != null) {
      end(timeNs, job);
      packets.instant(
          timeNs,
          tracks.track(FENCES, job.ring(), 0),
          JOBS,
          "fence " + fence,
          "signaled",
          new Flow.Ends(fence.flow()));
    }
  }

  private void end(long timeNs, Running job) throws IOException {
    BitSet taken = lanes.get(job.ring());
    if (taken != null) {
      taken.clear(job.lane());
    }
    packets.ends(timeNs, tracks.track(RINGS, job.ring(), job.lane()));
  }

  /** A count of mapped pages. */
  private final class Mapped {
    private final String name;
    private long bytes;

    Mapped(String name) {
      this.name = name;
    }

    void add(long timeNs, long more) throws IOException {
      bytes += more;
      packets.value(timeNs, tracks.counter(COUNTERS, name), bytes / PAGE_BYTES);
    }
  }

  /** Ends what has begun: the trace ends. */
  void end(long timeNs) throws IOException {
    for (Running job : running.values()) {
      end(timeNs, job);
    }
    running.clear();
  }
}
