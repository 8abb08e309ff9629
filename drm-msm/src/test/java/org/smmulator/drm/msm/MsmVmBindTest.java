package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.drm.msm.BindClient.map;
import static org.smmulator.drm.msm.BindClient.unmap;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.drm.sched.SchedTrace;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjWait;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.VmBind;
import org.smmulator.uapi.msm.VmBindOp;

/** Clients map what they want where they want, and later. */
class MsmVmBindTest {
  private static final int PAGE = 4096;
  private static final long HERE = 0x1_4000_0000L;

  private GpuMachine machine;
  private GpuClient client;
  private BindClient binder;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    client = machine.client("client");
    binder = new BindClient(client);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aBufferIsWhereTheClientPutIt() {
    int buffer = client.gemNew(PAGE);
    binder.bind(map(buffer, 0, HERE, PAGE));

    binder.write(HERE + 0x10, 0xcafe);

    assertThat(client.load(buffer, 0x10)).isEqualTo(0xcafe);
  }

  @Test
  void oneBufferIsAtManyAddressesAndAnAddressRangeHasManyBuffers() {
    int first = client.gemNew(2 * PAGE);
    int second = client.gemNew(PAGE);
    binder.bind(
        map(first, PAGE, HERE, PAGE),
        map(second, 0, HERE + PAGE, PAGE),
        map(first, 0, HERE + 2 * PAGE, PAGE),
        map(first, 0, HERE + 0x100_0000L, PAGE));

    binder.write(HERE, 1);
    binder.write(HERE + PAGE, 2);
    binder.write(HERE + 2 * PAGE, 3);
    binder.write(HERE + 0x100_0004L, 4);

    assertThat(client.load(second, 0)).isEqualTo(2);
    assertThat(client.load(first, 0)).isEqualTo(3);
    assertThat(client.load(first, 4)).isEqualTo(4);
    long va =
        client.machine.syscalls.mmap(
            client.process, 2 * PAGE, 3, 1, client.fd, client.info(first, 0));
    assertThat(machine.userAccess.load(client.process, va + PAGE, 4)).isEqualTo(1);
  }

  @Test
  void theMiddleOfAMappingGoesAndItsEndsStay() {
    int buffer = client.gemNew(3 * PAGE);
    binder.bind(map(buffer, 0, HERE, 3 * PAGE));
    binder.bind(unmap(HERE + PAGE, PAGE));

    binder.write(HERE, 1);
    binder.write(HERE + 2 * PAGE, 3);
    binder.write(HERE + PAGE, 2);

    long va =
        client.machine.syscalls.mmap(
            client.process, 3 * PAGE, 3, 1, client.fd, client.info(buffer, 0));
    assertThat(machine.userAccess.load(client.process, va, 4)).isEqualTo(1);
    assertThat(machine.userAccess.load(client.process, va + PAGE, 4)).isEqualTo(0);
    assertThat(machine.userAccess.load(client.process, va + 2 * PAGE, 4)).isEqualTo(3);
    assertThat(String.join("\n", machine.log())).contains("*** gpu fault: ttbr0=");
    assertThat(String.join("\n", machine.log())).contains("iova=0000000140001000 dir=WRITE");
  }

  @Test
  void aMapTakesThePlaceOfWhatWasThere() {
    int old = client.gemNew(PAGE);
    int young = client.gemNew(PAGE);
    binder.bind(map(old, 0, HERE, PAGE));
    binder.write(HERE, 1);
    binder.bind(map(young, 0, HERE, PAGE));

    binder.write(HERE, 2);

    assertThat(client.load(old, 0)).isEqualTo(1);
    assertThat(client.load(young, 0)).isEqualTo(2);
  }

