package org.smmulator.report.trace;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.report.trace.PerfettoFile.Event;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Scenarios;
import org.smmulator.script.Step;

/** A Perfetto trace shows two processes, read with the messages that Perfetto publishes. */
class PerfettoOutputTest {
  private static final String BANK = "SMMU banks/iommu@5040000 bank 0";
  private static final String RING = "rings/5000000.gpu ring0";

  @TempDir private Path directory;
  private ImmutableList<Event> events = ImmutableList.of();

  @BeforeEach
  void traceTwoProcesses() throws Exception {
    events = traced("two-processes");
  }

  @Test
  void aFlowLeadsFromASubmitOverTheRingToItsFence() {
    Event submit = only(named("painter", "drm_sched_job_queue"));
    long flow = submit.flows().getFirst();

    List<Event> onTheWay =
        events.stream()
            .filter(each -> each.flows().contains(flow) || each.ended().contains(flow))
            .toList();

    assertThat(onTheWay.stream().map(Event::track))
        .containsExactly("painter", RING, "fences/5000000.gpu ring0")
        .inOrder();
    assertThat(onTheWay.stream().map(Event::timeNs)).isInOrder();
    assertThat(onTheWay.getLast().ended()).containsExactly(flow);
  }

  @Test
  void aBankShowsWhosePagetableItWalks() {
    List<String> tables = on(BANK).map(Event::name).filter(name -> !name.isEmpty()).toList();

    assertThat(tables)
        .containsExactly(
            "pagetable of painter[100], TTBR0 0x0000000084027000",
            "pagetable of reader[101], TTBR0 0x0000000084028000")
        .inOrder();
  }

  @Test
  void everyStretchEndsAndNoneOverlapsAnother() {
    Map<String, Deque<Long>> open = new HashMap<>();

    for (Event each : events) {
      Deque<Long> begun = open.computeIfAbsent(each.track(), _ -> new ArrayDeque<>());
      switch (each.type()) {
        case "TYPE_SLICE_BEGIN" -> begun.push(each.timeNs());
        case "TYPE_SLICE_END" -> assertThat(each.timeNs()).isAtLeast(begun.pop());
        default -> {}
      }
    }

    assertThat(open.values().stream().mapToInt(Deque::size).sum()).isEqualTo(0);
    assertThat(on("engines/gpu@5000000").count()).isAtLeast(2);
  }

  @Test
  void mappedPagesGoUpAndDown() {
    List<Long> pages = on("counters/pages mapped for tasks").map(Event::value).toList();

    // Each process maps a canvas and a command stream of 64 KiB; its end takes them back.
    assertThat(Collections.max(pages)).isEqualTo(2 * (16 + 16));
    assertThat(pages.getLast()).isEqualTo(0);
  }

  @Test
  void theTlbMissesOnceForEachPageUnderEachTableAndHitsAfterwards() {
    long misses = last("counters/iommu@5040000 TLB misses");
    long hits = last("counters/iommu@5040000 TLB hits");

    assertThat(misses).isAtLeast(2);
    assertThat(hits).isGreaterThan(misses);
  }

  @Test
  void whatTheSmmuRefusesIsOnTheTrackOfTheEngine() throws Exception {
    ImmutableList<Event> stray = traced("stray-access");

    assertThat(
            stray.stream()
                .filter(each -> each.track().equals("engines/gpu@5000000"))
                .map(Event::name))
        .contains("refused");
  }

  @Test
  void eventsReachTheFileWhileTheyAreMade() throws Exception {
    CountingStream file = new CountingStream();
    PerfettoPackets packets = new PerfettoPackets(file);
    packets.track(1, 0, "engine");

    for (int i = 0; i < 100_000; i++) {
      packets.instant(i, 1, "test", "event", "one of many", null);
    }

    // But for one buffer: whoever writes keeps nothing.
    long early = file.bytes;
    packets.close();
    assertThat(file.bytes - early).isAtMost(1 << 16);
    assertThat(file.bytes).isGreaterThan(100_000 * 40);
  }

  private static final class CountingStream extends OutputStream {
    long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int length) {
      bytes += length;
    }
  }

  // ---- helpers

  @SuppressWarnings("try") // the trace ends before the machine does
  private ImmutableList<Event> traced(String name) throws Exception {
    Path path = directory.resolve(name + ".perfetto-trace");
    Scenario scenario = new Scenarios().load(name);
    try (PerfettoOutput output = new PerfettoOutput(path)) {
      MachineBuilder builder =
          Machine.on(new Boards().load("db845c"))
              .interpose(output.wires())
              .traced()
              .observe(output::begin);
      try (Machine machine = builder.boot()) {
        new ScenarioRun(scenario, machine, new Nobody()).run();
        output.close();
      }
    }
    return PerfettoFile.read(path);
  }

  private static final class Nobody implements RunListener {
    @Override
    public void stepDone(String process, int pid, Step step, @Nullable Object result) {}

    @Override
    public void processEnding(String process, int pid) {}
  }

  private Stream<Event> on(String track) {
    return events.stream().filter(each -> each.track().equals(track));
  }

  private List<Event> named(String track, String name) {
    return on(track).filter(each -> each.name().equals(name)).toList();
  }

  private static Event only(List<Event> events) {
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  private long last(String track) {
    return on(track).map(Event::value).toList().getLast();
  }
}
