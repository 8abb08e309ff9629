package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.attacks.RawMsm;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.dmabuf.DmaBufAttachment;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;

/** Buffers of other devices in msm's files, and msm's buffers with other devices attached. */
class ImportedBufferTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 3;
  private static final int VALUE = 0xcafe;
  private static final long LONG_NS = 1_000_000_000_000L;

  private @Nullable Machine machine;
  private @Nullable Client client;

  private void boot(String board, String pagetables) throws Exception {
    KernelConfig config =
        KernelConfig.defaults().with("msm.pagetables", pagetables).with("mm.swap-pages", "64");
    machine = Machine.on(new Boards().load(board)).config(config).boot();
    machine.settle();
    client = machine.host("client");
  }

  @AfterEach
  void close() {
    if (machine != null) {
      machine.close();
    }
  }

  private Machine machine() {
    return requireNonNull(machine);
  }

  private Client client() {
    return requireNonNull(client);
  }

  private RawMsm open() throws ErrnoException {
    return new RawMsm(client(), client().open(RawMsm.NODE));
  }

  private static LibDrm drm(RawMsm file) {
    return new LibDrm(file.client, file.fd);
  }

  private Device gpu() {
    return machine().devices().devices().stream()
        .filter(device -> device.find(DrmDevice.class) != null)
        .findFirst()
        .orElseThrow();
  }

  private DrmDevice drmDevice() {
    return Objects.requireNonNull(gpu().find(DrmDevice.class));
  }

  /** Asks the shrinker for all that it can take, and returns what it took. */
  private long shrink() throws Exception {
    long[] taken = {0};
    KernelThread.run(
        machine(), () -> taken[0] = ((MsmDriver) drmDevice().driver()).shrinker().scan(1000));
    return taken[0];
  }

  /** Has the GPU write {@link #VALUE} at {@code offset} of the buffer, as {@code file} sees it. */
  private static void write(RawMsm file, int handle, int offset) throws ErrnoException {
    var packets = file.stream().memWrite(file.iova(handle) + offset, VALUE).dwords();
    int commands = file.gemNew(PAGE, GemNew.WC);
    long va = file.mmap(commands, PAGE);
    for (int i = 0; i < packets.length(); i++) {
      file.client.store32(va + 4L * i, packets.get(i));
    }
    List<GemSubmitBo> bos =
        List.of(
            new GemSubmitBo(GemSubmitBo.READ, commands, 0),
            new GemSubmitBo(RawMsm.READ_WRITE, handle, 0));
    file.await(0, file.submit(0, bos, 4 * packets.length()), LONG_NS);
  }

  @ParameterizedTest
  @CsvSource({
    "db410c, bind-task",
    "db820c, bind-task",
    "db845c, adreno-smmu",
    "db845c, shared",
    "trogdor, dynamic-domains"
  })
  void theGpuWritesEachPageOfABufferThatAnotherDeviceMade(String board, String pagetables)
      throws Exception {
    boot(board, pagetables);
    RawMsm file = open();
    ScatteredBuffer exporter = new ScatteredBuffer(machine(), PAGES);
    int fd = exporter.share(drmDevice().core(), client());

    int handle = drm(file).primeFdToHandle(fd);
    for (int page = 0; page < PAGES; page++) {
      write(file, handle, page * PAGE + 16);
    }

    assertThat(drm(file).primeFdToHandle(fd)).isEqualTo(handle);
    for (int page = 0; page < PAGES; page++) {
      assertThat(exporter.load(page, 16)).isEqualTo(VALUE);
    }
    assertThat(client().load32(file.mmap(handle, PAGES * PAGE) + 2 * PAGE + 16)).isEqualTo(VALUE);
    client().exit();
    assertThat(exporter.isReleased()).isTrue();
    machine().shutDown();
    assertThat(machine().leakedPages()).isEmpty();
  }

  @Test
  void theExporterHasItsMemoryBackWhenTheLastHandleOfEveryFileIsGone() throws Exception {
    boot("db845c", "adreno-smmu");
    RawMsm one = open();
    RawMsm other = open();
    ScatteredBuffer exporter = new ScatteredBuffer(machine(), PAGES);
    int fd = exporter.share(drmDevice().core(), client());
    int first = drm(one).primeFdToHandle(fd);
    int second = drm(other).primeFdToHandle(fd);
    client().close(fd);

    write(one, first, 0);
    one.gemClose(first);
    write(other, second, PAGE);
    assertThat(exporter.isReleased()).isFalse();
    other.gemClose(second);

    assertThat(exporter.load(0, 0)).isEqualTo(VALUE);
    assertThat(exporter.load(1, 0)).isEqualTo(VALUE);
    assertThat(exporter.mappings()).isEqualTo(0);
    assertThat(exporter.attachments()).isEqualTo(0);
    assertThat(exporter.isReleased()).isTrue();
  }

  @Test
  void anImportThatTheExporterRefusesLeavesNothingBehind() throws Exception {
    boot("db845c", "adreno-smmu");
    RawMsm file = open();
    ScatteredBuffer exporter = new ScatteredBuffer(machine(), PAGES);
    int fd = exporter.share(drmDevice().core(), client());
    exporter.refuseToMap();

    var e = assertThrows(ErrnoException.class, () -> drm(file).primeFdToHandle(fd));
    client().close(fd);

    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
    assertThat(exporter.attachments()).isEqualTo(0);
    assertThat(exporter.isReleased()).isTrue();
  }

  /** {@code msm_ioctl_gem_info()}: the flags are what GEM_NEW was given, and there was none. */
  @Test
  void aBufferFromElsewhereHasNoFlagsToTell() throws Exception {
    boot("db845c", "adreno-smmu");
    RawMsm file = open();
    int fd = new ScatteredBuffer(machine(), PAGES).share(drmDevice().core(), client());
    int handle = drm(file).primeFdToHandle(fd);

    var e = assertThrows(ErrnoException.class, () -> file.info(handle, GemInfo.GET_FLAGS, 0));

    assertThat(e.errno()).isEqualTo(Errno.EINVAL);
  }

  /**
   * {@code is_unpurgeable()}: the pages are not msm's to take, whatever its client says of them.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theShrinkerLeavesABufferFromElsewhereAlone(int madvice) throws Exception {
    boot("db845c", "adreno-smmu");
    RawMsm file = open();
    ScatteredBuffer exporter = new ScatteredBuffer(machine(), PAGES);
    int handle = drm(file).primeFdToHandle(exporter.share(drmDevice().core(), client()));
    write(file, handle, 0);
    file.madvise(handle, madvice);

    long _ = shrink();

    assertThat(exporter.mappings()).isEqualTo(1);
    assertThat(exporter.load(0, 0)).isEqualTo(VALUE);
    file.madvise(handle, 0);
    assertThat(client().load32(file.mmap(handle, PAGE))).isEqualTo(VALUE);
  }

  private DmaBuf bufferOf(int fd) throws ErrnoException {
    return (DmaBuf)
        requireNonNull(machine().processes().find(client().pid())).files().file(fd).operations();
  }

  @Test
  void aBufferKeepsItsPagesAsLongAsAnotherDeviceIsAttached() throws Exception {
    boot("db845c", "adreno-smmu");
    RawMsm file = open();
    int handle = file.gemNew(PAGES * PAGE, GemNew.WC);
    long va = file.mmap(handle, PAGES * PAGE);
    client().store32(va + PAGE, VALUE);
    DmaBuf buffer = bufferOf(drm(file).primeHandleToFd(handle, DrmPrimeHandle.RDWR));
    DmaBufAttachment[] attachment = new DmaBufAttachment[1];
    ScatterList[] pieces = new ScatterList[1];
    KernelThread.run(
        machine(),
        () -> {
          attachment[0] = buffer.attach(gpu(), machine().dma());
          pieces[0] = attachment[0].map(DmaDirection.BIDIRECTIONAL);
        });

    assertThat(shrink()).isEqualTo(0);
    assertThat(wordAt(pieces[0], PAGE)).isEqualTo(VALUE);

    KernelThread.run(
        machine(),
        () -> {
          attachment[0].unmap(pieces[0], DmaDirection.BIDIRECTIONAL);
          attachment[0].detach();
        });
    assertThat(shrink()).isEqualTo(PAGES);
    assertThat(client().load32(va + PAGE)).isEqualTo(VALUE); // back from swap
  }

  private int wordAt(ScatterList pieces, long offset) {
    long at = 0;
    for (int i = 0; i < pieces.count(); i++) {
      if (offset < at + pieces.length(i)) {
        return machine().dram().getInt(pieces.pa(i) + offset - at);
      }
      at += pieces.length(i);
    }
    throw new AssertionError("the buffer has " + at + " bytes");
  }
}
