package org.smmulator.drm.msm;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.gpuvm.VaRange;
import org.smmulator.drm.msm.bind.BindVm;
import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.rd.RdRecorder;
import org.smmulator.drm.msm.rd.RdSection;
import org.smmulator.hw.dram.Dram;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;

/**
 * Copies of a submit's buffers and commands, for recordings and dumps. Contents are copied if the
 * client asked for it with {@code MSM_SUBMIT_BO_DUMP} or {@code MSM_VM_BIND_OP_DUMP}, or root with
 * {@code rd_full}. Kernel: {@code msm_rd_dump_submit()}, {@code crashstate_get_bos()}.
 */
final class SubmitSnapshot {
  /** {@code TASK_COMM_LEN}. */
  private static final int COMM_BYTES = 16;

  private static final int CHUNK_DWORDS = 1024;

  /**
   * The most that a dump keeps of all buffers. Linux keeps as much as it can allocate; here it is
   * the host's memory, and a client chooses how much.
   */
  private static final long MAX_DUMP_BYTES = 16 << 20;

  private final Dram dram;
  private final ReservationClass reservations;
  private final MsmModuleParams params;

  SubmitSnapshot(DrmCore core, MsmModuleParams params) {
    this.dram = core.kernel().dram();
    this.reservations = core.reservations();
    this.params = params;
  }

  private boolean isWanted(MsmSubmit.Bo bo) {
    return params.rdFull() || (bo.flags() & GemSubmitBo.DUMP) != 0;
  }

  // ---- for a dump

  /** The buffers of {@code submit}; it must not have run. */
  ImmutableList<CrashState.Bo> bosOf(MsmSubmit submit) {
    BindVm mappings = submit.context().bindVm();
    return mappings == null ? tableOf(submit) : mappingsOf(mappings);
  }

  /** Lists all that the client had mapped: a submit may use anything of it. */
  private ImmutableList<CrashState.Bo> mappingsOf(BindVm vm) {
    ImmutableList.Builder<CrashState.Bo> all = ImmutableList.builder();
    long roomBytes = MAX_DUMP_BYTES;
    for (BindVm.Mapping mapping : vm.mappings()) {
      long bytes = mapping.range().sizeBytes();
      MsmGemObject object = mapping.buffer();
      boolean full = (params.rdFull() || mapping.dump()) && bytes <= roomBytes;
      int[] dwords = full ? object.snapshot(dram, mapping.offset(), (int) (bytes / 4)) : null;
      roomBytes -= dwords == null ? 0 : bytes;
      all.add(
          new CrashState.Bo(mapping.range().start(), bytes, object.flags(), object.name(), dwords));
    }
    return all.build();
  }

  private ImmutableList<CrashState.Bo> tableOf(MsmSubmit submit) {
    ImmutableList.Builder<CrashState.Bo> all = ImmutableList.builder();
    long roomBytes = MAX_DUMP_BYTES;
    for (MsmSubmit.Bo bo : submit.bos()) {
      MsmGemObject object = bo.object();
      try (var _ = reservations.lock(object.reservation())) {
        boolean full = isWanted(bo) && object.sizeBytes() <= roomBytes;
        int[] dwords = full ? object.snapshot(dram, 0, (int) (object.sizeBytes() / 4)) : null;
        roomBytes -= dwords == null ? 0 : object.sizeBytes();
        all.add(
            new CrashState.Bo(
                object.placeIn(submit.vm()),
                object.sizeBytes(),
                object.flags(),
                object.name(),
                dwords));
      }
    }
    return all.build();
  }

  // ---- for a recording

  /**
   * Records {@code submit} if somebody reads.
   *
   * @param line comes first; null for none
   */
  void record(RdRecorder to, MsmSubmit submit, @Nullable String line) {
    if (!to.isOpen()) {
      return;
    }
    try (var _ = to.writeLock().lock()) {
      if (line != null) {
        to.text(RdSection.CMD, line);
      }
      to.text(RdSection.CMD, describe(submit));
      BindVm mappings = submit.context().bindVm();
      if (mappings == null) {
        table(to, submit);
      } else {
        mappings(to, mappings);
      }
      for (MsmSubmit.Cmd cmd : submit.submittedCmds()) {
        if (cmd.type() != GemSubmitCmd.IB_TARGET_BUF) {
          to.range(RdSection.CMDSTREAM_ADDR, cmd.iova(), cmd.sizeDwords());
        }
      }
    }
  }

  private void table(RdRecorder to, MsmSubmit submit) {
    for (MsmSubmit.Bo bo : submit.bos()) {
      long iova = bo.object().placeIn(submit.vm());
      buffer(to, bo.object(), iova, isWanted(bo), 0, bo.object().sizeBytes());
    }
    submit.submittedCmds().forEach(cmd -> commands(to, submit, cmd));
  }

  /** The buffers stay while a slow reader has it wait, also if the client unmaps them meanwhile. */
  private void mappings(RdRecorder to, BindVm vm) {
    ImmutableList<BindVm.Mapping> mappings = vm.mappings();
    mappings.forEach(mapping -> mapping.buffer().get());
    for (BindVm.Mapping mapping : mappings) {
      boolean full = params.rdFull() || mapping.dump();
      VaRange range = mapping.range();
      buffer(to, mapping.buffer(), range.start(), full, mapping.offset(), range.sizeBytes());
      mapping.buffer().put();
    }
  }

  private static String describe(MsmSubmit submit) {
    String comm = submit.submitter().isDead() ? "???" : submit.submitter().comm();
    return "%s/%d: fence=%d"
        .formatted(
            comm.substring(0, Math.min(comm.length(), COMM_BYTES)),
            submit.pid(),
            Integer.toUnsignedLong(submit.seqnoInRing()));
  }

  /** Commands are always recorded: also of a buffer of which nothing else is. */
  private void commands(RdRecorder to, MsmSubmit submit, MsmSubmit.Cmd cmd) {
    for (MsmSubmit.Bo bo : submit.bos()) {
      long offset = cmd.iova() - bo.object().placeIn(submit.vm());
      if (offset >= 0 && offset < bo.object().sizeBytes() && !isWanted(bo)) {
        buffer(to, bo.object(), cmd.iova(), true, offset, 4L * cmd.sizeDwords());
        return;
      }
    }
  }

  /** Kernel: {@code snapshot_buf()}. */
  private void buffer(
      RdRecorder to, MsmGemObject object, long iova, boolean full, long offset, long sizeBytes) {
    to.range(RdSection.GPUADDR, iova, (int) sizeBytes);
    if (!full || object.snapshot(dram, 0, 0) == null) {
      return;
    }
    to.header(RdSection.BUFFER_CONTENTS, (int) sizeBytes);
    for (long done = 0; done < sizeBytes; done += 4L * CHUNK_DWORDS) {
      int dwords = (int) Math.min(CHUNK_DWORDS, (sizeBytes - done) / 4);
      int[] copied = object.snapshot(dram, offset + done, dwords);
      ByteBuffer bytes = ByteBuffer.allocate(4 * dwords).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < dwords; i++) {
        bytes.putInt(copied == null ? 0 : copied[i]);
      }
      to.bytes(bytes.array());
    }
  }
}
