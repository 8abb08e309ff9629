package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.msm.gem.GemTrace;
import org.smmulator.drm.msm.gem.MsmGemObject;
import org.smmulator.drm.msm.gem.MsmShrinker;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.MsmIoctl;

/** Memory is short, and the driver gives back what it can do without. */
class MsmShrinkerTest {
  private static final int PAGE = 4096;

  private GpuMachine machine;
  private GpuClient client;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    client = machine.client("client");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** The value that comes back: whether the contents are still there. */
  private int madvise(int handle, int madv) {
    GemMadvise asked = new GemMadvise(handle, madv, -1);
    assertThat(client.error(MsmIoctl.GEM_MADVISE, GemMadvise.LAYOUT, asked::write)).isNull();
    return client.answer(GemMadvise::read).retained();
  }

  private MsmGemObject newest() {
    return machine.driver().buffers().all().getLast();
  }

  private long shrink(long pages) {
    long[] freed = new long[1];
    var _ =
        machine.scheduler.spawnKernel(
            "sh", () -> freed[0] = machine.driver().shrinker().shrink(pages));
    machine.settle();
    return freed[0];
  }

  /** A buffer that the GPU has written {@code value} into. */
  private int written(int value) {
    return written(client, value);
  }

  private int written(GpuClient by, int value) {
    int handle = by.gemNew(PAGE);
    long iova = by.info(handle, GemInfo.GET_IOVA);
    assertThat(by.waitFence(by.submit(GpuClient.memWrite(iova, value), handle))).isNull();
    machine.settle();
    return handle;
  }

  private @Nullable Errno use(int handle) {
    client.bos(client.commands(0x70108000), handle);
    client.cmd(4);
    return client.trySubmit(client.submitArgs(0, 2, 1));
  }

  /** Kernel: {@code shrink_set()} and {@code shrink_get()} of {@code msm_debugfs.c}. */
  @Test
  void rootHasTheDriverShrinkAndReadsHowMuchThatWas() throws Exception {
    String node = "/sys/kernel/debug/dri/0/shrink";
    GpuClient root = machine.admin("root");
    assertThat(root.readFile(node)).isEqualTo("0x00000000\n");
    int[] handles = {written(1), written(2), written(3)};
    for (int handle : handles) {
      assertThat(madvise(handle, GemMadvise.DONTNEED)).isEqualTo(1);
    }

    assertThat(root.writeFile(node, "0x1")).isNull();

    assertThat(root.readFile(node)).isEqualTo("0xffffffffffffffff\n"); // nothing had to stay
    assertThat(madvise(handles[0], GemMadvise.WILLNEED)).isEqualTo(0);
    assertThat(madvise(handles[2], GemMadvise.WILLNEED)).isEqualTo(1);
    assertThat(root.writeFile(node, "18446744073709551615")).isNull();
    assertThat(root.writeFile(node, "many")).isEqualTo(Errno.EINVAL);
    assertThat(client.openErrno(node)).isEqualTo(Errno.EACCES);
  }

  @Test
  void whatNobodyNeedsIsPurgedForGood() {
    int unneeded = written(0xcafe);
    MsmGemObject object = machine.driver().buffers().all().getFirst();
    assertThat(madvise(unneeded, GemMadvise.DONTNEED)).isEqualTo(1);

    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP); // and nothing is left to shrink