  /**
   * A job writes when its door opens; behind it another buffer takes the place; behind that a job
   * writes again. Each waits for the one before, and nobody blocks.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changesComeIntoForceWhenTheirFenceSignals(boolean byDescriptor) {
    int door = client.gemNew(PAGE); // the GPU polls it
    int old = client.gemNew(PAGE);
    int young = client.gemNew(PAGE);
    int[] first = Ints.concat(GpuClient.hang(), GpuClient.memWrite(HERE, 1));
    int[] second = GpuClient.memWrite(HERE, 2);
    long later = BindClient.COMMANDS + 0x10_0000L;
    binder.bind(
        map(door, 0, 0x1_0000_0000L, PAGE),
        map(old, 0, HERE, PAGE),
        map(client.commands(second), 0, later, PAGE));
    binder.commands(first);
    machine.tracer.enable(SchedTrace.JobAddDep.class);

    int fence;
    if (byDescriptor) {
      int opened = binder.submitBehind(BindClient.COMMANDS, first.length, -1).fenceFd();
      int flags = VmBind.FENCE_FD_IN | VmBind.FENCE_FD_OUT;
      assertThat(binder.tryBind(binder.args(flags, opened, 0, 0, map(young, 0, HERE, PAGE))))
          .isNull();
      int mapped = client.answer(VmBind::read).fenceFd();
      fence = binder.submitBehind(later, second.length, mapped).fence();
    } else {
      int opened = binder.newSyncobj();
      int mapped = binder.newSyncobj();
      assertThat(binder.trySubmit(first.length, 0, opened)).isNull();
      binder.bindBetween(opened, mapped, map(young, 0, HERE, PAGE));
      assertThat(binder.trySubmit(later, second.length, mapped, 0)).isNull();
      fence = client.answer(GemSubmit::read).fence();
    }
    assertThat(machine.tracer.events()).hasSize(2); // whom the change and the last job wait for
    assertThat(client.load(old, 0)).isEqualTo(0);

    long va = client.mmap(door);
    machine.userAccess.store(client.process, va, 4, 0x12345678);
    assertThat(client.waitFence(fence)).isNull();
    assertThat(client.load(old, 0)).isEqualTo(1);
    assertThat(client.load(young, 0)).isEqualTo(2);
  }

  @Test
  void aFenceAsADescriptorGoesInAndComesOut() {
    int buffer = client.gemNew(PAGE);
    assertThat(
            binder.tryBind(binder.args(VmBind.FENCE_FD_OUT, -1, 0, 0, map(buffer, 0, HERE, PAGE))))
        .isNull();
    int fence = client.answer(VmBind::read).fenceFd();

    assertThat(binder.tryBind(binder.args(VmBind.FENCE_FD_IN, fence, 0, 0, unmap(HERE, PAGE))))
        .isNull();
  }

  /** A close of the handle frees a buffer elsewhere; here it stays as long as it is mapped. */
  @Test
  void aBufferWhoseHandleIsClosedStaysMapped() {
    int buffer = client.gemNew(PAGE);
    long va = client.mmap(buffer);
    binder.bind(map(buffer, 0, HERE, PAGE));
    DrmGemClose gone = new DrmGemClose(buffer, 0);
    assertThat(client.error(DrmIoctl.GEM_CLOSE, DrmGemClose.LAYOUT, gone::write)).isNull();

    binder.write(HERE, 7);

    assertThat(machine.userAccess.load(client.process, va, 4)).isEqualTo(7);
  }

  @Test
  void neitherOfTwoClientsAtOneAddressSeesTheOther() throws Exception {
    BindClient other = new BindClient(machine.client("other"));
    int mine = client.gemNew(PAGE);
    int theirs = other.client.gemNew(PAGE);
    binder.bind(map(mine, 0, HERE, PAGE));
    other.bind(map(theirs, 0, HERE, PAGE));

    binder.write(HERE, 1);
    other.write(HERE, 2);

    assertThat(client.load(mine, 0)).isEqualTo(1);
    assertThat(other.client.load(theirs, 0)).isEqualTo(2);
  }

