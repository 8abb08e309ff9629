package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.DrmFile;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.msm.GemInfo;

/** Submits from ioctl to fence, with the real models and drivers. */
class MsmSubmitTest {
  private GpuMachine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void whatTheGpuWritesTheClientReads() throws Exception {
    GpuClient client = machine.client("painter");
    int canvas = client.gemNew(4096);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    assertThat(iova).isEqualTo(0x1_0000_0000L);

    int fence = client.submit(GpuClient.memWrite(iova + 0x10, 0xcafe), canvas);

    assertThat(client.waitFence(fence)).isNull();
    assertThat(client.load(canvas, 0x10)).isEqualTo(0xcafe);
  }

  @Test
  void twoClientsHaveTheSameAddressAndNotTheSameMemory() throws Exception {
    GpuClient painter = machine.client("painter");
    GpuClient reader = machine.client("reader");
    int canvas = painter.gemNew(4096);
    int page = reader.gemNew(4096);
    long iova = painter.info(canvas, GemInfo.GET_IOVA);
    assertThat(reader.info(page, GemInfo.GET_IOVA)).isEqualTo(iova);

    int first = painter.submit(GpuClient.memWrite(iova, 0xcafe), canvas);
    int second = reader.submit(GpuClient.memWrite(iova, 0xbeef), page);
    int third = painter.submit(GpuClient.memWrite(iova + 4, 0xf00d), canvas);

    assertThat(painter.waitFence(first)).isNull();
    assertThat(reader.waitFence(second)).isNull();
    assertThat(painter.waitFence(third)).isNull();
    assertThat(painter.load(canvas, 0)).isEqualTo(0xcafe);
    assertThat(painter.load(canvas, 4)).isEqualTo(0xf00d);
    assertThat(reader.load(page, 0)).isEqualTo(0xbeef);
    assertThat(reader.load(page, 4)).isEqualTo(0);
  }

  @Test
  void aStrayAccessIsReportedAndHurtsNobody() throws Exception {
    GpuClient stray = machine.client("stray");
    GpuClient other = machine.client("other");
    int page = other.gemNew(4096);
    long iova = other.info(page, GemInfo.GET_IOVA);

    int bad = stray.submit(GpuClient.memWrite(0x1_dead_0000L, 1));
    int good = other.submit(GpuClient.memWrite(iova, 7), page);

    assertThat(stray.waitFence(bad)).isNull();
    assertThat(other.waitFence(good)).isNull();
    assertThat(other.load(page, 0)).isEqualTo(7);
    assertThat(
            matching(
                "\\*\\*\\* gpu fault: ttbr0=[0-9a-f]{16} iova=00000001dead0000 dir=WRITE"
                    + " type=TRANSLATION source=\\w+ \\(0,0,0,0\\)"))
        .hasSize(1);
  }

  @Test
  void aHangingSubmitIsSkippedAndTheOthersAreRunAgain() throws Exception {
    GpuClient bad = machine.client("bad");
    GpuClient good = machine.client("good");
    int page = good.gemNew(4096);
    long iova = good.info(page, GemInfo.GET_IOVA);
    int target = bad.gemNew(4096);

    long _ = bad.info(target, GemInfo.GET_IOVA);
    int hanging = bad.submit(GpuClient.hang(), target);
    int fine = good.submit(GpuClient.memWrite(iova, 7), page);

    assertThat(good.waitFence(fine)).isNull();
    assertThat(bad.waitFence(hanging)).isNull();
    assertThat(good.load(page, 0)).isEqualTo(7);
    assertThat(machine.log())
        .containsAtLeast(
            "adreno 5000000.gpu: [drm:hangcheck_handler] *ERROR* 6.3.0.2: hangcheck detected gpu"
                + " lockup rb 0!",
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: hangcheck recover!",
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: offending task: bad ()")
        .inOrder();
  }

  @Test
  void garbageInACommandBufferHurtsItsSenderOnly() throws Exception {
    GpuClient bad = machine.client("bad");
    GpuClient good = machine.client("good");
    int page = good.gemNew(4096);
    long iova = good.info(page, GemInfo.GET_IOVA);

    int garbage = bad.submit(new int[] {0xdeadbeef, 0x12345678});
    int fine = good.submit(GpuClient.memWrite(iova, 7), page);

    assertThat(good.waitFence(fine)).isNull();
    assertThat(bad.waitFence(garbage)).isNull();
    assertThat(good.load(page, 0)).isEqualTo(7);
    int again = bad.submit(new int[] {0x70108000}); // a NOP: its queue works again
    assertThat(bad.waitFence(again)).isNull();
  }

  @Test
  void theFenceOfATimeoutStaysAndSignalsLater() throws Exception {
    GpuClient client = machine.client("slow");

    int hanging = client.submit(GpuClient.hang());

    assertThat(client.waitFence(hanging, 0)).isEqualTo(Errno.ETIMEDOUT);
    assertThat(client.waitFence(hanging)).isNull();
  }

  @Test
  void aProcessThatDiesWithWorkInFlightLeavesNothingBehind() throws Exception {
    machine.settle();
    var before = machine.pages.usage();
    GpuClient client = machine.client("doomed");
    int canvas = client.gemNew(64 * 1024);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    for (int i = 0; i < 20; i++) {
      int _ = client.submit(GpuClient.memWrite(iova, i), canvas);
    }
    int _ = client.submit(GpuClient.hang(), canvas);

    client.exit();
    machine.settle();

    assertThat(machine.pages.usage()).isEqualTo(before);
    GpuClient next = machine.client("next");
    assertThat(next.waitFence(next.submit(new int[] {0x70108000}))).isNull();
  }

  @Test
  void twoFilesOfOneProcessHaveTwoPagetables() throws Exception {
    GpuClient client = machine.client("twice");
    int second = client.openGpu();

    MsmContext one = context(client, client.fd);
    MsmContext two = context(client, second);

    machine.scheduler.callAs(client.process.context(), () -> one.vm() != two.vm());
    assertThat(one.vm().mmu().pagetableBase()).isNotEqualTo(two.vm().mmu().pagetableBase());
  }

  private static MsmContext context(GpuClient client, int fd) throws Exception {
    return MsmContext.of((DrmFile) client.process.files().file(fd).operations());
  }

  private List<String> matching(String pattern) {
    return machine.log().stream().filter(line -> line.matches(pattern)).toList();
  }
}
