package org.smmulator.hw.adreno;

import org.jspecify.annotations.Nullable;
import org.smmulator.regs.adreno.Pm4Condition;
import org.smmulator.regs.adreno.Pm4Event;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.regs.adreno.Pm4Type3;

/**
 * The packets of A3xx: types 0, 2 and 3, addresses of 32 bits.
 *
 * <p>There is no packet that switches tables: the ring writes the registers of the IOMMU's context
 * bank. Loads and stores of dwords only.
 */
final class NarrowPackets implements PacketSet {
  private static final int REGISTER_MASK = 0x3ffff;
  private static final int IB_SIZE_MASK = 0xfffff;
  private static final int RMW_ADD = 1 << 29;
  private static final int RMW_SRC1_IS_REGISTER = 1 << 30;
  private static final int RMW_SRC0_IS_REGISTER = 1 << 31;
  private static final int ACCUMULATE = 1 << 31;

  private final CpCosts costs;
  private final GpuBus bus;
  private final RegisterPort port;
  private final GpuRegisters registers;
  private final WorkLog work = new WorkLog();

  NarrowPackets(CpCosts costs, GpuBus bus, RegisterPort port, GpuRegisters registers) {
    this.costs = costs;
    this.bus = bus;
    this.port = port;
    this.registers = registers;
  }

  @Override
  public int payload(int header) {
    return switch (Pm4Type3.type(header)) {
      case Pm4Type3.TYPE0, Pm4Type3.TYPE3 -> Pm4Type3.count(header);
      case Pm4Type3.TYPE2 -> 0;
      default -> NO_PACKET;
    };
  }

  @Override
  public boolean isNop(int header) {
    return Pm4Type3.type(header) == Pm4Type3.TYPE3 && Pm4Type3.opcode(header) == Pm4Opcode.NOP;
  }

  @Override
  public boolean execute(int header, int[] payload, int count, Flow flow) {
    return switch (Pm4Type3.type(header)) {
      case Pm4Type3.TYPE0 -> writeRegisters(header, payload, count);
      case Pm4Type3.TYPE2 -> true;
      default -> execute3(Pm4Type3.opcode(header), payload, count, flow);
    };
  }

  private boolean writeRegisters(int header, int[] payload, int count) {
    int first = Pm4Type3.register(header);
    int step = Pm4Type3.isOneRegister(header) ? 0 : 1;
    for (int i = 0; i < count && !port.violated(); i++) {
      port.write(first + i * step, payload[i]);
    }
    return true;
  }

  private boolean execute3(int opcode, int[] payload, int count, Flow flow) {
    return switch (opcode) {
      case Pm4Opcode.NOP -> true;
      case Pm4Opcode.MEM_WRITE -> count >= 2 && memWrite(payload, count);
      case Pm4Opcode.REG_TO_MEM -> count == 2 && regToMem(payload);
      case Pm4Opcode.MEM_TO_REG -> count == 2 && memToReg(payload);
      case Pm4Opcode.REG_RMW -> count == 3 && regRmw(payload);
      case Pm4Opcode.COND_WRITE5 -> count == 6 && condWrite(payload);
      case Pm4Opcode.EVENT_WRITE -> eventWrite(payload, count);
      case Pm4Opcode.INDIRECT_BUFFER, Pm4Opcode.INDIRECT_BUFFER_PFD ->
          count == 2 && flow.call(address(payload[0]), payload[1] & IB_SIZE_MASK);
      case Pm4Opcode.COND_EXEC -> count == 4 && condExec(payload, flow);
      case Pm4Opcode.WAIT_REG_MEM -> count == 5 && waitFor(payload);
      case Pm4Opcode.WAIT_REG_EQ -> count == 4 && waitRegEq(payload);
      case Pm4Opcode.REG_WR_NO_CTXT -> count >= 2 && regWrite(payload, count);
      case Pm4Opcode.SET_PROTECTED_MODE -> count == 1 && flow.inRing() && protect(payload);
      case Pm4Opcode.DRAW_INDX, Pm4Opcode.DRAW_INDX_2, Pm4Opcode.DRAW_INDX_OFFSET -> {
        boolean whole = opcode != Pm4Opcode.DRAW_INDX_OFFSET && count >= 3;
        work.draw(opcode, whole ? payload[2] : 0, 1);
        yield true;
      }
      case Pm4Opcode.RUN_OPENCL -> {
        work.dispatch(opcode, 0, 0, 0);
        yield true;
      }
      default -> AcceptedPackets.containsOfA3xx(opcode);
    };
  }

