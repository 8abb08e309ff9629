package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.GemSubmitSyncobj;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.VmBind;
import org.smmulator.uapi.msm.VmBindOp;

/** A client that chooses its GPU addresses itself. */
final class BindClient {
  /** The client's commands are mapped here. */
  static final long COMMANDS = 0x1_8000_0000L;

  private static final int PAGE = 4096;

  final GpuClient client;
  final int queue;

  BindClient(GpuClient client) {
    this.client = client;
    MsmParam optIn = new MsmParam(MsmParam.PIPE_3D0, MsmParam.EN_VM_BIND, 1, 0, 0);
    assertThat(client.error(MsmIoctl.SET_PARAM, MsmParam.LAYOUT, optIn::write)).isNull();
    this.queue = client.newQueue(SubmitQueue.VM_BIND, 0);
  }

  static VmBindOp map(int handle, long offset, long iova, long range) {
    return new VmBindOp(VmBindOp.MAP, handle, offset, iova, range, 0, 0);
  }

  static VmBindOp unmap(long iova, long range) {
    return new VmBindOp(VmBindOp.UNMAP, 0, 0, iova, range, 0, 0);
  }

  VmBind args(int flags, int fenceFd, int in, int out, VmBindOp... ops) {
    long data = client.ptr(GpuClient.DATA);
    VmBindOp only = ops.length == 1 ? ops[0] : VmBind.ops(client.ptr(GpuClient.BOS));
    for (int i = 0; i < ops.length; i++) {
      client.store(GpuClient.BOS + 40 * i, VmBindOp.LAYOUT, ops[i]::write);
    }
    return new VmBind(
        flags,
        ops.length,
        fenceFd,
        queue,
        in == 0 ? 0 : data,
        out == 0 ? 0 : data + 16,
        in == 0 ? 0 : 1,
        out == 0 ? 0 : 1,
        16,
        40,
        only);
  }

  @Nullable Errno tryBind(VmBind args) {
    return client.error(MsmIoctl.VM_BIND, VmBind.LAYOUT, args::write);
  }

  @Nullable Errno tryBind(VmBindOp... ops) {
    return tryBind(args(0, -1, 0, 0, ops));
  }

  void bind(VmBindOp... ops) {
    assertThat(tryBind(ops)).isNull();
  }

  /** Binds when {@code in} has a fence that signals, and then signals {@code out}; 0 for none. */
  void bindBetween(int in, int out, VmBindOp... ops) {
    syncobjs(in, out);
    assertThat(tryBind(args(0, -1, in, out, ops))).isNull();
  }

  private void syncobjs(int in, int out) {
    GemSubmitSyncobj first = new GemSubmitSyncobj(in, 0, 0);
    GemSubmitSyncobj second = new GemSubmitSyncobj(out, 0, 0);
    client.store(GpuClient.DATA, GemSubmitSyncobj.LAYOUT, first::write);
    client.store(GpuClient.DATA + 16, GemSubmitSyncobj.LAYOUT, second::write);
  }

  int newSyncobj() {
    DrmSyncobjCreate asked = new DrmSyncobjCreate(0, 0);
    assertThat(client.error(DrmIoctl.SYNCOBJ_CREATE, DrmSyncobjCreate.LAYOUT, asked::write))
        .isNull();
    return client.answer(DrmSyncobjCreate::read).handle();
  }

  /** Maps commands, which stay mapped. */
  void commands(int... dwords) {
    bind(map(client.commands(dwords), 0, COMMANDS, PAGE));
  }

  /** Submits what is mapped at {@link #COMMANDS}; returns the fence. */
  int submit(int dwords) {
    assertThat(trySubmit(dwords, 0, 0)).isNull();
    return client.answer(GemSubmit::read).fence();
  }

  /** The same, after {@code in} and before {@code out}. */
  @Nullable Errno trySubmit(int dwords, int in, int out) {
    return trySubmit(COMMANDS, dwords, in, out);
  }

  /** The same for commands at {@code iova}. */
  @Nullable Errno trySubmit(long iova, int dwords, int in, int out) {
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4 * dwords, 0, 0, iova));
    syncobjs(in, out);
    int flags = (in == 0 ? 0 : GemSubmit.SYNCOBJ_IN) | (out == 0 ? 0 : GemSubmit.SYNCOBJ_OUT);
    long data = client.ptr(GpuClient.DATA);
    return client.trySubmit(
        new GemSubmit(
            MsmParam.PIPE_3D0 | flags,
            0,
            0,
            1,
            0,
            client.ptr(GpuClient.CMDS),
            -1,
            0,
            data,
            data + 16,
            in == 0 ? 0 : 1,
            out == 0 ? 0 : 1,
            16,
            0));
  }

  /** Submits commands behind a sync file, -1 for none; the answer has a sync file of their own. */
  GemSubmit submitBehind(long iova, int dwords, int fenceFd) {
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4 * dwords, 0, 0, iova));
    int flags = GemSubmit.FENCE_FD_OUT | (fenceFd < 0 ? 0 : GemSubmit.FENCE_FD_IN);
    long cmds = client.ptr(GpuClient.CMDS);
    GemSubmit args =
        new GemSubmit(MsmParam.PIPE_3D0 | flags, 0, 0, 1, 0, cmds, fenceFd, 0, 0, 0, 0, 0, 0, 0);
    assertThat(client.trySubmit(args)).isNull();
    return client.answer(GemSubmit::read);
  }

  /** Has the GPU write a word, and waits. */
  void write(long iova, int value) {
    int[] dwords = GpuClient.memWrite(iova, value);
    commands(dwords);
    assertThat(client.waitFence(submit(dwords.length))).isNull();
    client.machine.settle();
  }

  /** A buffer that nobody else gets. */
  int privateBuffer(long sizeBytes) {
    GemNew asked = new GemNew(sizeBytes, GemNew.WC | GemNew.NO_SHARE, 0);
    assertThat(client.error(MsmIoctl.GEM_NEW, GemNew.LAYOUT, asked::write)).isNull();
    return client.answer(GemNew::read).handle();
  }
}
