package org.smmulator.hw.adreno;

import static org.smmulator.hw.adreno.DataPackets.address;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.regs.adreno.A6xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Event;
import org.smmulator.regs.adreno.Pm4Opcode;

/**
 * Takes packets from the ring, and from the indirect buffers that it nests in, one after another.
 *
 * <p>An error hangs it: it stays busy, with an interrupt, until a reset. Privileged packets
 * (SMMU_TABLE_UPDATE, SET_PROTECTED_MODE) are taken from the ring alone, where only the kernel
 * writes; elsewhere they are unknown opcodes.
 *
 * @implNote Unverified: that privileged packets of an indirect buffer are unknown opcodes.
 */
final class CommandProcessor implements GpuRegisters.Control {
  private static final int RING = 0;
  private static final int IB1 = 1;
  private static final int IB2 = 2;
  private static final int MAX_PAYLOAD = 0x4000;
  private static final int IB_SIZE_MASK = 0xfffff;

  /** CP_HW_FAULT when a fetch of commands aborted; a number of this model's. */
  private static final int FETCH_ABORTED = 1;

  private static final int COPY_DWORDS = 256;
  private static final int MAX_RING_LOG2 = 20;

  /** The one context bank that the wires to the SMMU lead to. */
  private static final int BANK = 0;

  private final GpuBus bus;
  private final ContextBankPort tables;
  private final TableSwitch tableSwitch;
  private final CpCosts costs;
  private final Doorbell bell;
  private final GpuRegisters registers;
  private final RegisterPort port;
  private final DataPackets data;
  private final CommandStream[] streams;
  private final int[] payload = new int[MAX_PAYLOAD];

  private int level = RING;
  private int publishedPosition;
  private boolean started;
  private boolean hung;

  CommandProcessor(
      AdrenoConfig config,
      Timebase timebase,
      BusMaster memory,
      ContextBankPort tables,
      TableSwitch tableSwitch,
      IrqPin irq) {
    this.bus = new GpuBus(memory, timebase);
    this.tables = tables;
    this.tableSwitch = tableSwitch;
    this.costs = config.costs();
    this.bell = timebase.doorbell(config.name() + " doorbell");
    this.registers = new GpuRegisters(config, timebase, irq, this);
    this.port = new RegisterPort(registers, bus);
    this.data = new DataPackets(bus, port);
    this.streams =
        new CommandStream[] {
          new CommandStream(bus), new CommandStream(bus), new CommandStream(bus)
        };
  }

  GpuRegisters registers() {
    return registers;
  }

  /** The process: never returns. */
  void run() {
    while (true) {
      try {
        if (canRun()) {
          step();
        } else {
          sleep();
        }
      } catch (GpuBus.ResetMeanwhile unwound) {
        // the reset has left everything ready to start anew
      }
    }
  }

  // ---- what the registers ask for

  @Override
  public void start() {
    int log2 = Math.min(A6xx.RB_CNTL_BUFSZ.get(registers.get(A6xx.CP_RB_CNTL)), MAX_RING_LOG2);
    int ringDwords = 2 << log2;
    streams[RING].startRing(registers.get(A6xx.CP_RB_BASE), ringDwords);
    publishedPosition = 0;
    started = true;
    doorbell();
  }

  @Override
  public void doorbell() {
    if (started && !hung) {
      streams[RING].extendTo(registers.get(A6xx.CP_RB_WPTR));
      registers.setBusy(canRun());
      bell.ring();
    }
  }

  @Override
  public void reset() {
    bus.reset();
    started = false;
    hung = false;
    level = RING;
    for (CommandStream stream : streams) {
      stream.startBuffer(0, 0);
    }
    port.reset();
    registers.reset();
    bell.ring();
  }

  @Override
  public int readPointer() {
    return streams[RING].position();
  }

  @Override
  public int remaining(int ibLevel) {
    return streams[ibLevel].left();
  }

  // ---- one packet after another

  private boolean canRun() {
    return started && !hung && (level > RING || streams[RING].left() > 0);
  }

  private void sleep() {
    if (started && !hung) {
      publishReadPointer(1);
      registers.setBusy(canRun()); // more may have come while that store was stalled
    }
    bus.await(bell);
    if (canRun()) {
      bus.spend(costs.wakeNs());
    }
  }

