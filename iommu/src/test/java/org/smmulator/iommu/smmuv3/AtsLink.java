package org.smmulator.iommu.smmuv3;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.smmulator.hw.ats.AtcPort;
import org.smmulator.hw.ats.AtsPort;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.regs.ats.AtsRegs;

/** Sits between an SMMU and the devices that ask it, and watches; it may lose their answers. */
final class AtsLink implements AtsPort {
  private final AtsPort smmu;
  private final List<Consumer<String>> listeners = new ArrayList<>();
  private boolean losesAnswers;
  private int requests;

  AtsLink(AtsPort smmu) {
    this.smmu = smmu;
  }

  /** From now on the SMMU hears of no invalidation that it is done. */
  void loseAnswers(boolean now) {
    losesAnswers = now;
  }

  /** How many translations devices have asked for. */
  int requests() {
    return requests;
  }

  /** From now on {@code listener} hears when a device's ATS is turned on and off. */
  void onSwitch(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** The capability of a device, watched. */
  MmioTarget watch(MmioTarget capability) {
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        return capability.read32(offset);
      }

      @Override
      public void write32(int offset, int value) {
        String what = AtsRegs.CONTROL_ENABLE.isSet(value) ? "on" : "off";
        listeners.forEach(listener -> listener.accept(what));
        capability.write32(offset, value);
      }
    };
  }

  @Override
  public void connect(int streamId, AtcPort device) {
    smmu.connect(streamId, device);
  }

  @Override
  public long translationRequest(int streamId, int substreamId, long iova, int access) {
    requests++;
    return smmu.translationRequest(streamId, substreamId, iova, access);
  }

  @Override
  public long translated(int streamId, long pa, int access) {
    return smmu.translated(streamId, pa, access);
  }

  @Override
  public Answer pageRequest(int streamId, int substreamId, long iova, int pages, int access) {
    return smmu.pageRequest(streamId, substreamId, iova, pages, access);
  }

  @Override
  public void invalidationCompleted(int streamId, int tag) {
    if (!losesAnswers) {
      smmu.invalidationCompleted(streamId, tag);
    }
  }
}