  @Override
  public @Nullable ContextSwitch contextSwitch() {
    return null;
  }

  @Override
  public WorkLog work() {
    return work;
  }

  @Override
  public void reset() {
    // there is nothing that a packet leaves for the next one
  }

  private static long address(int dword) {
    return Integer.toUnsignedLong(dword);
  }

  private boolean memWrite(int[] payload, int count) {
    for (int i = 1; i < count; i++) {
      bus.store32(address(payload[0]) + (i - 1) * 4L, payload[i]);
    }
    return true;
  }

  private boolean regToMem(int[] payload) {
    int first = payload[0] & REGISTER_MASK;
    int dwords = Math.max(1, payload[0] >>> 18 & 0xfff);
    for (int i = 0; i < dwords; i++) {
      long to = address(payload[1]) + i * 4L;
      int value = port.read(first + i);
      bus.store32(to, (payload[0] & ACCUMULATE) != 0 ? value + bus.load32(to) : value);
    }
    return true;
  }

  private boolean memToReg(int[] payload) {
    int first = payload[0] & REGISTER_MASK;
    int dwords = Math.max(1, payload[0] >>> 19 & 0x7ff);
    for (int i = 0; i < dwords; i++) {
      port.write(first + i, bus.load32(address(payload[1]) + i * 4L));
    }
    return true;
  }

  private boolean regRmw(int[] payload) {
    int control = payload[0];
    int register = control & REGISTER_MASK;
    int mask = operand(payload[1], (control & RMW_SRC0_IS_REGISTER) != 0);
    int other = operand(payload[2], (control & RMW_SRC1_IS_REGISTER) != 0);
    int rotated = Integer.rotateLeft(port.read(register) & mask, control >>> 24 & 0x1f);
    port.write(register, (control & RMW_ADD) != 0 ? rotated + other : rotated | other);
    return true;
  }

  private int operand(int dword, boolean isRegister) {
    return isRegister ? port.read(dword & REGISTER_MASK) : dword;
  }

  /** Condition, what is polled, reference, mask, target, value. */
  private boolean condWrite(int[] payload) {
    if (!DataPackets.canPoll(payload[0])) {
      return false;
    }
    if (holds(payload)) {
      if ((payload[0] & Pm4Condition.WRITE_MEMORY) != 0) {
        bus.store32(address(payload[4]), payload[5]);
      } else {
        port.write(payload[4], payload[5]);
      }
    }
    return true;
  }

  private boolean holds(int[] payload) {
    boolean inMemory = Pm4Condition.poll(payload[0]) == Pm4Condition.POLL_MEMORY;
    int value = inMemory ? bus.load32(address(payload[1])) : port.read(payload[1]);
    return Pm4Condition.holds(payload[0], value & payload[3], payload[2]);
  }

  private boolean waitFor(int[] payload) {
    if (!DataPackets.canPoll(payload[0])) {
      return false;
    }
    bus.poll(costs, () -> holds(payload) || port.violated());
    return true;
  }

  /** Register, reference, mask, interval. */
  private boolean waitRegEq(int[] payload) {
    bus.poll(costs, () -> (port.read(payload[0]) & payload[2]) == payload[1] || port.violated());
    return true;
  }

  private boolean regWrite(int[] payload, int count) {
    for (int i = 1; i < count && !port.violated(); i++) {
      port.write(payload[0] + i - 1, payload[i]);
    }
    return true;
  }

  private boolean eventWrite(int[] payload, int count) {
    if (count != 1 && count != 3) {
      return false;
    }
    bus.spend(costs.cacheEventNs());
    if (count == 3) {
      bus.store32(address(payload[1]), payload[2]);
    }
    if ((payload[0] & Pm4Event.IRQ) != 0) {
      registers.raiseEvent(payload[0] & Pm4Event.EVENT_MASK);
    }
    return true;
  }

  private boolean condExec(int[] payload, Flow flow) {
    boolean runs =
        bus.load32(address(payload[0])) != 0 && bus.load32(address(payload[1])) < payload[2];
    return runs || flow.skip(payload[3]);
  }

  private boolean protect(int[] payload) {
    port.setProtectedMode((payload[0] & 1) != 0);
    return true;
  }
}
