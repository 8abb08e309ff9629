package org.smmulator.kernel;

import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/**
 * The services that drivers find as global functions in Linux. A machine has one of each.
 *
 * @param nodes the tree of {@code /dev}, {@code /sys} and {@code /proc}
 * @param clock the clock of clients, which their absolute timeouts are on
 * @param faults makes allocations fail on purpose
 */
public record KernelServices(
    Scheduler scheduler,
    Lockdep lockdep,
    PageAllocator pages,
    Dram dram,
    Dmesg dmesg,
    Tracer tracer,
    NodeTree nodes,
    MonotonicClock clock,
    FaultInjector faults) {}
