package org.smmulator.userspace;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.dmabuf.DmaHeapAllocation;
import org.smmulator.uapi.dmabuf.DmaHeapIoctl;
import org.smmulator.userspace.msm.Gpu;
import org.smmulator.userspace.msm.JobPart;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmJob;

/** A buffer that no device made, from the ioctl to a GPU that uses it. */
class DmaHeapTest {
  private static final String HEAP = "/dev/dma_heap/system";
  private static final long LONG_NS = 1_000_000_000;

  /** Precedence: the struct is looked at before the size is. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 2, 0, EINVAL", // no bytes
    "4096, 1, 2, 0, EINVAL", // a descriptor that is not 0
    "4096, 0, 4, 0, EINVAL", // a flag that is no access mode
    "4096, 0, 2, 1, EINVAL", // a flag of heaps, of which there is none
    "-1, 0, 2, 0, EINVAL", // rounds up to nothing
    "0x7ffffffffffff000, 0, 2, 0, ENOMEM",
    "0x7ffffffffffff000, 1, 2, 0, EINVAL",
  })
  void aWrongRequestIsRefused(String len, int fd, int fdFlags, long heapFlags, Errno expected)
      throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      Client client = machine.host("client");
      int heap = client.openForReading(HEAP);

      assertErrno(
          expected,
          () -> ask(client, heap, new DmaHeapAllocation(Long.decode(len), fd, fdFlags, heapFlags)));

      assertErrno(Errno.EINVAL, () -> client.ioctl("unknown", heap, DmaHeapIoctl.ALLOC + 1, 0));
      assertErrno(Errno.EFAULT, () -> client.ioctl("nowhere", heap, DmaHeapIoctl.ALLOC, 16));
      client.exit();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void itsPagesLiveAsLongAsItsLastUser() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      Client client = machine.host("client");
      Gpu gpu = Gpu.open(client);
      int fd = new LibDmaBuf(client).allocate(client.openForReading(HEAP), 8192);
      MsmBuffer imported = gpu.device().importBuffer(fd, 8192);
      client.close(fd);

      MsmJob job = gpu.submit(JobPart.write(imported, 0, 0xcafe));
      job.await(LONG_NS);

      assertThat(imported.load32(0)).isEqualTo(0xcafe);
      client.exit();
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  /** With a cache that keeps what was written, the ioctl is what shows it to the GPU. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheCpuWroteIsTheGpusAfterTheEndOfItsAccess(boolean told) throws Exception {
    KernelConfig cached = KernelConfig.defaults().with("cpu.cache", "write-back");
    try (Machine machine = Machine.on(new Boards().load("db845c")).config(cached).boot()) {
      Client client = machine.host("client");
      Gpu gpu = Gpu.open(client);
      var shared = new LibDmaBuf(client);
      int fd = shared.allocate(client.openForReading(HEAP), 4096);
      MsmBuffer imported = gpu.device().importBuffer(fd, 4096);
      MsmBuffer seen = gpu.buffer(4096);
      long va = client.mmap(fd, 0, 4096);

      shared.sync(fd, DmaBufSync.WRITE);
      client.store32(va, 0xcafe);
      if (told) {
        shared.sync(fd, DmaBufSync.WRITE | DmaBufSync.END);
      }
      gpu.submit(JobPart.copy(imported, 0, seen, 0)).await(LONG_NS);

      assertThat(seen.load32(0)).isEqualTo(told ? 0xcafe : 0);
    }
  }

  private static void ask(Client client, int heap, DmaHeapAllocation asked) throws ErrnoException {
    MemorySegment data = MemorySegment.ofArray(new long[3]);
    asked.write(data, 0);
    client.ioctl("DMA_HEAP_IOCTL_ALLOC", heap, DmaHeapIoctl.ALLOC, data);
  }

  private static void assertErrno(Errno expected, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(expected);
  }
}
