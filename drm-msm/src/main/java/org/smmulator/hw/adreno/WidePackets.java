package org.smmulator.hw.adreno;

import static org.smmulator.hw.adreno.DataPackets.address;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Event;
import org.smmulator.regs.adreno.Pm4Opcode;

/** The packets of A5xx and A6xx: types 4 and 7, addresses of 64 bits. */
final class WidePackets implements PacketSet {
  private static final int IB_SIZE_MASK = 0xfffff;
  private static final int COPY_DWORDS = 256;
  private static final int REGISTER_MASK = 0x3ffff;
  private static final int TEST_BIT_SHIFT = 20;
  private static final int MARKER_MASK = 0xf;
  private static final int MARKER_IS_POWER = 1 << 8;
  private static final int COND_MODE_SHIFT = 28;
  private static final int COND_MODES_SHIFT = 25;
  private static final int COND_DWORDS_MASK = 0xffffff;
  private static final int COND_PREDICATE = 1;
  private static final int COND_RENDER_MODE = 3;

  private final boolean a5xx;
  private final CpCosts costs;
  private final GpuBus bus;
  private final RegisterPort port;
  private final GpuRegisters registers;
  private final ContextBankPort tables;
  private final TableSwitch tableSwitch;
  private final DataPackets data;
  private final DrawState drawState;
  private final @Nullable A2dEngine a2d;

  private final @Nullable ContextSwitch contextSwitch;

  private boolean predicate;
  private final WorkLog work = new WorkLog();

  WidePackets(
      AdrenoConfig config,
      GpuBus bus,
      RegisterPort port,
      GpuRegisters registers,
      ContextBankPort tables,
      TableSwitch tableSwitch) {
    this.a5xx = config.generation() == AdrenoConfig.Generation.A5XX;
    this.costs = config.costs();
    this.bus = bus;
    this.port = port;
    this.registers = registers;
    this.tables = tables;
    this.tableSwitch = tableSwitch;
    this.data = new DataPackets(bus, port);
    this.drawState = new DrawState(!a5xx);
    this.contextSwitch =
        a5xx ? new ContextSwitch(bus, registers, tables, tableSwitch, costs) : null;
    this.a2d = a5xx ? null : new A2dEngine(bus, registers.file(), costs);
  }

  @Override
  public @Nullable ContextSwitch contextSwitch() {
    return contextSwitch;
  }

  @Override
  public WorkLog work() {
    return work;
  }

  @Override
  public void reset() {
    predicate = false;
    drawState.reset();
  }

  @Override
  public int payload(int header) {
    return Pm4.isValid(header) ? Pm4.count(header) : NO_PACKET;
  }

  @Override
  public boolean isNop(int header) {
    return Pm4.type(header) == Pm4.TYPE7 && Pm4.opcode(header) == Pm4Opcode.NOP;
  }

  @Override
  public boolean execute(int header, int[] payload, int count, Flow flow) {
    return Pm4.type(header) == Pm4.TYPE4
        ? writeRegisters(Pm4.register(header), payload, count)
        : execute7(Pm4.opcode(header), payload, count, flow);
  }

  private boolean writeRegisters(int first, int[] payload, int count) {
    for (int i = 0; i < count && !port.violated(); i++) {
      port.write(first + i, payload[i]);
    }
    return true;
  }

