package org.smmulator.drm.msm.bind;

import org.smmulator.drm.gpuvm.GpuVa;
import org.smmulator.drm.gpuvm.GpuVaOp;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.VmPlace;

/** A mapping that a client asked for, or what others left of it. */
final class BindVa extends GpuVa implements VmPlace {
  /** A flag: its bytes are part of crash dumps. Kernel: {@code MSM_VMA_DUMP}. */
  static final int DUMP = USERBITS;

  private final BindVm in;
  private boolean mapped;

  BindVa(BindVm in, GpuVaOp.Map op) {
    super(op);
    this.in = in;
  }

  @Override
  public MsmVm vm() {
    return in.vm();
  }

  @Override
  public long iova() {
    return range().start();
  }

  /** Returns whether the table has it, or will have when what was asked before has been done. */
  @Override
  public boolean isMapped() {
    return mapped;
  }

  void setMapped(boolean inTable) {
    mapped = inTable;
  }

  @Override
  public void unmap(String reason) {
    if (mapped) {
      in.unmap(range(), reason);
      mapped = false;
    }
  }
}
