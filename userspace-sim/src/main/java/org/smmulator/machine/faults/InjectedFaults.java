package org.smmulator.machine.faults;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MessagePort;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.machine.faults.Fault.FailedAllocation;
import org.smmulator.machine.faults.Fault.Invalidation;
import org.smmulator.machine.faults.Fault.LateInterrupt;
import org.smmulator.machine.faults.Fault.LostInterrupt;
import org.smmulator.machine.faults.Fault.LostInvalidation;
import org.smmulator.machine.faults.Fault.MemoryPressure;
import org.smmulator.machine.faults.Fault.Period;
import org.smmulator.machine.faults.Fault.StoppedClock;
import org.smmulator.machine.silicon.Interposer;

/** The faults that a machine is built with, in the wires of the devices that they concern. */
public final class InjectedFaults implements Interposer {
  private record Run(long pa, int order) {}

  /** The parts of a booted machine on which faults act. */
  public record Targets(Timebase timebase, PageAllocator pages, FaultInjector allocations) {}

  private final Dram dram;
  private final ImmutableList<ArmedFault> faults;
  private final List<Consumer<String>> listeners = new ArrayList<>();
  private final List<String> happened = new ArrayList<>();

  // Looked up by fault, never iterated.
  private final Map<ArmedFault, Wire> clocks = new HashMap<>();

  /** Null until the machine has booted; no fault is armed until then. */
  private @Nullable Targets targets;

  /** Makes faults of {@code injections}, none of which is armed yet, in a machine's memory. */
  public InjectedFaults(ImmutableList<Injection> injections, Dram dram) {
    this.dram = dram;
    this.faults =
        injections.stream()
            .map(each -> new ArmedFault(each, this::tell))
            .collect(toImmutableList());
  }

  /** Has {@code listener} hear of each fault as it happens. */
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** The faults that have happened, each as often as it did, oldest first. */
  public ImmutableList<String> happened() {
    return ImmutableList.copyOf(happened);
  }

  /** The faults that have not happened. */
  public ImmutableList<String> notHappened() {
    return faults.stream()
        .filter(each -> !each.hasHappened())
        .map(each -> each.fault().words())
        .collect(toImmutableList());
  }

  private void tell(String words) {
    happened.add(words);
    listeners.forEach(listener -> listener.accept(words));
  }

  // ---- arming

  /** Arms the faults that wait for no word; the machine has booted. */
  public void begin(Targets booted) {
    targets = booted;
    faults.stream().filter(ArmedFault::isArmedAtOnce).forEach(this::arm);
  }

  /** Arms the faults that wait for {@code word}. */
  public void arm(String word) {
    faults.stream().filter(each -> each.waitsFor(word)).forEach(this::arm);
  }

  private void arm(ArmedFault armed) {
    armed.arm();
    switch (armed.fault()) {
      case StoppedClock stopped -> during(stopped.when(), () -> stop(armed));
      case MemoryPressure pressure -> during(pressure.when(), () -> press(armed, pressure));
      case FailedAllocation failed ->
          targets().allocations().failNth(failed.nth(), failed.of(), armed::happened);
      case LostInvalidation _, LostInterrupt _, LateInterrupt _ -> {}
    }
  }

  private Targets targets() {
    return requireNonNull(targets);
  }

  /** Begins something then; what it returns ends it. */
  private void during(Period when, Supplier<Runnable> begin) {
    Timebase time = targets().timebase();
    time.after(when.afterNs(), () -> time.after(when.forNs(), begin.get()));
  }

  private Runnable stop(ArmedFault armed) {
    Wire clock = clocks.get(armed);
    if (clock == null) {
      return () -> {};
    }
    armed.happened();
    clock.set(false);
    return () -> clock.set(true);
  }

  private Runnable press(ArmedFault armed, MemoryPressure pressure) {
    PageAllocator pages = targets().pages();
    PageOwner owner =
        pages.owner(new PageOwner.Holder.OfKernel(), "memory pressure", pressure.zone());
    Deque<Run> left = take(owner, pressure.leftBytes() >>> PageAllocator.PAGE_SHIFT);
    Deque<Run> held = take(owner, Long.MAX_VALUE);
    giveBack(left, owner);
    armed.happened();
    return () -> giveBack(held, owner);
  }