  private void step() {
    CommandStream stream = streams[level];
    if (stream.left() == 0) {
      level--;
      return;
    }
    int header = stream.next();
    if (stream.aborted()) {
      hang(A6xx.CP_INT_HW_FAULT_ERROR, FETCH_ABORTED);
    } else if (!Pm4.isValid(header)) {
      badPacket(header);
    } else {
      takePacket(stream, header);
    }
  }

  private void takePacket(CommandStream stream, int header) {
    int count = Pm4.count(header);
    boolean inRing = level == RING;
    if (!gather(stream, header, count)) {
      return;
    }
    bus.spend(costs.packetNs() + costs.dwordNs() * count);
    boolean wellFormed = Pm4.type(header) == Pm4.TYPE4 ? writeRegisters(header) : execute(header);
    if (port.violated()) {
      hung = true; // the port has raised the interrupt
    } else if (!wellFormed) {
      badPacket(header);
    } else if (inRing) {
      publishReadPointer(blockDwords());
    }
  }

  /** Fetches the payload. Says whether the packet can be carried out. */
  private boolean gather(CommandStream stream, int header, int count) {
    while (stream.left() < count) {
      if (level != RING) {
        badPacket(header); // an indirect buffer does not grow
        return false;
      }
      bus.await(bell); // the driver has published half a packet
    }
    if (Pm4.type(header) == Pm4.TYPE7 && Pm4.opcode(header) == Pm4Opcode.NOP) {
      stream.skip(count);
      return true;
    }
    for (int i = 0; i < count; i++) {
      payload[i] = stream.next();
    }
    if (stream.aborted()) {
      hang(A6xx.CP_INT_HW_FAULT_ERROR, FETCH_ABORTED);
    }
    return !hung;
  }

  private void badPacket(int header) {
    registers.set(A6xx.CP_SQE_STAT_DATA, header);
    hang(A6xx.CP_INT_OPCODE_ERROR, 0);
  }

  private void hang(Field error, int hardwareFault) {
    hung = true;
    registers.set(A6xx.CP_HW_FAULT, hardwareFault);
    registers.raiseError(error);
  }

  /** Copies the read pointer to memory if it moved by {@code atLeast} dwords. */
  private void publishReadPointer(int atLeast) {
    long iova = registers.get(A6xx.CP_RB_RPTR_ADDR);
    int position = streams[RING].position();
    boolean wanted = iova != 0 && !A6xx.RB_CNTL_NO_UPDATE.isSet(registers.get(A6xx.CP_RB_CNTL));
    if (wanted && Math.abs(position - publishedPosition) >= atLeast) {
      publishedPosition = position;
      bus.store32(iova, position);
    }
  }

  private int blockDwords() {
    return 2 << A6xx.RB_CNTL_BLKSZ.get(registers.get(A6xx.CP_RB_CNTL));
  }

  // ---- what packets do; each says whether it was well formed

  private boolean writeRegisters(int header) {
    int first = Pm4.register(header);
    int count = Pm4.count(header);
    for (int i = 0; i < count && !port.violated(); i++) {
      port.write(first + i, payload[i]);
    }
    return true;
  }

  private boolean execute(int header) {
    int count = Pm4.count(header);
    int opcode = Pm4.opcode(header);
    return switch (opcode) {
      case Pm4Opcode.NOP -> true;
      case Pm4Opcode.MEM_WRITE -> data.memWrite(payload, count);
      case Pm4Opcode.MEM_TO_MEM -> data.memToMem(payload, count);
      case Pm4Opcode.REG_TO_MEM -> data.regToMem(payload, count);
      case Pm4Opcode.MEM_TO_REG -> data.memToReg(payload, count);
      case Pm4Opcode.REG_RMW -> data.regRmw(payload, count);
      case Pm4Opcode.COND_WRITE5 -> data.condWrite(payload, count);
      case Pm4Opcode.MEMCPY -> count == 5 && memcpy();
      case Pm4Opcode.EVENT_WRITE -> eventWrite(count);
      case Pm4Opcode.WHERE_AM_I -> count == 2 && whereAmI();
      case Pm4Opcode.INDIRECT_BUFFER, Pm4Opcode.INDIRECT_BUFFER_PFD ->
          count == 3 && level < IB2 && enter(level + 1);
      case Pm4Opcode.INDIRECT_BUFFER_CHAIN -> count == 3 && level > RING && enter(level);
      case Pm4Opcode.COND_EXEC -> count == 6 && condExec();
      case Pm4Opcode.WAIT_REG_MEM -> count == 6 && waitRegMem();
      case Pm4Opcode.WAIT_MEM_GTE -> count == 4 && waitMemGte();
      case Pm4Opcode.SET_PROTECTED_MODE -> count == 1 && level == RING && setProtectedMode();
      case Pm4Opcode.SMMU_TABLE_UPDATE -> count == 4 && level == RING && switchTable();
      default -> AcceptedPackets.contains(opcode);
    };
  }

