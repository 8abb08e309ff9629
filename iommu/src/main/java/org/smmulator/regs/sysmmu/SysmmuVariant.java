package org.smmulator.regs.sysmmu;

import static com.google.common.base.Preconditions.checkState;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The offsets of the registers that moved between versions of the sysmmu. Kernel: {@code struct
 * sysmmu_variant}.
 */
public enum SysmmuVariant {
  /** Versions 1 to 3. */
  V1,
  /** Versions 5 and 6. */
  V5,
  /** Version 7 without registers for virtual machines. */
  V7,
  /** Version 7 with registers for virtual machines, of which only machine 0 is used. */
  V7_VM;

  private static final RegisterMap V7_ONLY = new RegisterMap("SYSMMU_V7_ID");

  public static final Reg32 CAPA0 = V7_ONLY.reg32("CAPA0", 0x870);

  /** CAPA1 exists. */
  public static final Field CAPA0_CAPA1_EXIST = CAPA0.bit("CAPA1_EXIST", 11);

  public static final Reg32 CAPA1 = V7_ONLY.reg32("CAPA1", 0x874);

  /** There are registers for virtual machines: {@link #V7_VM}. */
  public static final Field CAPA1_VCR_ENABLED = CAPA1.bit("VCR_ENABLED", 14);

  /** Virtual machine 0; of {@link #V7_VM} only. */
  public static final Reg32 CTRL_VM = V7_ONLY.reg32("CTRL_VM", 0x8000);

  public static final Field CTRL_VM_ENABLE = CTRL_VM.bit("ENABLE", 0);

  /** A fault holds its transaction until software has dealt with it. */
  public static final Field CTRL_VM_FAULT_MODE_STALL = CTRL_VM.bit("FAULT_MODE_STALL", 3);

  /**
   * The variant of a version.
   *
   * @param virtualMachines whether CAPA0 and CAPA1 say that {@link #V7_VM}'s registers are there
   */
  public static SysmmuVariant of(int major, boolean virtualMachines) {
    if (major < 5) {
      return V1;
    }
    if (major < 7) {
      return V5;
    }
    return virtualMachines ? V7_VM : V7;
  }

  /**
   * The variant that a sysmmu tells of itself. Kernel: {@code __sysmmu_get_version()}.
   *
   * @param version the value of {@link SysmmuRegs#VERSION}
   * @param read reads another register
   */
  public static SysmmuVariant ofVersion(int version, ToIntFunction<Reg32> read) {
    if (version == SysmmuRegs.VERSION_1_0_IN_DISGUISE) {
      return V1;
    }
    int major = SysmmuRegs.VERSION_MAJOR.get(version);
    return of(major, major >= 7 && hasVirtualMachines(read));
  }

  private static boolean hasVirtualMachines(ToIntFunction<Reg32> read) {
    return CAPA0_CAPA1_EXIST.isSet(read.applyAsInt(CAPA0))
        && CAPA1_VCR_ENABLED.isSet(read.applyAsInt(CAPA1));
  }

  /** The root of the table: its address in {@link #V1}, its page number from {@link #V5} on. */
  public Reg32 ptBase() {
    return layout().ptBase();
  }

  /** A write of 1 empties the TLB. */
  public Reg32 flushAll() {
    return layout().flushAll();
  }

  /** An iova with its lowest bit set: the TLB forgets that page. */
  public Reg32 flushEntry() {
    return layout().flushEntry();
  }

  /** Returns whether the version invalidates a range at once. */
  public boolean hasRanges() {
    return this != V1;
  }

  /** A write of 1 has the TLB forget {@link #flushStart} to {@link #flushEnd}. */
  public Reg32 flushRange() {
    return required(layout().flushRange());
  }

  /** The first page. */
  public Reg32 flushStart() {
    return required(layout().flushStart());
  }

  /** The last page, inclusive. */
  public Reg32 flushEnd() {
    return required(layout().flushEnd());
  }

  /** One bit for each fault that waits to be cleared. */
  public Reg32 intStatus() {
    return layout().intStatus();
  }

  /** Ones clear {@link #intStatus}. */
  public Reg32 intClear() {
    return layout().intClear();
  }

  private SysmmuLayout layout() {
    return switch (this) {
      case V1 -> SysmmuLayout.V1;
      case V5, V7 -> SysmmuLayout.V5;
      case V7_VM -> SysmmuLayout.V7_VM;
    };
  }

  private Reg32 required(@Nullable Reg32 register) {
    checkState(register != null, "%s has no ranges", this);
    return register;
  }
}