  /** Takes up to so many pages, in as large runs as there are. */
  private Deque<Run> take(PageOwner owner, long pages) {
    Deque<Run> taken = new ArrayDeque<>();
    long wanted = pages;
    for (int order = PageAllocator.MAX_ORDER; order >= 0; order--) {
      while (wanted >>> order != 0) {
        long pa = targets().pages().tryAllocFree(order, owner);
        if (pa == PageAllocator.NONE) {
          break;
        }
        taken.push(new Run(pa, order));
        wanted -= 1L << order;
      }
    }
    return taken;
  }

  private void giveBack(Deque<Run> runs, PageOwner owner) {
    while (!runs.isEmpty()) {
      Run run = runs.pop();
      targets().pages().free(run.pa(), run.order(), owner);
    }
  }

  // ---- in the wires

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    MmioTarget wired = registers;
    for (ArmedFault armed : faults) {
      if (armed.fault() instanceof LostInvalidation lost && concerns(lost.iommu(), device)) {
        wired = lossy(device, wired, armed, lost);
      }
    }
    return wired;
  }

  private MmioTarget lossy(
      DtNode device, MmioTarget registers, ArmedFault armed, LostInvalidation lost) {
    if (InvalidationRequests.hasCommandQueue(device)) {
      return new LossyCommandQueue(
          registers,
          dram,
          opcode -> InvalidationRequests.isCommand(lost.of(), opcode) && armed.meets(lost.when()));
    }
    return lost.of() == Invalidation.TLB
        ? new LossyRegisters(
            registers,
            InvalidationRequests.stores(device, registers),
            () -> armed.meets(lost.when()))
        : registers;
  }

  @Override
  public ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
    ContextBankPort wired = port;
    for (ArmedFault armed : faults) {
      if (armed.fault() instanceof LostInvalidation lost
          && lost.of() == Invalidation.GPU_TLB
          && concerns(lost.iommu(), smmu)) {
        wired = new LossyContextBanks(wired, () -> armed.meets(lost.when()));
      }
    }
    return wired;
  }

  @Override
  public IrqPin interrupt(DtNode device, IrqPin pin) {
    IrqPin wired = pin;
    for (ArmedFault armed : faults) {
      boolean here =
          switch (armed.fault()) {
            case LostInterrupt lost -> concerns(lost.device(), device);
            case LateInterrupt late -> concerns(late.device(), device);
            default -> false;
          };
      if (here) {
        wired = new FaultyPin(wired, armed, (event, ns) -> targets().timebase().after(ns, event));
      }
    }
    return wired;
  }

  @Override
  public MessagePort messages(DtNode device, MessagePort port) {
    MessagePort wired = port;
    for (ArmedFault armed : faults) {
      wired =
          switch (armed.fault()) {
            case LostInterrupt lost when concerns(lost.device(), device) ->
                lossy(wired, armed, lost);
            case LateInterrupt late when concerns(late.device(), device) ->
                slow(wired, armed, late);
            default -> wired;
          };
    }
    return wired;
  }

  /** The device has posted its store, and is not told that it never arrives. */
  private static MessagePort lossy(MessagePort port, ArmedFault armed, LostInterrupt lost) {
    return (pa, value) -> armed.meets(lost.when()) || port.message(pa, value);
  }

  private MessagePort slow(MessagePort port, ArmedFault armed, LateInterrupt late) {
    return (pa, value) -> {
      if (!armed.meets(late.when())) {
        return port.message(pa, value);
      }
      targets().timebase().after(late.byNs(), () -> port.message(pa, value));
      return true;
    };
  }

  @Override
  public Wire clock(DtNode device, Wire running) {
    Wire wired = running;
    for (ArmedFault armed : faults) {
      if (armed.fault() instanceof StoppedClock stopped && concerns(stopped.device(), device)) {
        Wire clock = clocks.computeIfAbsent(armed, _ -> Wire.high());
        wired = Wire.both(wired, clock);
      }
    }
    return wired;
  }

  private static boolean concerns(@Nullable String named, DtNode device) {
    return named == null || named.equals(DriverCore.nameOf(device));
  }
}
