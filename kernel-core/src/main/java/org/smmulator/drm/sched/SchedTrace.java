package org.smmulator.drm.sched;

import java.util.Locale;
import org.smmulator.trace.TraceEvent;

/**
 * The scheduler's tracepoints, which Linux keeps stable. Source: {@code gpu_scheduler_trace.h} of
 * 7.1.5; all five are there.
 */
public sealed interface SchedTrace extends TraceEvent {
  @Override
  default String system() {
    return "gpu_scheduler";
  }

  /** {@code drm_sched_job_queue}: a job was pushed. */
  record JobQueue(
      String dev,
      long fenceContext,
      long fenceSeqno,
      String ring,
      int jobCount,
      int hwJobCount,
      long clientId)
      implements SchedTrace {
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
  record JobRun(
      String dev,
      long fenceContext,
      long fenceSeqno,
      String ring,
      int jobCount,
      int hwJobCount,
      long clientId)
      implements SchedTrace {
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
  record JobDone(long fenceContext, long fenceSeqno) implements SchedTrace {
    @Override
    public String name() {
      return "drm_sched_job_done";
    }

    @Override
    public String print() {
      return fence(fenceContext, fenceSeqno) + " signaled";
    }
  }

  /** {@code drm_sched_job_add_dep}: what a job that was pushed waits for, one event a fence. */
  record JobAddDep(long fenceContext, long fenceSeqno, long ctx, long seqno) implements SchedTrace {
    @Override
    public String name() {
      return "drm_sched_job_add_dep";
    }

    @Override
    public String print() {
      return fence(fenceContext, fenceSeqno) + " depends on " + fence(ctx, seqno);
    }
  }

  /** {@code drm_sched_job_unschedulable}: a job's turn came, and it has to wait for a fence. */
  record JobUnschedulable(long fenceContext, long fenceSeqno, long ctx, long seqno)
      implements SchedTrace {
    @Override
    public String name() {
      return "drm_sched_job_unschedulable";
    }

    @Override
    public String print() {
      return fence(fenceContext, fenceSeqno) + " depends on unsignalled " + fence(ctx, seqno);
    }
  }

  private static String job(
      String dev, long context, long seqno, String ring, int jobs, int hwJobs, long client) {
    return String.format(
        Locale.ROOT,
        "dev=%s, %s, ring=%s, job count:%d, hw job count:%d, client_id:%d",
        dev,
        fence(context, seqno),
        ring,
        jobs,
        hwJobs,
        client);
  }

  private static String fence(long context, long seqno) {
    return String.format(Locale.ROOT, "fence=%d:%d", context, seqno);
  }
}
