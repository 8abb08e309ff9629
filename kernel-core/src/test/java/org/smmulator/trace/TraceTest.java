package org.smmulator.trace;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tracepoints, the ring buffer, and both texts. */
class TraceTest {
  private record Ping(int id) implements TraceEvent {
    @Override
    public String system() {
      return "test";
    }

    @Override
    public String name() {
      return "ping";
    }

    @Override
    public String print() {
      return "id=" + id;
    }
  }

  private static final TraceContext PAINTER =
      new TraceContext() {
        @Override
        public long nowNs() {
          return 1_204_999;
        }

        @Override
        public String comm() {
          return "painter";
        }

        @Override
        public int pid() {
          return 101;
        }

        @Override
        public int cpu() {
          return 2;
        }
      };

  @TempDir private Path directory;

  private final Tracer tracer = new Tracer(PAINTER, 2);

  @Test
  void aTracepointIsOffUntilSomebodySwitchesItOn() {
    Tracepoint<Ping> ping = tracer.tracepoint(Ping.class);
    assertThat(ping.on).isFalse();

    tracer.enable(Ping.class);

    assertThat(ping.on).isTrue();
  }

  @Test
  void enablingWorksAlsoBeforeTheTracepointIsAskedFor() {
    tracer.enable(Ping.class);

    assertThat(tracer.tracepoint(Ping.class).on).isTrue();
  }

  @Test
  void aFullBufferDropsItsOldestRecord() {
    Tracepoint<Ping> ping = tracer.tracepoint(Ping.class);

    ping.emit(new Ping(1));
    ping.emit(new Ping(2));
    ping.emit(new Ping(3));

    assertThat(tracer.events()).containsExactly(new Ping(2), new Ping(3)).inOrder();
    assertThat(tracer.written()).isEqualTo(3);
  }

  @Test
  void theTextIsWhatTraceViewersParse() throws Exception {
    tracer.tracepoint(Ping.class).emit(new Ping(7));
    StringBuilder text = new StringBuilder();

    FtraceText.write(tracer, 4, text);

    List<String> lines = text.toString().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("# tracer: nop");
    assertThat(lines.get(2)).isEqualTo("# entries-in-buffer/entries-written: 1/1   #P:4");
    assertThat(lines.getLast())
        .isEqualTo("         painter-101     [002] .....     0.001204: ping: id=7");
  }

  @Test
  void aStreamKeepsWhatTheBufferDropsAndCountsItInItsHeader() throws Exception {
    Path path = directory.resolve("trace.txt");

    try (FtraceStream stream = new FtraceStream(path)) {
      stream.begin(4);
      tracer.listen(stream);
      for (int id = 0; id < 1000; id++) {
        tracer.tracepoint(Ping.class).emit(new Ping(id));
      }
    }

    List<String> lines = Files.readAllLines(path);
    assertThat(lines.get(2).replaceAll(" +", " "))
        .isEqualTo("# entries-in-buffer/entries-written: 1000/1000 #P:4");
    assertThat(lines.stream().filter(line -> line.contains("ping: "))).hasSize(1000);
    assertThat(lines.getLast()).endsWith("ping: id=999");
  }

  @Test
  void aPipeGetsNoHeaderForThatWouldHaveToBeWrittenTwice() throws Exception {
    Path pipe = directory.resolve("trace_pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isEqualTo(0);
    Process reader =
        new ProcessBuilder("cat", pipe.toString()).redirectError(Redirect.INHERIT).start();

    try (FtraceStream stream = new FtraceStream(pipe)) {
      stream.begin(4);
      tracer.listen(stream);
      tracer.tracepoint(Ping.class).emit(new Ping(7));
    }

    assertThat(new String(reader.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("         painter-101     [002] .....     0.001204: ping: id=7\n");
  }

  @Test
  void theLogIsStampedWithVirtualTimeAndListenersHearIt() {
    Dmesg dmesg = new Dmesg(PAINTER);
    List<String> heard = new ArrayList<>();
    dmesg.listen(line -> heard.add(line.toString()));

    dmesg.info("arm-smmu %s: probing hardware configuration...", "5040000.iommu");

    assertThat(heard)
        .containsExactly(
            "[    0.001204] arm-smmu 5040000.iommu: probing hardware configuration...");
  }
}