  private boolean enter(int newLevel) {
    long iova = address(payload, 0);
    streams[newLevel].startBuffer(iova, payload[2] & IB_SIZE_MASK);
    registers.set(newLevel == IB1 ? A6xx.CP_IB1_BASE : A6xx.CP_IB2_BASE, iova);
    level = newLevel;
    return true;
  }

  private boolean memcpy() {
    long from = address(payload, 1);
    long to = address(payload, 3);
    long dwords = Integer.toUnsignedLong(payload[0]);
    for (long done = 0; done < dwords; done++) {
      if (done % COPY_DWORDS == 0) {
        bus.spend(costs.dwordNs() * COPY_DWORDS);
      }
      bus.store32(to + 4 * done, bus.load32(from + 4 * done));
    }
    return true;
  }

  private boolean eventWrite(int count) {
    if (count != 1 && count != 4) {
      return false;
    }
    bus.spend(costs.cacheEventNs());
    int event = payload[0] & Pm4Event.EVENT_MASK;
    if (count == 4 && (payload[0] & Pm4Event.TIMESTAMP) != 0) {
      bus.store64(address(payload, 1), registers.alwaysOnTicks());
    } else if (count == 4) {
      bus.store32(address(payload, 1), payload[3]);
    }
    if ((payload[0] & Pm4Event.IRQ) != 0) {
      raise(event);
    }
    return true;
  }

  private void raise(int event) {
    if (event == Pm4Event.CACHE_FLUSH_TS) {
      registers.raise(A6xx.INT_CACHE_FLUSH_TS);
    } else if (event == Pm4Event.RB_DONE_TS) {
      registers.raise(A6xx.INT_RB_DONE_TS);
    }
  }

  /** Privileged in the ring alone: a client must not be able to tell the driver of room. */
  private boolean whereAmI() {
    long iova = address(payload, 0);
    if (level == RING) {
      bus.storePrivileged32(iova, streams[RING].position());
    } else {
      bus.store32(iova, streams[RING].position());
    }
    return true;
  }

  /** Skips the dwords that follow unless the first location is not zero and the second is less. */
  private boolean condExec() {
    int dwords = payload[5];
    boolean runs =
        bus.load32(address(payload, 0)) != 0 && bus.load32(address(payload, 2)) < payload[4];
    if (runs) {
      return true;
    }
    CommandStream stream = streams[level];
    if (dwords < 0 || dwords > stream.left()) {
      return false;
    }
    stream.skip(dwords);
    return true;
  }

  private boolean waitRegMem() {
    if (!DataPackets.canPoll(payload[0])) {
      return false;
    }
    long pause = costs.pollNs();
    while (!data.holds(payload) && !port.violated()) {
      bus.spend(pause);
      pause = Math.min(2 * pause, costs.maxPollNs());
    }
    return true;
  }

  private boolean waitMemGte() {
    long iova = address(payload, 1);
    long pause = costs.pollNs();
    while (Integer.compareUnsigned(bus.load32(iova), payload[3]) < 0) {
      bus.spend(pause);
      pause = Math.min(2 * pause, costs.maxPollNs());
    }
    return true;
  }

  private boolean setProtectedMode() {
    port.setProtectedMode((payload[0] & 1) != 0);
    return true;
  }

  /** The packet's fourth dword names a bank, and does not matter: the wires lead to bank 0. */
  private boolean switchTable() {
    bus.spend(costs.tableSwitchNs());
    tableSwitch.apply(tables, BANK, address(payload, 0), payload[2]);
    for (CommandStream stream : streams) {
      stream.invalidateBatch(); // what was fetched ahead came through the old table
    }
    return true;
  }
}
