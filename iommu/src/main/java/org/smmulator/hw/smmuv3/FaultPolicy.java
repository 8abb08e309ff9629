package org.smmulator.hw.smmuv3;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import org.smmulator.regs.smmuv3.ContextDescriptor;
import org.smmulator.regs.smmuv3.StreamTableEntry.Stage2;

/**
 * The flags of a stream's configuration that decide about faults.
 *
 * @param stage1 of the context descriptor: S, R and A count
 * @param stage2 of the stream table entry: S2S and S2R count; its faults are always reported to the
 *     master
 */
record FaultPolicy(ImmutableSet<ContextDescriptor.Flag> stage1, ImmutableSet<Stage2.Flag> stage2) {
  /**
   * Of a stream without stage 1: an address that is too large for what follows is a stage-1 fault
   * nevertheless, which is recorded and aborts. IHI 0070, 3.4.
   */
  static FaultPolicy withoutStage1(ImmutableSet<Stage2.Flag> stage2) {
    return new FaultPolicy(
        Sets.immutableEnumSet(ContextDescriptor.Flag.R, ContextDescriptor.Flag.A), stage2);
  }
}
