package org.smmulator.kernel.process;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.UserFault;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/**
 * Simulated user code touching its own memory, through the process's own pagetable.
 *
 * <p>A bad address is a SIGSEGV: the process ends there and then, and dmesg says where. To a host
 * thread, which cannot be ended, it is {@link ProcessDied}. Touching memory that a device shares is
 * a scheduling point, so a loop that polls lets the device get on.
 */
@Singleton
public final class UserAccess {
  private final ProcessTable processes;
  private final Scheduler scheduler;
  private final Dmesg dmesg;

  @Inject
  public UserAccess(ProcessTable processes, Dmesg dmesg) {
    this.processes = processes;
    this.scheduler = processes.scheduler();
    this.dmesg = dmesg;
  }

  /** Loads 1, 2, 4 or 8 bytes, little-endian, zero-extended. */
  public long load(Process process, long va, int sizeBytes) {
    return access(process, false, () -> process.mm().load(va, sizeBytes));
  }

  /** Stores 1, 2, 4 or 8 bytes, little-endian. */
  public void store(Process process, long va, int sizeBytes, long value) {
    var _ =
        access(
            process,
            true,
            () -> {
              process.mm().store(va, sizeBytes, value);
              return 0;
            });
  }

  /** Loads as many bytes as {@code to} has. */
  public void load(Process process, long va, MemorySegment to) {
    var _ = access(process, false, () -> copyFrom(process, va, to));
  }

  /** Stores the bytes of {@code from}. */
  public void store(Process process, long va, MemorySegment from) {
    var _ = access(process, true, () -> copyTo(process, va, from));
  }

  private long copyFrom(Process process, long va, MemorySegment to) throws ErrnoException {
    scheduler.point();
    process.mm().copyFrom(va, to, 0, to.byteSize());
    return 0;
  }

  private long copyTo(Process process, long va, MemorySegment from) throws ErrnoException {
    scheduler.point();
    process.mm().copyTo(va, from, 0, from.byteSize());
    return 0;
  }

  /** An access to the memory. */
  private interface Body {
    long run() throws ErrnoException;
  }

  private long access(Process process, boolean write, Body body) {
    if (!process.isHosted()) {
      return accessHere(process, write, body);
    }
    long value = scheduler.callAs(process.context(), () -> accessHere(process, write, body));
    if (process.task().isDead()) {
      throw new ProcessDied(process);
    }
    return value;
  }

  private long accessHere(Process process, boolean write, Body body) {
    if (processes.endIfDead(process)) {
      return 0;
    }
    process.calls++;
    long value = 0;
    try {
      value = body.run();
    } catch (ErrnoException e) {
      segfault(process, write);
    }
    process.calls--;
    processes.endIfKilled(process);
    return value;
  }

  /** Kernel: {@code arm64_force_sig_fault()}, with the line that older kernels print. */
  private void segfault(Process process, boolean write) {
    long va = process.mm().lastFaultVa();
    UserFault fault = process.mm().explain(va, write);
    dmesg.info(
        "%s: unhandled %s (%d) at 0x%08x, esr 0x%08x",
        process, fault.name(), fault.signal(), va, fault.esr());
    processes.kill(process, fault.signal());
  }
}
