package org.smmulator.report.msm;

/**
 * An event on the wires between a GPU and its SMMU, as a probe sees it. An iova of the upper half
 * is sign-extended, as it is in the kernel's tables, traces and messages; the wires carry 49 bits.
 */
public sealed interface GpuEvent {
  /** The command processor wrote another pagetable into a context bank. */
  record TableSwitch(int bank, long ttbr0) implements GpuEvent {}

  /** An access begins; the SMMU may take its time over it. */
  record Begins() implements GpuEvent {}

  /** A write that the SMMU let through. */
  record Write(long iova, long pa) implements GpuEvent {}

  /** An access that the SMMU refused. */
  record Refused(long iova, boolean write) implements GpuEvent {}
}
