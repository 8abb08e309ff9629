package org.smmulator.kernel.process;

/**
 * Tells a host thread that the process which it lent itself to is dead, so that there is nothing to
 * load or store any more. Only hosted processes see it; others just end.
 */
public final class ProcessDied extends RuntimeException {
  ProcessDied(Process process) {
    super(
        process.task().fatalSignal() == 0
            ? process + " has exited"
            : "%s died of signal %d".formatted(process, process.task().fatalSignal()));
  }
}
