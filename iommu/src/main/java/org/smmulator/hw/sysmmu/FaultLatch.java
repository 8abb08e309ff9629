package org.smmulator.hw.sysmmu;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.sysmmu.SysmmuVariant;
import org.smmulator.regs.sysmmu.V1Faults;
import org.smmulator.regs.sysmmu.V5Faults;
import org.smmulator.regs.sysmmu.V7Faults;

/** The fault registers of a version: the bit of INT_STATUS, and which register holds what. */
interface FaultLatch {
  /** Why a transaction could not pass. */
  enum Kind {
    NO_TABLE,
    HOLE,
    MULTI_HIT,
    ACCESS
  }

  /** Declares the registers that {@link #latch} writes. */
  void declare(RegisterFile.Builder registers);

  /** Writes down what happened and returns the bit of INT_STATUS, as a mask. */
  int latch(RegisterFile registers, Kind kind, long iova, int access);

  /** The registers of a variant. */
  static FaultLatch of(SysmmuVariant variant) {
    return switch (variant) {
      case V1 -> new OfV1();
      case V5 -> new OfV5();
      case V7, V7_VM -> new OfV7(variant);
    };
  }

  /** One register of two by direction, but for the faults that have one of their own. */
  record OfV1() implements FaultLatch {
    @Override
    public void declare(RegisterFile.Builder registers) {
      registers
          .readOnly(V1Faults.PAGE_FAULT_ADDR)
          .readOnly(V1Faults.AR_FAULT_ADDR)
          .readOnly(V1Faults.AW_FAULT_ADDR)
          .readOnly(V1Faults.DEFAULT_SLAVE_ADDR);
    }

    @Override
    public int latch(RegisterFile registers, Kind kind, long iova, int access) {
      boolean write = (access & BusMaster.WRITE) != 0;
      switch (kind) {
        case HOLE -> registers.set(V1Faults.PAGE_FAULT_ADDR, (int) iova);
        case NO_TABLE -> registers.set(V1Faults.DEFAULT_SLAVE_ADDR, (int) iova);
        case MULTI_HIT, ACCESS ->
            registers.set(write ? V1Faults.AW_FAULT_ADDR : V1Faults.AR_FAULT_ADDR, (int) iova);
      }
      return 1
          << switch (kind) {
            case HOLE -> V1Faults.PAGE;
            case NO_TABLE -> V1Faults.BUS_ERROR;
            case MULTI_HIT -> write ? V1Faults.AW_MULTI_HIT : V1Faults.AR_MULTI_HIT;
            case ACCESS -> write ? V1Faults.AW_ACCESS : V1Faults.AR_ACCESS;
          };
    }
  }

  /** One register for each direction. */
  record OfV5() implements FaultLatch {
    @Override
    public void declare(RegisterFile.Builder registers) {
      registers.readOnly(V5Faults.AR_VA).readOnly(V5Faults.AW_VA);
    }

    @Override
    public int latch(RegisterFile registers, Kind kind, long iova, int access) {
      boolean write = (access & BusMaster.WRITE) != 0;
      registers.set(write ? V5Faults.AW_VA : V5Faults.AR_VA, (int) iova);
      int bit =
          switch (kind) {
            case NO_TABLE -> V5Faults.PTW;
            case HOLE -> V5Faults.PAGE;
            case MULTI_HIT -> V5Faults.MULTI_HIT;
            case ACCESS -> V5Faults.ACCESS;
          };
      return 1 << (write ? bit + V5Faults.WRITE : bit);
    }
  }

  /** One register for the iova, another for the direction; the bits are virtual machine 0's. */
  record OfV7(SysmmuVariant variant) implements FaultLatch {
    @Override
    public void declare(RegisterFile.Builder registers) {
      registers.readOnly(V7Faults.va(variant)).readOnly(V7Faults.info(variant));
    }

    @Override
    public int latch(RegisterFile registers, Kind kind, long iova, int access) {
      boolean write = (access & BusMaster.WRITE) != 0;
      registers.set(V7Faults.va(variant), (int) iova);
      registers.set(V7Faults.info(variant), V7Faults.INFO_WRITE.of(write ? 1 : 0));
      return 1
          << switch (kind) {
            case NO_TABLE -> V7Faults.PTW;
            case HOLE, MULTI_HIT -> V7Faults.PAGE; // it has no bit for a multi-hit
            case ACCESS -> V7Faults.ACCESS;
          };
    }
  }
}