  /** Kernel: {@code recover_worker()} and {@code msm_gem_vm_unusable()}. */
  @Test
  void afterAHangTheAddressSpaceIsUnusable() {
    int[] hang = GpuClient.hang();
    binder.commands(hang);
    assertThat(client.waitFence(binder.submit(hang.length))).isNull();
    machine.settle();

    assertThat(binder.trySubmit(1, 0, 0)).isEqualTo(Errno.EPIPE);
    assertThat(binder.tryBind(unmap(HERE, PAGE))).isEqualTo(Errno.EPIPE);
    // of what is wrong with it only the padding is seen before
    assertThat(binder.tryBind(binder.args(0x10, -1, 0, 0, unmap(HERE, 1)))).isEqualTo(Errno.EPIPE);
    client.exit();
    machine.settle();
    assertThat(machine.pages.usage().keySet().toString()).doesNotContain("client");
  }

  @Test
  void whatWasEvictedIsBackWhenTheGpuNeedsIt() {
    machine.pages.reclaim().swap().swapOn(100);
    int buffer = client.gemNew(PAGE);
    binder.bind(map(buffer, 0, HERE, PAGE), map(buffer, 0, HERE + 0x200_0000L, PAGE));
    binder.write(HERE, 0xcafe);
    var _ = machine.scheduler.spawnKernel("sh", () -> machine.driver().shrinker().shrink(1000));
    machine.settle();
    assertThat(machine.driver().buffers().all().getFirst().isResident()).isFalse();

    binder.write(HERE + 0x200_0004L, 0xbeef);

    assertThat(client.load(buffer, 0)).isEqualTo(0xcafe);
    assertThat(client.load(buffer, 4)).isEqualTo(0xbeef);
  }

  @Test
  void aBufferThatIsNotSharedIsLockedWithItsAddressSpace() {
    int buffer = binder.privateBuffer(PAGE);
    binder.bind(map(buffer, 0, HERE, PAGE));

    binder.write(HERE, 5);

    assertThat(client.load(buffer, 0)).isEqualTo(5);
  }

  /**
   * A change waits for the job that hangs: it is not made, its fence signals all the same, and what
   * it would have shown is nowhere. Kernel: {@code msm_vma_job_run()}.
   */
  @Test
  void aChangeBehindAJobThatHangsIsNotMadeAndHoldsNobodyUp() {
    int old = client.gemNew(PAGE);
    int young = client.gemNew(PAGE);
    binder.bind(map(old, 0, HERE, PAGE));
    int[] hang = GpuClient.hang();
    binder.commands(hang);
    int hung = binder.newSyncobj();
    int mapped = binder.newSyncobj();
    assertThat(binder.trySubmit(hang.length, 0, hung)).isNull();
    int fence = client.answer(GemSubmit::read).fence();
    binder.bindBetween(hung, mapped, map(young, 0, HERE, PAGE));

    assertThat(client.waitFence(fence)).isNull();
    machine.settle();

    assertThat(binder.tryBind(unmap(HERE, PAGE))).isEqualTo(Errno.EPIPE);
    DrmSyncobjWait wait = new DrmSyncobjWait(client.ptr(GpuClient.DATA), 0, 1, 0, 0, 0, 0);
    machine.userAccess.store(client.process, client.ptr(GpuClient.DATA), 4, mapped);
    assertThat(client.error(DrmIoctl.SYNCOBJ_WAIT, DrmSyncobjWait.LAYOUT, wait::write)).isNull();
    assertThat(client.load(young, 0)).isEqualTo(0);
    client.exit();
    machine.settle();
    assertThat(machine.pages.usage().keySet().toString()).doesNotContain("client");
  }

  /** A job waits for a sync file's fence, not for its descriptor. */
  @Test
  void aJobWaitsForAFenceWhoseDescriptorIsClosed() {
    int door = client.gemNew(PAGE);
    int page = client.gemNew(PAGE);
    binder.bind(map(door, 0, 0x1_0000_0000L, PAGE), map(page, 0, HERE, PAGE));
    int[] waits = GpuClient.hang();
    int[] writes = GpuClient.memWrite(HERE, 3);
    long later = BindClient.COMMANDS + 0x10_0000L;
    binder.bind(map(client.commands(writes), 0, later, PAGE));
    binder.commands(waits);
    int opened = binder.submitBehind(BindClient.COMMANDS, waits.length, -1).fenceFd();
    GemSubmit behind = binder.submitBehind(later, writes.length, opened);
    assertThat(machine.syscalls.close(client.process, opened)).isEqualTo(0);
    assertThat(machine.syscalls.close(client.process, behind.fenceFd())).isEqualTo(0);
    assertThat(client.load(page, 0)).isEqualTo(0);

    machine.userAccess.store(client.process, client.mmap(door), 4, 0x12345678);

    assertThat(client.waitFence(behind.fence())).isNull();
    assertThat(client.load(page, 0)).isEqualTo(3);
  }

