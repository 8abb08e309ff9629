package org.smmulator.machine;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.faults.Fault;
import org.smmulator.machine.faults.InjectedFaults;
import org.smmulator.machine.faults.Injection;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.isolation.IsolationWatch;
import org.smmulator.machine.kernel.BoardMemory;
import org.smmulator.machine.kernel.Initcalls;
import org.smmulator.machine.kernel.IommuModule;
import org.smmulator.machine.kernel.MsmModule;
import org.smmulator.machine.silicon.Interposer;

/** Puts a machine together and boots it. */
public final class MachineBuilder {
  private final DeviceTree board;
  private final MachineComponent.Builder parts = DaggerMachineComponent.builder();
  private Interposer probe = Interposer.none();
  private ImmutableList<Injection> injections = ImmutableList.of();
  private boolean traced;
  private boolean watched;
  private Consumer<Machine> observer = _ -> {};

  MachineBuilder(DeviceTree board) {
    this.board = board;
    parts.board(board);
    parts.config(KernelConfig.defaults());
  }

  /** Sets the switches, in place of {@link KernelConfig#defaults}. */
  public MachineBuilder config(KernelConfig config) {
    parts.config(config);
    return this;
  }

  /** Puts a probe into the machine's wires. */
  public MachineBuilder interpose(Interposer interposer) {
    probe = interposer;
    return this;
  }

  /** Has {@code faults} happen in the machine, which are armed when it has booted. */
  public MachineBuilder inject(Fault... faults) {
    return inject(Stream.of(faults).map(Injection::atOnce).collect(toImmutableList()));
  }

  /** Has faults happen in the machine. */
  public MachineBuilder inject(ImmutableList<Injection> faults) {
    injections = faults;
    return this;
  }

  /** Replaces the kernel's IOMMU core. */
  public MachineBuilder kernel(IommuModule module) {
    parts.replace(module);
    return this;
  }

  /** Replaces the kernel's msm. */
  public MachineBuilder kernel(MsmModule module) {
    parts.replace(module);
    return this;
  }

  /** Replaces the list of the kernel's drivers. */
  public MachineBuilder kernel(Initcalls module) {
    parts.replace(module);
    return this;
  }

  /** Switches every tracepoint on before the machine boots. */
  public MachineBuilder traced() {
    traced = true;
    return this;
  }

  /** Has the machine watch whose memory devices store to: {@link Machine#isolation}. */
  public MachineBuilder watched() {
    watched = true;
    return this;
  }

  /**
   * Shows the machine to {@code observer}, too, before it boots. Nothing has happened in it then.
   */
  public MachineBuilder observe(Consumer<Machine> observer) {
    this.observer = this.observer.andThen(observer);
    return this;
  }

  /**
   * Boots the machine.
   *
   * @throws BadInputException if the board's device tree is wrong, or the host has no room for its
   *     memory
   * @throws MachineStopped if the kernel panics, deadlocks or breaks on the way
   */
  public Machine boot() throws BadInputException {
    try {
      BoardMemory memory = new BoardMemory(board);
      parts.memory(memory);
      Machine machine = assemble(new Dram(memory.banks()));
      if (traced) {
        machine.tracer().enableAll();
      }
      observer.accept(machine);
      return boot(machine);
    } catch (DeviceTreeException e) {
      throw Boards.badTree(e);
    } catch (DramUnavailableException e) {
      throw new BadInputException(
          String.valueOf(e.getMessage()), "free some space there, or use a board with less memory");
    }
  }

  private Machine assemble(Dram dram) {
    InjectedFaults faults = new InjectedFaults(injections, dram);
    parts.dram(dram);
    parts.faults(faults);
    IsolationWatch isolation = new IsolationWatch();
    parts.isolation(isolation);
    parts.interposer(
        Interposer.all(watched ? List.of(faults, isolation, probe) : List.of(faults, probe)));
    try {
      return parts.build().machine();
    } catch (DeviceTreeException e) {
      dram.close();
      throw e;
    }
  }

  private static Machine boot(Machine machine) {
    try {
      machine.boot();
      return machine;
    } catch (DeviceTreeException | MachineStopped e) {
      machine.close();
      throw e.getCause() instanceof DeviceTreeException bad ? bad : e;
    }
  }
}
