package org.smmulator.drm.msm.coredump;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.msm.vm.VmLog;

/**
 * A snapshot of a GPU, its rings and the buffers of the submit that was running. Kernel: {@code
 * struct msm_gpu_state}.
 *
 * @param initialized whether the hardware had been started; null where the generation does not say
 * @param revision which GPU it is
 * @param fault the fault that was the reason; null after a hang
 * @param vmLog the last changes of the submit's address space, oldest first; empty without a log
 * @param bos the buffers of the submit; null if none was running
 * @param sections what the generation adds
 */
public record CrashState(
    @Nullable Boolean initialized,
    Revision revision,
    @Nullable Fault fault,
    ImmutableList<VmLog.Entry> vmLog,
    int rbbmStatus,
    ImmutableList<Ring> rings,
    @Nullable ImmutableList<Bo> bos,
    ImmutableList<Section> sections) {
  /** The same state, with a log. */
  public CrashState withVmLog(ImmutableList<VmLog.Entry> log) {
    return new CrashState(initialized, revision, fault, log, rbbmStatus, rings, bos, sections);
  }

  /**
   * Which GPU it is.
   *
   * @param number such as 630
   * @param chipId such as {@code 6.3.0.2}
   */
  public record Revision(int number, String chipId) {}

  /**
   * An access that the GPU's SMMU refused. Kernel: {@code struct msm_gpu_fault_info}.
   *
   * @param ttbr0 the register, from the SMMU
   * @param table what the driver knows of the table of the submit; null without a submit
   */
  public record Fault(
      long ttbr0, long iova, boolean write, String type, String block, @Nullable Table table) {}

  /**
   * The submit's table as the driver has it.
   *
   * @param ptes what a walk for the faulting address finds at each level; zero below the end
   */
  public record Table(long ttbr0, int asid, ImmutableList<Long> ptes) {}

  /** A ring. The dwords end after the write pointer with the last that is not zero. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy would be 32 KiB
  public record Ring(
      int id,
      long iova,
      int lastFence,
      int retiredFence,
      int readPointer,
      int writePointer,
      int[] dwords) {}

  /**
   * A buffer of the submit.
   *
   * @param dwords its contents; null if they were not asked for
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Bo(long iova, long sizeBytes, int flags, String name, int @Nullable [] dwords) {}

  /** A part that a generation adds under a heading of its own. */
  public sealed interface Section {
    String heading();

    /** A heading with nothing below it. */
    record Empty(String heading) implements Section {}

    /**
     * Registers and their values.
     *
     * @param offsetDigits how many digits a register's offset has at least
     */
    record Registers(String heading, int offsetDigits, ImmutableList<Register> registers)
        implements Section {}

    /** One register: its offset in bytes, and its value. */
    record Register(int offset, int value) {}

    /**
     * Memory that the GPU's management unit shares with the driver.
     *
     * @param history lines between the size and the data
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Memory(
        String heading, long iova, long sizeBytes, ImmutableList<String> history, int[] dwords)
        implements Section {}
  }
}
