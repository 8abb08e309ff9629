package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.attacks.RawMsm;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirect;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;

/** The GPU does not snoop, and the CPUs keep what they write until somebody cleans it. */
class CachedBuffersTest {
  private static final int PAGE = 4096;
  private static final int VALUE = 0xcafe;
  private static final long LONG_NS = 1_000_000_000_000L;

  private Machine machine;
  private PlatformDevice gpu;
  private RawMsm file;

  @BeforeEach
  void boot() throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("cpu.cache", "write-back").with("mm.swap-pages", "64");
    machine = Machine.on(new Boards().load("db845c")).config(config).boot();
    machine.settle();
    gpu = requireNonNull(machine.devices().find("5000000.gpu"));
    Client client = machine.host("client");
    file = new RawMsm(client, client.open(RawMsm.NODE));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private int buffer(int cacheMode) throws ErrnoException {
    int handle = file.gemNew(PAGE, cacheMode);
    file.client.store32(file.mmap(handle, PAGE), VALUE);
    return handle;
  }

  /** The word that the GPU reads at the begin of a buffer. */
  private int readByGpu(int handle) throws ErrnoException {
    int copy = file.gemNew(PAGE, GemNew.WC);
    long to = file.iova(copy);
    long from = file.iova(handle);
    int commands = file.gemNew(PAGE, GemNew.WC);
    long va = file.mmap(commands, PAGE);
    int[] packet = {
      Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5),
      0,
      (int) to,
      (int) (to >>> 32),
      (int) from,
      (int) (from >>> 32)
    };
    for (int i = 0; i < packet.length; i++) {
      file.client.store32(va + 4L * i, packet[i]);
    }
    List<GemSubmitBo> bos =
        List.of(
            new GemSubmitBo(GemSubmitBo.READ, commands, 0),
            new GemSubmitBo(RawMsm.READ_WRITE, copy, 0),
            new GemSubmitBo(GemSubmitBo.READ, handle, 0));
    file.await(0, file.submit(0, bos, 4 * packet.length), LONG_NS);
    return file.client.load32(file.mmap(copy, PAGE));
  }

  /** Sends every idle buffer to swap. */
  private void evictAll() throws Exception {
    machine.settle();
    DrmDevice drm = requireNonNull(gpu.find(DrmDevice.class));
    KernelThread.run(
        machine,
        () -> {
          long _ = ((MsmDriver) drm.driver()).shrinker().shrink(1000);
        });
  }

  @Test
  void whatTheCpuWritesCombinedTheGpuReads() throws Exception {
    assertThat(readByGpu(buffer(GemNew.WC))).isEqualTo(VALUE);
  }

  /** {@code msm_gem_cpu_fini()} cleans nothing: whoever maps cached cleans the lines himself. */
  @Test
  void whatTheCpuWritesCachedStaysInItsCache() throws Exception {
    assertThat(readByGpu(buffer(GemNew.CACHED))).isEqualTo(0);
  }

  /** The A630 snoops what is mapped with {@code IOMMU_CACHE}. */
  @Test
  void whatTheCpuWritesCoherentTheGpuReads() throws Exception {
    assertThat(readByGpu(buffer(GemNew.CACHED_COHERENT))).isEqualTo(VALUE);
  }

  @Test
  void pagesThatTheCpuHasFilledAreCleanedBeforeTheGpuGetsThem() throws Exception {
    int combined = buffer(GemNew.WC);
    int coherent = buffer(GemNew.CACHED_COHERENT);
    evictAll();

    assertThat(readByGpu(combined)).isEqualTo(VALUE);
    assertThat(readByGpu(coherent)).isEqualTo(VALUE);
  }

  /** The same driver, whose {@code sync_for_device()} reaches nobody. */
  @Test
  void aDriverThatDoesNotSyncHasTheGpuReadOldBytes() throws Exception {
    gpu.attach(DmaOps.class, new WithoutSync(new DmaDirect(machine.pages())));
    int handle = buffer(GemNew.WC);
    evictAll();

    assertThat(readByGpu(handle)).isNotEqualTo(VALUE);
  }

  /** Maps without a look at the caches. */
  private record WithoutSync(DmaDirect sound) implements DmaOps {
    @Override
    public CoherentBuffer allocCoherent(Device device, long sizeBytes, int attrs)
        throws ErrnoException {
      return sound.allocCoherent(device, sizeBytes, attrs);
    }

    @Override
    public void freeCoherent(Device device, CoherentBuffer buffer) {
      sound.freeCoherent(device, buffer);
    }

    @Override
    public long mapPage(Device device, long pa, long sizeBytes, DmaDirection direction, int attrs) {
      return sound.mapPage(device, pa, sizeBytes, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
    }

    @Override
    public void unmapPage(
        Device device, long dmaAddress, long sizeBytes, DmaDirection direction, int attrs) {
      sound.unmapPage(device, dmaAddress, sizeBytes, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
    }

    @Override
    public void mapSg(Device device, ScatterList list, DmaDirection direction, int attrs)
        throws ErrnoException {
      sound.mapSg(device, list, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
    }

    @Override
    public void unmapSg(Device device, ScatterList list, DmaDirection direction, int attrs) {
      sound.unmapSg(device, list, direction, attrs | DmaAttr.SKIP_CPU_SYNC);
    }

    @Override
    public void syncForCpu(
        Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {}

    @Override
    public void syncForDevice(
        Device device, long dmaAddress, long sizeBytes, DmaDirection direction) {}
  }
}
