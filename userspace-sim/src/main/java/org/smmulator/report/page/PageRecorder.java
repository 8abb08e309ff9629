package org.smmulator.report.page;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.sched.SchedTrace;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuEvents;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.TaskEvents;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.RunReport;
import org.smmulator.report.page.EventTable.Column;
import org.smmulator.report.trace.TableBase;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;
import org.smmulator.script.RunListener;
import org.smmulator.script.Step;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.TraceRecord;

/**
 * The events of a run as a page needs them to rebuild every moment: steps, log and tracepoints;
 * from the wires pagetable switches and refused accesses; and from the debug ports of TLBs what
 * they take in and lose.
 */
final class PageRecorder implements WireListener {
  private final EventTable events = new EventTable();
  private final Interposer wires = Interposer.all(List.of(new TlbPorts(), new WireTap(this)));

  /** The domains by the bases of their tables, until devices change domains. */
  private final Map<Long, Domain> domains = new HashMap<>();

  private final ArrayNode devices = JsonNodeFactory.instance.arrayNode();
  private @Nullable Machine machine;
  private int room;
  private boolean ended;

  /**
   * Makes a recorder of so many events.
   *
   * @param mostEvents one more says that there were more
   */
  PageRecorder(int mostEvents) {
    room = mostEvents;
  }

  void begin(Machine booting) {
    machine = booting;
    booting.dmesg().listen(this::logged);
    booting.tracer().listen(this::traced);
  }

  /** Returns whether an event of now is to be recorded, and has one less recorded later. */
  private boolean takes(long timeNs) {
    if (ended) {
      return false; // the drivers' shutdown is not of the run
    }
    if (room == 0) {
      ended = true;
      events.event(timeNs, "log").words("what follows was not recorded");
      return false;
    }
    room--;
    return true;
  }

  // ---- software

  private void logged(Dmesg.Line line) {
    if (takes(line.timeNs())) {
      events.event(line.timeNs(), "log").words(line.text());
    }
  }

  private void traced(TraceRecord made) {
    if (!takes(made.timeNs())) {
      return;
    }
    String kind =
        switch (made.event()) {
          case TaskEvents.Bind _ -> "bind";
          case TaskEvents.Unbind _ -> "unbind";
          case TaskEvents.Map _, IommuEvents.Map _ -> "map";
          case TaskEvents.Unmap _, IommuEvents.Unmap _ -> "unmap";
          case SchedTrace.JobQueue _ -> "queue";
          case SchedTrace.JobRun _ -> "run";
          case SchedTrace.JobDone _ -> "done";
          default -> "tp";
        };
    events
        .event(made.timeNs(), kind)
        .put(Column.WHO, made.pid() == 0 ? made.comm() : RunReport.who(made.comm(), made.pid()))
        .put(Column.NAME, made.event().name())
        .words(made.event().print());
    putNumbers(made);
  }

  private void putNumbers(TraceRecord made) {
    switch (made.event()) {
      case TaskEvents.Bind bind -> events.put(Column.BASE, bind.base());
      case TaskEvents.Unbind unbind -> events.put(Column.BASE, unbind.base());
      case TaskEvents.Map map -> {
        putRange(map.base(), map.iova(), map.size());
        events.put(Column.PA, map.paddr());
        putWalk(map.base(), map.iova());
      }
      case TaskEvents.Unmap unmap -> putRange(unmap.base(), unmap.iova(), unmap.unmappedSize());
      case IommuEvents.AttachDeviceToDomain _ -> domains.clear();
      case IommuEvents.Map map -> {
        putRange(map.base(), map.iova(), map.size());
        Domain domain = domainOf(map.base());
        events.put(Column.PA, map.paddr()).put(Column.IOMMU, domain.name());
        if (domain.paging() != null) {
          events.walk(domain.paging().explain(map.iova()));
        }
      }
      case IommuEvents.Unmap unmap -> putRange(unmap.base(), unmap.iova(), unmap.unmappedSize());
      case SchedTrace.JobQueue job -> putJob(job.fenceContext(), job.fenceSeqno(), job.ring());
      case SchedTrace.JobRun job -> putJob(job.fenceContext(), job.fenceSeqno(), job.ring());
      case SchedTrace.JobDone job -> putJob(job.fenceContext(), job.fenceSeqno(), "");
      default -> {}
    }
  }

  private void putRange(long base, long iova, long sizeBytes) {
    events.put(Column.BASE, base).put(Column.IOVA, iova).put(Column.SIZE, sizeBytes);
  }

  private void putJob(long context, long seqno, String ring) {
    events.put(Column.JOB, context + ":" + seqno).put(Column.RING, ring);
  }

