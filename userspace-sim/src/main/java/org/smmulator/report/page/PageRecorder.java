package org.smmulator.report.page;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.sched.SchedTrace;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.IommuEvents;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.TaskEvents;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.RunReport;
import org.smmulator.report.trace.RegisterTap;
import org.smmulator.report.trace.TableBase;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;
import org.smmulator.script.RunListener;
import org.smmulator.script.Step;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.TraceRecord;

/**
 * The events of a run as a page needs them to rebuild every moment: steps, log and tracepoints, and
 * from the wires pagetable switches, TLB fills and invalidations, and refused accesses.
 */
final class PageRecorder implements WireListener {
  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;
  private final Interposer wires =
      Interposer.all(List.of(new RegisterTap(this::invalidationsOf), new WireTap(this)));
  private @Nullable Machine machine;
  private int room;
  private boolean ended;

  /** The fields of one event. */
  private interface Body {
    void write() throws IOException;
  }

  /**
   * Makes a recorder of so many events.
   *
   * @param mostEvents one more says that there were more
   */
  PageRecorder(int mostEvents) {
    room = mostEvents;
    try {
      json = new JsonFactory().createGenerator(text);
      json.writeStartArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void begin(Machine booting) {
    machine = booting;
    booting.dmesg().listen(this::logged);
    booting.tracer().listen(this::traced);
  }

  private void event(long timeNs, String kind, Body body) {
    if (ended) {
      return; // the drivers' shutdown is not of the run
    }
    if (room == 0) {
      ended = true;
      write(timeNs, "log", () -> json.writeStringField("w", "what follows was not recorded"));
      return;
    }
    room--;
    write(timeNs, kind, body);
  }

  private void write(long timeNs, String kind, Body body) {
    try {
      json.writeStartObject();
      json.writeNumberField("t", timeNs);
      json.writeStringField("k", kind);
      body.write();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a writer into memory throws none
    }
  }

  private void field(String name, long value) throws IOException {
    json.writeStringField(name, String.format(Locale.ROOT, "%x", value));
  }

  // ---- software

  private void logged(Dmesg.Line line) {
    event(line.timeNs(), "log", () -> json.writeStringField("w", line.text()));
  }

  private void traced(TraceRecord made) {
    String kind =
        switch (made.event()) {
          case TaskEvents.Bind _ -> "bind";
          case TaskEvents.Unbind _ -> "unbind";
          case TaskEvents.Map _ -> "map";
          case TaskEvents.Unmap _ -> "unmap";
          case IommuEvents.Map _ -> "kmap";
          case IommuEvents.Unmap _ -> "kunmap";
          case SchedTrace.JobQueue _ -> "queue";
          case SchedTrace.JobRun _ -> "run";
          case SchedTrace.JobDone _ -> "done";
          default -> "tp";
        };
    event(
        made.timeNs(),
        kind,
        () -> {
          json.writeStringField(
              "p", made.pid() == 0 ? made.comm() : RunReport.who(made.comm(), made.pid()));
          json.writeStringField("n", made.event().name());
          json.writeStringField("w", made.event().print());
          writeNumbers(made);
        });
  }

  private void writeNumbers(TraceRecord made) throws IOException {
    switch (made.event()) {
      case TaskEvents.Bind bind -> {
        field("b", bind.base());
        json.writeStringField("d", bind.device());
      }
      case TaskEvents.Unbind unbind -> field("b", unbind.base());
      case TaskEvents.Map map -> {
        field("b", map.base());
        writeRange(map.iova(), map.size());
        field("a", map.paddr());
        writeWalk(map.base(), map.iova());
      }
      case TaskEvents.Unmap unmap -> {
        field("b", unmap.base());
        writeRange(unmap.iova(), unmap.unmappedSize());
      }
      case IommuEvents.Map map -> {
        writeRange(map.iova(), map.size());
        field("a", map.paddr());
      }
      case IommuEvents.Unmap unmap -> writeRange(unmap.iova(), unmap.unmappedSize());
      case SchedTrace.JobQueue job -> writeJob(job.fenceContext(), job.fenceSeqno(), job.ring());
      case SchedTrace.JobRun job -> writeJob(job.fenceContext(), job.fenceSeqno(), job.ring());
      case SchedTrace.JobDone job -> writeJob(job.fenceContext(), job.fenceSeqno(), "");
      default -> {}
    }
  }

  private void writeRange(long iova, long sizeBytes) throws IOException {
    field("v", iova);
    json.writeNumberField("s", sizeBytes);
  }

  private void writeJob(long context, long seqno, String ring) throws IOException {
    json.writeStringField("f", context + ":" + seqno);
    json.writeStringField("r", ring);
  }

  /** Writes what a walk finds now, at the first page of a mapping. */
  private void writeWalk(long base, long iova) throws IOException {
    if (machine == null) {
      return;
    }
    for (IommuTask token : machine.tasks().bound()) {
      if (token.pagetableBase() == base) {
        json.writeArrayFieldStart("e");
        for (long descriptor : token.descriptors(iova)) {
          json.writeString(Long.toHexString(descriptor));
        }
        json.writeEndArray();
        return;
      }
    }
  }

  // ---- the scenario

  /** Has steps recorded, and {@code inner} told of them. */
  RunListener over(RunListener inner) {
    return new RunListener() {
      @Override
      public void stepBegins(Step step) {
        inner.stepBegins(step);
      }

      @Override
      public void stepDone(String process, int pid, Step step, @Nullable Object result) {
        inner.stepDone(process, pid, step, result);
        event(
            nowNs(),
            "step",
            () -> {
              json.writeStringField("p", RunReport.who(process, pid));
              json.writeStringField("w", step.words());
              json.writeNumberField("l", step.place().line());
            });
      }

      @Override
      public void processDied(String process, int pid, String signal, @Nullable Step reached) {
        inner.processDied(process, pid, signal, reached);
        event(
            nowNs(),
            "step",
            () -> {
              json.writeStringField("p", RunReport.who(process, pid));
              json.writeStringField("w", RunReport.death(signal, reached));
            });
      }

      @Override
      public void processEnding(String process, int pid) {
        inner.processEnding(process, pid);
      }
    };
  }

  private long nowNs() {
    return machine == null ? 0 : machine.scheduler().nowNs();
  }

  // ---- hardware

  /** Its part in the wires of the machine. */
  Interposer wires() {
    return wires;
  }

  private RegisterTap.@Nullable Listener invalidationsOf(DtNode device) {
    return TlbInvalidations.fits(device) ? new TlbInvalidations(device, this::invalidated) : null;
  }

  @Override
  public void tableSwitched(DtNode iommu, int bank, long ttbr0) {
    TableBase table = new TableBase(ttbr0);
    event(
        nowNs(),
        "switch",
        () -> {
          json.writeStringField("i", iommu.name());
          json.writeNumberField("n", bank);
          field("b", table.address());
          json.writeStringField("w", table.whose(requireNonNull(machine)));
        });
  }

  @Override
  public void asidInvalidated(DtNode iommu, int bank, int asid) {
    invalidated(iommu, bank, TlbInvalidations.EVERYTHING);
  }

  /**
   * An invalidation.
   *
   * @param iova a page's, or {@link TlbInvalidations#EVERYTHING}
   */
  private void invalidated(DtNode iommu, int bank, long iova) {
    event(
        nowNs(),
        "inv",
        () -> {
          json.writeStringField("i", iommu.name());
          json.writeNumberField("n", bank);
          if (iova != TlbInvalidations.EVERYTHING) {
            field("v", iova);
          }
        });
  }

  @Override
  public void accessed(DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {
    if (pa >= 0 && !missed) {
      return; // a hit changes nothing that is shown
    }
    event(
        nowNs(),
        pa < 0 ? "fault" : "fill",
        () -> {
          json.writeStringField("i", iommu.name());
          json.writeNumberField("n", streamId);
          field("v", iova);
          json.writeStringField("w", (access & BusMaster.WRITE) == 0 ? "read" : "write");
          if (pa >= 0) {
            field("a", pa);
          }
        });
  }

  // ---- the end

  /** Returns the events as a JSON array. Nothing is recorded afterwards. */
  String events() {
    ended = true;
    try {
      json.writeEndArray();
      json.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Returns who is in which group and domain now, as a JSON array. */
  String topology() {
    StringWriter list = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(list)) {
      out.writeStartArray();
      if (machine != null) {
        for (PlatformDevice device : machine.devices().devices()) {
          IommuGroup group = machine.iommu().groupOf(device);
          if (group != null) {
            out.writeStartObject();
            out.writeStringField("device", device.name());
            out.writeNumberField("group", group.id());
            out.writeStringField("domain", group.type());
            out.writeEndObject();
          }
        }
      }
      out.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return list.toString();
  }
}
