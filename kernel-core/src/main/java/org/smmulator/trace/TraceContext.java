package org.smmulator.trace;

/** The running task and the time, for the head of a trace line and of a log line. */
public interface TraceContext {
  /** Virtual nanoseconds since power on. */
  long nowNs();

  /** The name of the running task, at most 15 characters; {@code <idle>} if none runs. */
  String comm();

  /** The running task's process id; 0 if none runs. */
  int pid();

  /** The CPU that runs. */
  int cpu();
}