  /** Puts what a walk finds now, at the first page of a mapping. */
  private void putWalk(long base, long iova) {
    for (IommuTask token : requireNonNull(machine).tasks().bound()) {
      if (token.pagetableBase() == base) {
        events.walk(token.explain(iova));
        return;
      }
    }
  }

  /** A domain by the name of a device that goes through it now. */
  private record Domain(String name, IommuDomain.@Nullable Paging paging) {}

  private Domain domainOf(long base) {
    Domain known = domains.get(base);
    if (known == null) {
      known = findDomain(base);
      if (known.paging() != null) { // else no device goes through it yet
        domains.put(base, known);
      }
    }
    return known;
  }

  private Domain findDomain(long base) {
    Machine of = requireNonNull(machine);
    for (PlatformDevice device : of.devices().devices()) {
      IommuGroup group = of.iommu().groupOf(device);
      if (group != null
          && group.domain() instanceof IommuDomain.Paging domain
          && domain.pagetableBase() == base) {
        return new Domain("domain of " + device.name(), domain);
      }
    }
    return new Domain("a domain", null);
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
        told(process, pid, step.words(), step.place().line());
      }

      @Override
      public void processDied(String process, int pid, String signal, @Nullable Step reached) {
        inner.processDied(process, pid, signal, reached);
        told(process, pid, RunReport.death(signal, reached), 0);
      }

      @Override
      public void processEnding(String process, int pid) {
        inner.processEnding(process, pid);
      }
    };
  }

  private void told(String process, int pid, String words, int line) {
    if (takes(nowNs())) {
      events
          .event(nowNs(), "step")
          .put(Column.WHO, RunReport.who(process, pid))
          .put(Column.LINE, line)
          .words(words);
    }
  }

  private long nowNs() {
    return machine == null ? 0 : machine.scheduler().nowNs();
  }

  // ---- hardware

  /** Its part in the wires of the machine. */
  Interposer wires() {
    return wires;
  }

  @Override
  public void tableSwitched(DtNode iommu, int bank, long ttbr0) {
    if (takes(nowNs())) {
      TableBase table = new TableBase(ttbr0);
      events
          .event(nowNs(), "switch")
          .put(Column.IOMMU, iommu.name())
          .put(Column.NUMBER, bank)
          .put(Column.BASE, table.address())
          .words(table.whose(requireNonNull(machine)));
    }
  }

  @Override
  public void accessed(DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {
    if (pa < 0 && takes(nowNs())) {
      events
          .event(nowNs(), "fault")
          .put(Column.IOMMU, iommu.name())
          .put(Column.NUMBER, streamId)
          .put(Column.IOVA, iova)
          .words((access & BusMaster.WRITE) == 0 ? "read" : "write");
    }
  }

  /** Connects to the debug ports of all TLBs. */
  private final class TlbPorts implements Interposer {
    @Override
    public Translator translator(DtNode iommu, Translator translator) {
      translator.watchTlb(new TlbPort(iommu));
      return translator;
    }
  }

  private final class TlbPort implements TlbWatch {
    private final DtNode iommu;

    TlbPort(DtNode iommu) {
      this.iommu = iommu;
    }

    @Override
    public void filled(int space, long root, long address, long pa, int shift) {
      if (takes(nowNs())) {
        about("fill", space)
            .put(Column.BASE, root)
            .put(Column.IOVA, address)
            .put(Column.PA, pa)
            .put(Column.SHIFT, shift);
      }
    }

    @Override
    public void dropped(int space, long address, int shift) {
      if (takes(nowNs())) {
        about("drop", space).put(Column.IOVA, address).put(Column.SHIFT, shift);
      }
    }

    @Override
    public void emptied(int space) {
      if (takes(nowNs())) {
        about("empty", space);
      }
    }

    private EventTable about(String kind, int space) {
      return events.event(nowNs(), kind).put(Column.IOMMU, iommu.name()).put(Column.NUMBER, space);
    }
  }

  // ---- the end

  /** Records nothing more, but who is in which group and domain now. */
  void end() {
    if (machine == null || (ended && !devices.isEmpty())) {
      return;
    }
    ended = true;
    for (PlatformDevice device : machine.devices().devices()) {
      IommuGroup group = machine.iommu().groupOf(device);
      if (group != null) {
        devices
            .addObject()
            .put("device", device.name())
            .put("group", group.id())
            .put("domain", group.type());
      }
    }
  }

  /** Adds what was recorded to a page. */
  void writeTo(PageData data, ObjectNode run) {
    end();
    events.writeTo(data, run);
    run.set("devices", devices);
  }
}