  private boolean execute7(int opcode, int[] payload, int count, Flow flow) {
    return switch (opcode) {
      case Pm4Opcode.NOP -> true;
      case Pm4Opcode.MEM_WRITE ->
          data.memWrite(payload, count, flow.inRing() && registers.isPrivileged());
      case Pm4Opcode.MEM_TO_MEM -> data.memToMem(payload, count);
      case Pm4Opcode.REG_TO_MEM -> data.regToMem(payload, count);
      case Pm4Opcode.MEM_TO_REG -> data.memToReg(payload, count);
      case Pm4Opcode.REG_RMW -> data.regRmw(payload, count);
      case Pm4Opcode.COND_WRITE5 -> data.condWrite(payload, count);
      case Pm4Opcode.MEMCPY -> !a5xx && count == 5 && memcpy(payload);
      case Pm4Opcode.EVENT_WRITE -> eventWrite(payload, count);
      case Pm4Opcode.WHERE_AM_I -> count == 2 && whereAmI(payload, flow);
      case Pm4Opcode.INDIRECT_BUFFER, Pm4Opcode.INDIRECT_BUFFER_PFD ->
          count == 3 && flow.call(address(payload, 0), payload[2] & IB_SIZE_MASK);
      case Pm4Opcode.INDIRECT_BUFFER_CHAIN ->
          count == 3 && flow.chain(address(payload, 0), payload[2] & IB_SIZE_MASK);
      case Pm4Opcode.COND_EXEC -> count == 6 && condExec(payload, flow);
      case Pm4Opcode.WAIT_REG_MEM -> count == 6 && waitRegMem(payload);
      case Pm4Opcode.WAIT_MEM_GTE -> !a5xx && count == 4 && waitMemGte(payload);
      case Pm4Opcode.SET_PROTECTED_MODE -> count == 1 && flow.inRing() && protect(payload);
      case Pm4Opcode.SMMU_TABLE_UPDATE ->
          count == (a5xx ? 3 : 4) && flow.inRing() && switchTable(payload, flow);
      case Pm4Opcode.WAIT_REG_EQ -> count == 4 && waitRegEq(payload);
      case Pm4Opcode.REG_TEST -> count == 1 && regTest(payload[0]);
      case Pm4Opcode.COND_REG_EXEC -> count == 2 && condRegExec(payload, flow);
      case Pm4Opcode.SET_DRAW_STATE -> drawState.set(payload, count, this::runGroup);
      default ->
          a5xx ? execute5xx(opcode, payload, count, flow) : execute6xx(opcode, payload, count);
    };
  }

  private boolean execute5xx(int opcode, int[] payload, int count, Flow flow) {
    return switch (opcode) {
      case Pm4Opcode.CONTEXT_SWITCH_YIELD -> count == 4 && yieldRing(payload, flow);
      case Pm4Opcode.BLIT -> blit();
      case Pm4Opcode.DRAW_INDX -> draw(opcode, count > 2 ? payload[2] : 0, 1);
      default -> drawOrAccept(opcode, payload, count);
    };
  }

  private boolean execute6xx(int opcode, int[] payload, int count) {
    return switch (opcode) {
      case Pm4Opcode.BLIT -> count == 1 && blit();
      case Pm4Opcode.DRAW_INDIRECT_MULTI -> draw(opcode, 0, 0);
      case Pm4Opcode.REG_WRITE -> count == 3 && regWrite(payload);
      case Pm4Opcode.WAIT_TWO_REGS -> count == 3 && waitTwoRegs(payload);
      case Pm4Opcode.SET_MARKER -> count == 1 && setMarker(payload[0]);
      default -> drawOrAccept(opcode, payload, count);
    };
  }

  /** The numbers of an indirect draw or dispatch lie in memory, which the SMMU may refuse. */
  private boolean drawOrAccept(int opcode, int[] payload, int count) {
    return switch (opcode) {
      case Pm4Opcode.DRAW_INDX_OFFSET ->
          count >= 3 ? draw(opcode, payload[2], payload[1]) : draw(opcode, 0, 0);
      case Pm4Opcode.DRAW_AUTO -> draw(opcode, 0, count >= 2 ? payload[1] : 0);
      case Pm4Opcode.DRAW_INDIRECT ->
          count >= 3 ? drawIndirect(opcode, address(payload, 1)) : draw(opcode, 0, 0);
      case Pm4Opcode.DRAW_INDX_INDIRECT ->
          count >= 6 ? drawIndirect(opcode, address(payload, 4)) : draw(opcode, 0, 0);
      case Pm4Opcode.EXEC_CS ->
          count >= 4
              ? dispatch(opcode, payload[1], payload[2], payload[3])
              : dispatch(opcode, 0, 0, 0);
      case Pm4Opcode.EXEC_CS_INDIRECT ->
          count >= 3 ? dispatchIndirect(opcode, address(payload, 1)) : dispatch(opcode, 0, 0, 0);
      case Pm4Opcode.RUN_OPENCL -> dispatch(opcode, 0, 0, 0);
      default -> AcceptedPackets.contains(opcode);
    };
  }

