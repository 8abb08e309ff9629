package org.smmulator.drm.sched;

import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/**
 * The scheduler's tracepoints, which Linux keeps stable. Source: {@code gpu_scheduler_trace.h} of
 * 7.1.5; all five are there.
 */
public final class SchedTrace {
  private SchedTrace() {}

  /** {@code drm_sched_job_queue}: a job was pushed. */
  public record JobQueue(
      String dev,
      long fenceContext,
      long fenceSeqno,
      String ring,
      int jobCount,
      int hwJobCount,
      long clientId)
      implements TraceEvent {
    @Override
    public String system() {
      return "gpu_scheduler";
    }

    @Override
    public String name() {
      return "drm_sched_job_queue";
    }

    @Override
    public String print() {
      return job(dev, fenceContext, fenceSeqno, ring, jobCount, hwJobCount, clientId);
    }
  }

  /** {@code drm_sched_job_run}: a job is about to be given to the hardware. */
  public record JobRun(
      String dev,
      long fenceContext,
      long fenceSeqno,
      String ring,
      int jobCount,
      int hwJobCount,
      long clientId)
      implements TraceEvent {
    @Override
    public String system() {
      return "gpu_scheduler";
    }

    @Override
    public String name() {
      return "drm_sched_job_run";
    }

    @Override
    public String print() {
      return job(dev, fenceContext, fenceSeqno, ring, jobCount, hwJobCount, clientId);
    }
  }

  /** {@code drm_sched_job_done}: the hardware is through with a job. */
  public record JobDone(long fenceContext, long fenceSeqno) implements TraceEvent {
    @Override
    public String system() {
      return "gpu_scheduler";
    }

    @Override
    public String name() {
      return "drm_sched_job_done";
    }

    @Override
    public String print() {
      return String.format(Locale.ROOT, "fence=%d:%d signaled", fenceContext, fenceSeqno);
    }
  }

  /** {@code drm_sched_job_add_dep}: what a job that was pushed waits for, one event a fence. */
  public record JobAddDep(long fenceContext, long fenceSeqno, long ctx, long seqno)
      implements TraceEvent {
    @Override
    public String system() {
      return "gpu_scheduler";
    }

    @Override
    public String name() {
      return "drm_sched_job_add_dep";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT, "fence=%d:%d depends on fence=%d:%d", fenceContext, fenceSeqno, ctx, seqno);
    }
  }

  /** {@code drm_sched_job_unschedulable}: a job's turn came, and it has to wait for a fence. */
  public record JobUnschedulable(long fenceContext, long fenceSeqno, long ctx, long seqno)
      implements TraceEvent {
    @Override
    public String system() {
      return "gpu_scheduler";
    }

    @Override
    public String name() {
      return "drm_sched_job_unschedulable";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT,
          "fence=%d:%d depends on unsignalled fence=%d:%d",
          fenceContext,
          fenceSeqno,
          ctx,
          seqno);
    }
  }

  private static String job(
      String dev, long context, long seqno, String ring, int jobs, int hwJobs, long client) {
    return String.format(
        Locale.ROOT,
        "dev=%s, fence=%d:%d, ring=%s, job count:%d, hw job count:%d, client_id:%d",
        dev,
        context,
        seqno,
        ring,
        jobs,
        hwJobs,
        client);
  }
}
