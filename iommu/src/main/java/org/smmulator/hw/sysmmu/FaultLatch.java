package org.smmulator.hw.sysmmu;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.sysmmu.SysmmuV1FaultRegs;
import org.smmulator.regs.sysmmu.SysmmuV5FaultRegs;
import org.smmulator.regs.sysmmu.SysmmuV7FaultRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

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
          .readOnly(SysmmuV1FaultRegs.PAGE_FAULT_ADDR)
          .readOnly(SysmmuV1FaultRegs.AR_FAULT_ADDR)
          .readOnly(SysmmuV1FaultRegs.AW_FAULT_ADDR)
          .readOnly(SysmmuV1FaultRegs.DEFAULT_SLAVE_ADDR);
    }

    @Override
    public int latch(RegisterFile registers, Kind kind, long iova, int access) {
      boolean write = (access & BusMaster.WRITE) != 0;
      switch (kind) {
        case HOLE -> registers.set(SysmmuV1FaultRegs.PAGE_FAULT_ADDR, (int) iova);
        case NO_TABLE -> registers.set(SysmmuV1FaultRegs.DEFAULT_SLAVE_ADDR, (int) iova);
        case MULTI_HIT, ACCESS ->
            registers.set(
                write ? SysmmuV1FaultRegs.AW_FAULT_ADDR : SysmmuV1FaultRegs.AR_FAULT_ADDR,
                (int) iova);
      }
      return 1
          << switch (kind) {
            case HOLE -> SysmmuV1FaultRegs.PAGE;
            case NO_TABLE -> SysmmuV1FaultRegs.BUS_ERROR;
            case MULTI_HIT ->
                write ? SysmmuV1FaultRegs.AW_MULTI_HIT : SysmmuV1FaultRegs.AR_MULTI_HIT;
            case ACCESS -> write ? SysmmuV1FaultRegs.AW_ACCESS : SysmmuV1FaultRegs.AR_ACCESS;
          };
    }
  }

  /** One register for each direction. */
  record OfV5() implements FaultLatch {
    @Override
    public void declare(RegisterFile.Builder registers) {
      registers.readOnly(SysmmuV5FaultRegs.AR_VA).readOnly(SysmmuV5FaultRegs.AW_VA);
    }

    @Override
    public int latch(RegisterFile registers, Kind kind, long iova, int access) {
      boolean write = (access & BusMaster.WRITE) != 0;
      registers.set(write ? SysmmuV5FaultRegs.AW_VA : SysmmuV5FaultRegs.AR_VA, (int) iova);
      int bit =
          switch (kind) {
            case NO_TABLE -> SysmmuV5FaultRegs.PTW;
            case HOLE -> SysmmuV5FaultRegs.PAGE;
            case MULTI_HIT -> SysmmuV5FaultRegs.MULTI_HIT;
            case ACCESS -> SysmmuV5FaultRegs.ACCESS;
          };
      return 1 << (write ? bit + SysmmuV5FaultRegs.WRITE : bit);
    }
  }

  /** One register for the iova, another for the direction; the bits are virtual machine 0's. */
  record OfV7(SysmmuVariant variant) implements FaultLatch {
    @Override
    public void declare(RegisterFile.Builder registers) {
      registers.readOnly(SysmmuV7FaultRegs.va(variant)).readOnly(SysmmuV7FaultRegs.info(variant));
    }

    @Override
    public int latch(RegisterFile registers, Kind kind, long iova, int access) {
      boolean write = (access & BusMaster.WRITE) != 0;
      registers.set(SysmmuV7FaultRegs.va(variant), (int) iova);
      registers.set(
          SysmmuV7FaultRegs.info(variant), SysmmuV7FaultRegs.INFO_WRITE.of(write ? 1 : 0));
      return 1
          << switch (kind) {
            case NO_TABLE -> SysmmuV7FaultRegs.PTW;
            case HOLE, MULTI_HIT -> SysmmuV7FaultRegs.PAGE; // it has no bit for a multi-hit
            case ACCESS -> SysmmuV7FaultRegs.ACCESS;
          };
    }
  }
}