  /**
   * Address and value of a word that is stored at the end of a switch, and whether it interrupts.
   */
  private boolean yieldRing(int[] payload, Flow flow) {
    flow.yieldRing((payload[3] & 1) != 0);
    if (address(payload, 0) != 0) {
      bus.store32(address(payload, 0), payload[2]);
    }
    return true;
  }

  // ---- what draws, and does not here

  private boolean draw(int opcode, int indices, int instances) {
    work.draw(opcode, indices, instances);
    return drawState.load(this::runGroup);
  }

  private boolean drawIndirect(int opcode, long iova) {
    return draw(opcode, bus.load32(iova), bus.load32(iova + 4));
  }

  private boolean dispatch(int opcode, int x, int y, int z) {
    work.dispatch(opcode, x, y, z);
    return drawState.load(this::runGroup);
  }

  private boolean dispatchIndirect(int opcode, long iova) {
    return dispatch(opcode, bus.load32(iova), bus.load32(iova + 4), bus.load32(iova + 8));
  }

  private boolean blit() {
    work.blit(a2d != null && a2d.run());
    return true;
  }

  /** Carries out the packets of a group of the draw state, apart from the streams. */
  private boolean runGroup(long iova, int dwords) {
    GroupFlow flow = new GroupFlow(dwords);
    while (flow.left > 0 && !port.violated()) {
      int header = bus.load32(iova + 4L * flow.position());
      flow.left--;
      int count = payload(header);
      if (count == NO_PACKET || count > flow.left) {
        return false;
      }
      int[] payload = new int[count];
      for (int i = 0; i < count; i++) {
        payload[i] = bus.load32(iova + 4L * (flow.position() + i));
      }
      flow.left -= count;
      bus.spend(costs.packetNs() + costs.dwordNs() * count);
      if (startsDraw(header) || !execute(header, payload, count, flow)) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsDraw(int header) {
    return Pm4.type(header) == Pm4.TYPE7
        && switch (Pm4.opcode(header)) {
          case Pm4Opcode.SET_DRAW_STATE,
              Pm4Opcode.DRAW_INDX,
              Pm4Opcode.DRAW_INDX_OFFSET,
              Pm4Opcode.DRAW_AUTO,
              Pm4Opcode.DRAW_INDIRECT,
              Pm4Opcode.DRAW_INDX_INDIRECT,
              Pm4Opcode.DRAW_INDIRECT_MULTI,
              Pm4Opcode.EXEC_CS,
              Pm4Opcode.EXEC_CS_INDIRECT,
              Pm4Opcode.RUN_OPENCL ->
              true;
          default -> false;
        };
  }

  /** The flow in a group: straight on, with no privilege. */
  private static final class GroupFlow implements Flow {
    private final int dwords;
    private int left;

    GroupFlow(int dwords) {
      this.dwords = dwords;
      this.left = dwords;
    }

    int position() {
      return dwords - left;
    }

    @Override
    public boolean inRing() {
      return false;
    }

    @Override
    public boolean call(long iova, int size) {
      return false;
    }

    @Override
    public boolean chain(long iova, int size) {
      return false;
    }

    @Override
    public boolean skip(int count) {
      boolean ok = count >= 0 && count <= left;
      left -= ok ? count : 0;
      return ok;
    }

    @Override
    public int ringPosition() {
      return 0;
    }

    @Override
    public void yieldRing(boolean interrupts) {}

    @Override
    public void refetch() {}
  }

  // ---- registers and conditions

  private boolean regWrite(int[] payload) {
    port.write(payload[1], payload[2]);
    return true;
  }

  /** Register, reference, mask, interval. */
  private boolean waitRegEq(int[] payload) {
    return poll(() -> (port.read(payload[0]) & payload[2]) == payload[1]);
  }

  private boolean waitTwoRegs(int[] payload) {
    return poll(() -> port.read(payload[0]) != 0 || port.read(payload[1]) != payload[2]);
  }

  private boolean poll(BooleanSupplier holds) {
    bus.poll(costs, () -> holds.getAsBoolean() || port.violated());
    return true;
  }

  private boolean setMarker(int marker) {
    if ((marker & MARKER_IS_POWER) == 0) {
      drawState.setMode(marker & MARKER_MASK);
    }
    return true;
  }

  private boolean regTest(int test) {
    predicate = (port.read(test & REGISTER_MASK) >>> (test >>> TEST_BIT_SHIFT & 0x1f) & 1) != 0;
    return true;
  }

  private boolean condRegExec(int[] payload, Flow flow) {
    int condition = payload[0];
    boolean runs;
    switch (condition >>> COND_MODE_SHIFT) {
      case COND_PREDICATE -> runs = predicate;
      case COND_RENDER_MODE -> runs = !a5xx && drawState.isIn(condition >>> COND_MODES_SHIFT & 7);
      default -> {
        return false;
      }
    }
    return runs || flow.skip(payload[1] & COND_DWORDS_MASK);
  }

  private boolean memcpy(int[] payload) {
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

  private boolean eventWrite(int[] payload, int count) {
    if (count != 1 && count != 4) {
      return false;
    }
    bus.spend(costs.cacheEventNs());
    if (count == 4 && (payload[0] & Pm4Event.TIMESTAMP) != 0) {
      bus.store64(address(payload, 1), registers.alwaysOnTicks());
    } else if (count == 4) {
      bus.store32(address(payload, 1), payload[3]);
    }
    if ((payload[0] & Pm4Event.IRQ) != 0) {
      registers.raiseEvent(payload[0] & Pm4Event.EVENT_MASK);
    }
    return true;
  }

  /** Privileged in the ring alone: a client must not be able to tell the driver of room. */
  private boolean whereAmI(int[] payload, Flow flow) {
    long iova = address(payload, 0);
    if (flow.inRing()) {
      bus.storePrivileged32(iova, flow.ringPosition());
    } else {
      bus.store32(iova, flow.ringPosition());
    }
    return true;
  }

  /** Skips the dwords that follow unless the first location is not zero and the second is less. */
  private boolean condExec(int[] payload, Flow flow) {
    boolean runs =
        bus.load32(address(payload, 0)) != 0 && bus.load32(address(payload, 2)) < payload[4];
    return runs || flow.skip(payload[5]);
  }

  private boolean waitRegMem(int[] payload) {
    return DataPackets.canPoll(payload[0]) && poll(() -> data.holds(payload));
  }

  private boolean waitMemGte(int[] payload) {
    long iova = address(payload, 1);
    return poll(() -> Integer.compareUnsigned(bus.load32(iova), payload[3]) >= 0);
  }

  private boolean protect(int[] payload) {
    port.setProtectedMode((payload[0] & 1) != 0);
    return true;
  }

  /**
   * An A6xx's packet has a fourth dword, which names a bank and does not matter: the wires lead to
   * bank 0.
   */
  private boolean switchTable(int[] payload, Flow flow) {
    bus.spend(costs.tableSwitchNs());
    tableSwitch.apply(tables, TableSwitch.BANK, address(payload, 0), payload[2]);
    flow.refetch();
    return true;
  }
}