  /** A process that dies while a change waits for a fence that never signals leaves nothing. */
  @Test
  void aProcessThatDiesInTheMiddleReturnsEveryPage() {
    int buffer = client.gemNew(PAGE);
    binder.bind(map(buffer, 0, HERE, PAGE));
    int[] hang = GpuClient.hang();
    binder.commands(hang);
    int gate = binder.newSyncobj();
    assertThat(binder.trySubmit(hang.length, 0, gate)).isNull();
    binder.bindBetween(gate, 0, unmap(HERE, PAGE), map(buffer, 0, HERE + PAGE, PAGE));

    client.exit();
    machine.settle();

    assertThat(machine.driver().buffers().all()).isEmpty();
    assertThat(machine.pages.usage().keySet().toString()).doesNotContain("client");
  }

  // ---- errnos

  private static VmBindOp op(int op, int handle, long offset, long iova, long range, int flags) {
    return new VmBindOp(op, handle, offset, iova, range, flags, 0);
  }

  /** Kernel: {@code lookup_op()}, {@code vm_bind_job_lookup_ops()}. */
  @Test
  void aChangeThatCannotBeIsEinval() {
    int buffer = client.gemNew(2 * PAGE);
    long last = (1L << 48) - PAGE;
    ImmutableMap<String, VmBindOp> wrong =
        ImmutableMap.<String, VmBindOp>builder()
            .put("an unknown op", op(3, 0, 0, HERE, PAGE, 0))
            .put("an unknown flag", op(VmBindOp.MAP, buffer, 0, HERE, PAGE, 2))
            .put("an iova within a page", op(VmBindOp.MAP, buffer, 0, HERE + 1, PAGE, 0))
            .put("an offset within a page", op(VmBindOp.MAP, buffer, 8, HERE, PAGE, 0))
            .put("a range of no whole pages", op(VmBindOp.MAP, buffer, 0, HERE, 100, 0))
            .put("a range of nothing", op(VmBindOp.MAP, buffer, 0, HERE, 0, 0))
            .put("below what is the client's", op(VmBindOp.MAP, buffer, 0, 0x1000, PAGE, 0))
            .put("beyond it", op(VmBindOp.MAP, buffer, 0, last, 2 * PAGE, 0))
            .put("the ring", op(VmBindOp.MAP, buffer, 0, 1L << 48, PAGE, 0))
            .put("a wrap", op(VmBindOp.UNMAP, 0, 0, HERE, -PAGE, 0))
            .put("a map of nothing", op(VmBindOp.MAP, 0, 0, HERE, PAGE, 0))
            .put("an unmap of something", op(VmBindOp.UNMAP, buffer, 0, HERE, PAGE, 0))
            .put("a map of null, without PRR", op(VmBindOp.MAP_NULL, 0, 0, HERE, PAGE, 0))
            .put("a handle of nothing", op(VmBindOp.MAP, 99, 0, HERE, PAGE, 0))
            .put("more than the buffer", op(VmBindOp.MAP, buffer, PAGE, HERE, 2 * PAGE, 0))
            .put("an offset that wraps", op(VmBindOp.MAP, buffer, -PAGE, HERE, PAGE, 0))
            .buildOrThrow();

    wrong.forEach((name, op) ->
        assertWithMessage("%s", name).that(binder.tryBind(op)).isEqualTo(Errno.EINVAL));
    binder.bind(op(VmBindOp.MAP, buffer, 0, HERE, 2 * PAGE, VmBindOp.DUMP));
    binder.bind(unmap(HERE, PAGE), unmap(HERE, PAGE)); // of nothing: no error
  }

