package org.smmulator.hw.adreno;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.Timebase;

/**
 * Takes packets from the ring, and from the indirect buffers that it nests in, one after another.
 *
 * <p>An error hangs it: it stays busy, with an interrupt, until a reset. Privileged packets are
 * taken from the ring alone, where only the kernel writes; elsewhere they are unknown opcodes.
 *
 * @implNote Unverified: that privileged packets of an indirect buffer are unknown opcodes.
 */
final class CommandProcessor implements GpuRegisters.Control, PacketSet.Flow {
  private static final int RING = 0;
  private static final int IB1 = 1;
  private static final int IB2 = 2;
  private static final int MAX_PAYLOAD = 0x4000;

  /** The parts that differ between generations. */
  interface Generation {
    GpuRegisters registers(GpuRegisters.Control control);

    PacketSet packets(GpuBus bus, RegisterPort port, GpuRegisters registers);

    /** Returns whether the SMMU stalls an access of the GPU. */
    boolean isStalled();
  }

  private final GpuBus bus;
  private final Generation generation;
  private final CpCosts costs;
  private final Doorbell bell;
  private final GpuRegisters registers;
  private final RegisterPort port;
  private final PacketSet packets;
  private final CommandStream[] streams;
  private final int[] payload = new int[MAX_PAYLOAD];

  private int level = RING;
  private int publishedPosition;
  private boolean started;
  private boolean hung;
  private boolean interruptsOnSwitch;

  CommandProcessor(
      AdrenoConfig config,
      Timebase timebase,
      GpuClock clock,
      BusMaster memory,
      Generation generation) {
    this.bus = new GpuBus(memory, timebase, clock);
    this.generation = generation;
    this.costs = config.costs();
    this.bell = timebase.doorbell(config.name() + " doorbell");
    this.registers = generation.registers(this);
    this.port = new RegisterPort(registers, bus);
    this.packets = generation.packets(bus, port, registers);
    this.streams =
        new CommandStream[] {
          new CommandStream(bus), new CommandStream(bus), new CommandStream(bus)
        };
  }

  GpuRegisters registers() {
    return registers;
  }

  WorkLog work() {
    return packets.work();
  }

  /** The process: never returns. */
  void run() {
    while (true) {
      try {
        if (isDrained() && switchRings()) {
          continue;
        }
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
    if (started) {
      return;
    }
    streams[RING].startRing(registers.ringBase(), registers.ringDwords(), 0);
    publishedPosition = 0;
    started = true;
    doorbell();
  }

  @Override
  public void doorbell() {
    if (started && !hung) {
      streams[RING].extendTo(registers.writePointer());
      registers.setBusy(canRun());
      bell.ring();
    }
  }

  @Override
  public void switchAsked() {
    if (started && !hung) {
      bell.ring();
    }
  }

  @Override
  public void reset() {
    bus.reset();
    interruptsOnSwitch = false;
    started = false;
    hung = false;
    level = RING;
    for (CommandStream stream : streams) {
      stream.startBuffer(0, 0);
    }
    port.reset();
    packets.reset();
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

  @Override
  public boolean isStalled() {
    return generation.isStalled();
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
      fetchAborted();
      return;
    }
    int count = packets.payload(header);
    if (count == PacketSet.NO_PACKET) {
      badPacket(header);
    } else {
      takePacket(stream, header, count);
    }
  }

  private void takePacket(CommandStream stream, int header, int count) {
    boolean fromRing = level == RING;
    if (!gather(stream, header, count)) {
      return;
    }
    bus.spend(costs.packetNs() + costs.dwordNs() * count);
    boolean wellFormed = packets.execute(header, payload, count, this);
    if (port.violated()) {
      stop(); // the port has raised the interrupt
    } else if (!wellFormed) {
      badPacket(header);
    } else if (fromRing) {
      publishReadPointer(registers.blockDwords());
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
    if (packets.isNop(header)) {
      stream.skip(count);
      return true;
    }
    for (int i = 0; i < count; i++) {
      payload[i] = stream.next();
    }
    if (stream.aborted()) {
      fetchAborted();
    }
    return !hung;
  }

  private void badPacket(int header) {
    registers.opcodeError(header);
    stop();
  }

  private void fetchAborted() {
    registers.fetchError();
    stop();
  }

  private void stop() {
    hung = true;
    registers.standStill();
  }

  /** Copies the read pointer to memory if it moved by {@code atLeast} dwords. */
  private void publishReadPointer(int atLeast) {
    long iova = registers.shadowIova();
    int position = streams[RING].position();
    if (iova != 0 && Math.abs(position - publishedPosition) >= atLeast) {
      publishedPosition = position;
      bus.store32(iova, position);
    }
  }

  // ---- another ring

  private boolean isDrained() {
    return started && !hung && level == RING && streams[RING].left() == 0;
  }

  /** Leaves the ring for the one that the driver asked for; false if it asked for none. */
  private boolean switchRings() {
    ContextSwitch rings = packets.contextSwitch();
    if (rings == null || !rings.isAsked()) {
      return false;
    }
    publishReadPointer(1);
    int from = rings.exchange(streams[RING].position());
    if (from < 0) {
      fetchAborted();
      return true;
    }
    streams[RING].startRing(registers.ringBase(), registers.ringDwords(), from);
    streams[RING].extendTo(registers.writePointer());
    publishedPosition = from;
    registers.setBusy(canRun());
    rings.done(interruptsOnSwitch);
    return true;
  }

  // ---- what packets do to the flow

  /** {@inheritDoc} A ring that says so has its read pointer stored, as the driver expects. */
  @Override
  public void yieldRing(boolean interrupts) {
    if (level != RING) {
      return;
    }
    interruptsOnSwitch = interrupts;
    long shadow = registers.yieldShadowIova();
    if (shadow != 0) {
      bus.storePrivileged32(shadow, streams[RING].position());
    }
    boolean _ = switchRings();
  }

  @Override
  public boolean inRing() {
    return level == RING;
  }

  @Override
  public boolean call(long iova, int dwords) {
    if (level == IB2) {
      return false;
    }
    begin(level + 1, iova, dwords);
    return true;
  }

  @Override
  public boolean chain(long iova, int dwords) {
    if (level == RING) {
      return false;
    }
    begin(level, iova, dwords);
    return true;
  }

  private void begin(int newLevel, long iova, int dwords) {
    streams[newLevel].startBuffer(iova, dwords);
    registers.showBuffer(newLevel == IB1 ? 1 : 2, iova, dwords);
    level = newLevel;
  }

  @Override
  public boolean skip(int dwords) {
    CommandStream stream = streams[level];
    if (dwords < 0 || dwords > stream.left()) {
      return false;
    }
    stream.skip(dwords);
    return true;
  }

  @Override
  public int ringPosition() {
    return streams[RING].position();
  }

  @Override
  public void refetch() {
    for (CommandStream stream : streams) {
      stream.invalidateBatch();
    }
  }
}