    assertThat(object.isResident()).isFalse();
    assertThat(madvise(unneeded, GemMadvise.WILLNEED)).isEqualTo(0);
    assertThat(use(unneeded)).isEqualTo(Errno.EBUSY);
  }

  @Test
  void whatIsNeededAgainBeforeMemoryIsShortIsKept() {
    int handle = written(0xcafe);
    assertThat(madvise(handle, GemMadvise.DONTNEED)).isEqualTo(1);
    assertThat(madvise(handle, GemMadvise.WILLNEED)).isEqualTo(1);

    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);

    assertThat(client.load(handle, 0)).isEqualTo(0xcafe);
  }

  @Test
  void withoutSwapWhatIsNeededStays() {
    int _ = written(0xcafe);
    assertThat(machine.driver().shrinker().count()).isEqualTo(0);

    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);

    assertThat(newest().isResident()).isTrue();
  }

  @Test
  void whatIsNeededGoesToSwapAndComesBackWithItsBytes() {
    machine.pages.reclaim().swap().swapOn(100);
    int handle = written(0xcafe);
    long va = client.mmap(handle);
    assertThat(machine.userAccess.load(client.process, va, 4)).isEqualTo(0xcafe);
    long iova = client.info(handle, GemInfo.GET_IOVA);
    MsmGemObject object = machine.driver().buffers().all().getFirst();

    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);
    assertThat(object.isResident()).isFalse();
    assertThat(machine.pages.reclaim().swap().freePages()).isEqualTo(98); // and the commands

    // the CPU's mapping that was there before
    assertThat(machine.userAccess.load(client.process, va, 4)).isEqualTo(0xcafe);
    assertThat(object.isResident()).isTrue();
    assertThat(machine.pages.reclaim().swap().freePages()).isEqualTo(99);
    // the GPU's address stays
    assertThat(client.waitFence(client.submit(GpuClient.memWrite(iova, 0xbeef), handle))).isNull();
    assertThat(machine.userAccess.load(client.process, va, 4)).isEqualTo(0xbeef);
  }

  /** To unmap a buffer takes time, in which another pass looks whether swap has room. */
  @Test
  void twoPassesWithRoomForOnePageTakeOnePage() throws Exception {
    int _ = written(0xcafe);
    int _ = written(machine.client("other"), 0xbeef);
    machine.pages.reclaim().swap().swapOn(1);

    for (String pass : List.of("kswapd0", "kswapd1")) {
      var _ =
          machine.scheduler.spawnKernel(
              pass,
              () -> {
                long _ = machine.driver().shrinker().shrink(1000);
              });
    }
    machine.settle();

    assertThat(machine.pages.reclaim().swap().freePages()).isEqualTo(0);
    assertThat(machine.driver().buffers().all().stream().filter(b -> !b.isResident()).count())
        .isEqualTo(1);
  }

  @Test
  void whatTheGpuUsesIsLeftAlone() {
    machine.pages.reclaim().swap().swapOn(100);
    int page = client.gemNew(PAGE);
    MsmGemObject object = newest();
    int fence = client.submit(GpuClient.hang(), page);

    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);

    assertThat(object.isResident()).isTrue();
    assertThat(client.waitFence(fence)).isNull();
    machine.settle();
    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);
    assertThat(object.isResident()).isFalse();
  }

  @Test
  void anAllocationThatFindsNoMemoryGetsThatOfUnneededBuffers() throws Exception {
    machine.tracer.enable(GemTrace.Shrink.class);
    int half = 64 << 20; // of the 128 MiB that clients have
    for (int i = 0; i < 2; i++) {
      int handle = client.gemNew(half - (4 << 20));
      assertThat(use(handle)).isNull();
      machine.settle();
      assertThat(madvise(handle, GemMadvise.DONTNEED)).isEqualTo(1);
    }

    GpuClient other = machine.client("other");
    int third = other.gemNew(half);
    other.bos(other.commands(0x70108000), third);
    other.cmd(4);
    assertThat(other.trySubmit(other.submitArgs(0, 2, 1))).isNull();

    assertThat(machine.tracer.events()).isNotEmpty();
    assertThat(madvise(client.gemNew(PAGE), GemMadvise.WILLNEED)).isEqualTo(1);
  }

  /** No page that a file gets holds what another file's buffer held. */
  @Test
  void pagesThatWereTakenBackAreEmptyForTheNext() throws Exception {
    machine.pages.reclaim().swap().swapOn(100);
    int secret = written(0x5ec3e7);
    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);

    GpuClient other = machine.client("other");
    for (int i = 0; i < 50; i++) {
      assertThat(other.load(other.gemNew(PAGE), 0)).isEqualTo(0);
    }

    assertThat(client.load(secret, 0)).isEqualTo(0x5ec3e7);
    client.exit();
    other.exit();
    machine.settle();
    assertThat(machine.pages.reclaim().swap().freePages()).isEqualTo(100);
    assertThat(machine.pages.usage().keySet().toString()).doesNotContain("client");
  }

  @Test
  void aPurgedBufferIsMappedNoMore() {
    int handle = written(1);
    long va = client.mmap(handle);
    assertThat(machine.userAccess.load(client.process, va, 4)).isEqualTo(1);
    assertThat(madvise(handle, GemMadvise.DONTNEED)).isEqualTo(1);
    assertThat(shrink(1000)).isEqualTo(MsmShrinker.STOP);

    assertThat(Errno.ofReturnValue(client.mmapAt(0x1_0000_0000L))).isEqualTo(Errno.EINVAL);
  }
}