  private @Nullable Errno bindOn(int queue, int flags, int fenceFd, VmBindOp op) {
    return binder.tryBind(new VmBind(flags, 1, fenceFd, queue, 0, 0, 0, 0, 0, 0, op));
  }

  /** The first that is wrong is told: {@code msm_ioctl_vm_bind()} from its beginning. */
  @Test
  void whichErrorComesFirst() throws Exception {
    VmBindOp wrong = op(9, 0, 0, 0, 0, 0);
    GpuClient plain = machine.client("plain");
    VmBind args = new VmBind(0x10, 1, -1, 77, 0, 0, 0, 0, 0, 0, wrong);
    assertThat(plain.error(MsmIoctl.VM_BIND, VmBind.LAYOUT, args::write)).isEqualTo(Errno.EINVAL);
    assertThat(plain.tryNewQueue(SubmitQueue.VM_BIND, 0)).isEqualTo(Errno.EINVAL);

    assertThat(bindOn(77, 0x10, -1, wrong)).isEqualTo(Errno.EINVAL); // flags before the queue
    assertThat(bindOn(77, VmBind.FENCE_FD_IN, -1, wrong)).isEqualTo(Errno.ENOENT);
    assertThat(bindOn(0, VmBind.FENCE_FD_IN, -1, wrong)).isEqualTo(Errno.EINVAL); // its kind
    assertThat(bindOn(binder.queue, VmBind.FENCE_FD_IN, 66, unmap(HERE, PAGE)))
        .isEqualTo(Errno.EINVAL);
    assertThat(binder.tryBind(args(-1, 0x10))).isEqualTo(Errno.ENOMEM); // before it is copied
    assertThat(binder.tryBind(args(2, 0x10))).isEqualTo(Errno.EFAULT);
    assertThat(client.tryNewQueue(SubmitQueue.VM_BIND, 1)).isEqualTo(Errno.EINVAL);
    assertThat(client.tryNewQueue(SubmitQueue.VM_BIND | 4, 0)).isEqualTo(Errno.EINVAL);
  }

  private VmBind args(int count, long ptr) {
    return new VmBind(0, count, -1, binder.queue, 0, 0, 0, 0, 0, 0, VmBind.ops(ptr));
  }

  @Test
  void whatIsNotNeededIsNotMapped() {
    int buffer = client.gemNew(PAGE);
    GemMadvise unneeded = new GemMadvise(buffer, GemMadvise.DONTNEED, 0);
    assertThat(client.error(MsmIoctl.GEM_MADVISE, GemMadvise.LAYOUT, unneeded::write)).isNull();

    assertThat(binder.tryBind(map(buffer, 0, HERE, PAGE))).isEqualTo(Errno.EBUSY);
  }

  /** Kernel: {@code submit_lookup_cmds()}, {@code submit_pin_objects()}. */
  @Test
  void commandsAreNamedByTheirAddressAlone() {
    binder.commands(0x70108000);
    int elsewhere = client.gemNew(PAGE);
    client.bos(elsewhere);
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 1, 0, 4, 0, 0, BindClient.COMMANDS));
    assertThat(client.trySubmit(client.submitArgs(0, 0, 1))).isEqualTo(Errno.EINVAL);
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 4, 4, 0, 0, BindClient.COMMANDS));
    assertThat(client.trySubmit(client.submitArgs(0, 0, 1))).isEqualTo(Errno.EINVAL);
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4, 0, 1, BindClient.COMMANDS));
    assertThat(client.trySubmit(client.submitArgs(0, 0, 1))).isEqualTo(Errno.EINVAL);
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4, 0, 0, BindClient.COMMANDS));
    assertThat(client.trySubmit(client.submitArgs(0, 1, 1))).isEqualTo(Errno.EINVAL); // unmapped
    assertThat(client.trySubmit(client.submitArgs(0, 0, 1))).isNull();
  }
}
