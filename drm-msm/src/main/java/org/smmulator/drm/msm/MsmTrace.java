package org.smmulator.drm.msm;

import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/** The events of {@code msm_gpu_trace.h}, and one of ours. */
public sealed interface MsmTrace extends TraceEvent {
  @Override
  default String system() {
    return "drm_msm_gpu";
  }

  /** {@code msm_gpu_submit}: a client submitted. */
  record Submit(int pid, int ringId, int id, int nrBos, int nrCmds) implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_submit";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT, "id=%d pid=%d ring=%d bos=%d cmds=%d", id, pid, ringId, nrBos, nrCmds);
    }
  }

  /** {@code msm_gpu_submit_flush}: the ring is about to be told of a submit. */
  record SubmitFlush(int pid, int id, int ringId, int seqno, long ticks) implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_submit_flush";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT, "id=%d pid=%d ring=%d:%d ticks=%d", id, pid, ringId, seqno, ticks);
    }
  }

  /** {@code msm_gpu_submit_retired}: the driver noticed that a submit is done. */
  record SubmitRetired(
      int pid,
      int id,
      int ringId,
      int seqno,
      long elapsed,
      long clock,
      long startTicks,
      long endTicks)
      implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_submit_retired";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT,
          "id=%d pid=%d ring=%d:%d elapsed=%d ns mhz=%d start=%d end=%d",
          id,
          pid,
          ringId,
          seqno,
          elapsed,
          clock,
          startTicks,
          endTicks);
    }
  }

  /** {@code msm_gpu_suspend}: the GPU is about to lose its power. */
  record Suspend() implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_suspend";
    }

    @Override
    public String print() {
      return "0";
    }
  }

  /** {@code msm_gpu_resume}: the GPU is about to get its power back. */
  record Resume() implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_resume";
    }

    @Override
    public String print() {
      return "0";
    }
  }

  /** {@code msm_gpu_preemption_trigger}: the GPU is asked to leave a ring for another. */
  record PreemptionTrigger(int ringIdFrom, int ringIdTo) implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_preemption_trigger";
    }

    @Override
    public String print() {
      return String.format(Locale.ROOT, "preempting %d -> %d", ringIdFrom, ringIdTo);
    }
  }

  /** {@code msm_gpu_preemption_irq}: the GPU has switched to a ring. */
  record PreemptionIrq(int ringId) implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_preemption_irq";
    }

    @Override
    public String print() {
      return String.format(Locale.ROOT, "preempted to %d", ringId);
    }
  }

  /**
   * {@code msm_gpu_set_pagetable}: the ring is told to switch tables. Not Linux's: an event of this
   * simulator.
   *
   * @param ctx the number of the context that is switched to
   * @param ttbr0 what the context bank gets
   */
  record SetPagetable(int pid, int ctx, int ringId, long ttbr0) implements MsmTrace {
    @Override
    public String name() {
      return "msm_gpu_set_pagetable";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT, "ctx=%d pid=%d ring=%d ttbr0=0x%016x", ctx, pid, ringId, ttbr0);
    }
  }
}
