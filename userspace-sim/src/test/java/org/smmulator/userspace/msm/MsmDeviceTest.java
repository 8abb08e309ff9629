package org.smmulator.userspace.msm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;

/** The client library of msm against the driver. */
class MsmDeviceTest {
  private static final int BOTH = GemSubmitBo.READ | GemSubmitBo.WRITE;

  private Machine machine;
  private Client client;
  private MsmDevice gpu;

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
    client = machine.host("tester");
    gpu = new MsmDevice(client, client.open("/dev/dri/renderD128"));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aParameterIsANumber() throws Exception {
    assertThat(gpu.param(MsmParam.GPU_ID)).isEqualTo(630);
    assertErrno(Errno.EINVAL, () -> gpu.param(0xff));
  }

  @Test
  void aBuffersAddressIsAskedForOnceAndItsMemoryMappedOnce() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(8192, GemNew.WC);

    assertThat(buffer.knownIova()).isEqualTo(0);
    long iova = buffer.iova();
    assertThat(buffer.knownIova()).isEqualTo(iova);
    assertThat(buffer.info(GemInfo.GET_IOVA)).isEqualTo(iova);
    assertThat(buffer.va()).isEqualTo(buffer.va());
    buffer.store32(4096, 7);
    assertThat(buffer.load32(4096)).isEqualTo(7);
    assertThat(buffer.sizeBytes()).isEqualTo(8192);
  }

  @Test
  void aClosedBufferIsNoMore() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(4096, GemNew.WC);
    buffer.store32(0, 1);

    buffer.close();

    assertErrno(Errno.ENOENT, () -> buffer.info(GemInfo.GET_IOVA));
    assertErrno(Errno.EINVAL, buffer::close);
  }

  @Test
  void aJobGoesToTheQueueThatItIsSubmittedTo() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(4096, GemNew.WC);
    int queue = gpu.newQueue(0, 0);

    MsmJob job = submit(queue, buffer, new Pm4Stream().memWrite(buffer.iova() + 4, 1, 2, 3));

    job.await(1_000_000_000);
    assertThat(job.queue()).isEqualTo(queue);
    assertThat(job.isSignalled()).isTrue();
    assertThat(buffer.load32(4)).isEqualTo(1);
    assertThat(buffer.load32(12)).isEqualTo(3);
    gpu.closeQueue(queue);
    assertErrno(Errno.ENOENT, () -> gpu.closeQueue(queue));
  }

  @Test
  void aJobThatWaitsIsNotSignalledUntilItsWordIsThere() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(4096, GemNew.WC);
    MsmJob job =
        submit(MsmDevice.DEFAULT_QUEUE, buffer, new Pm4Stream().waitUntilAtLeast(buffer.iova(), 5));

    assertThat(job.isSignalled()).isFalse();
    assertErrno(Errno.ETIMEDOUT, () -> job.await(1000));

    buffer.store32(0, 6);
    job.await(1_000_000_000);
    assertThat(job.isSignalled()).isTrue();
  }

  @Test
  void commandsThatFillTheirBufferStartOverWhenTheLastJobIsDone() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(4096, GemNew.WC);

    for (int i = 1; i <= 5; i++) {
      Pm4Stream stream = new Pm4Stream().nop(4000).memWrite(buffer.iova(), i);
      submit(MsmDevice.DEFAULT_QUEUE, buffer, stream).await(1_000_000_000);
      assertThat(buffer.load32(0)).isEqualTo(i);
    }
  }

  @Test
  void commandsThatNeedMoreThanTheirBufferGetALargerOne() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(4096, GemNew.WC);
    MsmBuffer neighbour = gpu.newBuffer(4096, GemNew.WC);
    neighbour.store32(0, 0x5ec2e7);

    for (int packets : new int[] {1, 5, 12, 2, 30}) {
      Pm4Stream stream = new Pm4Stream();
      for (int i = 0; i < packets; i++) {
        stream.nop(16_000);
      }
      stream.memWrite(buffer.iova(), packets);
      submit(MsmDevice.DEFAULT_QUEUE, buffer, stream).await(1_000_000_000);
      assertThat(buffer.load32(0)).isEqualTo(packets);
    }

    assertThat(neighbour.load32(0)).isEqualTo(0x5ec2e7);
    client.exit();
    machine.settle();
    assertThat(machine.leakedPages()).isEmpty();
  }

  @Test
  void aStreamThatDoesNotFitAtFirstIsNoStoreBehindTheBuffer() throws Exception {
    MsmBuffer buffer = gpu.newBuffer(4096, GemNew.WC);
    Pm4Stream stream = new Pm4Stream().nop(16_000).nop(16_000).memWrite(buffer.iova(), 1);

    submit(MsmDevice.DEFAULT_QUEUE, buffer, stream).await(1_000_000_000);

    assertThat(buffer.load32(0)).isEqualTo(1);
  }

  @Test
  void aDescriptorHasOneDevice() throws Exception {
    Descriptor descriptor = new Descriptor(client, client.open("/dev/dri/card0"));

    assertThat(MsmDevice.of(descriptor)).isSameInstanceAs(MsmDevice.of(descriptor));
    assertThat(MsmDevice.of(descriptor).fd()).isEqualTo(descriptor.number());
  }

  private MsmJob submit(int queue, MsmBuffer buffer, Pm4Stream stream) throws ErrnoException {
    return gpu.submit(queue, ImmutableList.of(new MsmDevice.Use(buffer, BOTH)), stream);
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno);
  }
}
