package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.smmulator.engines.SdController;
import org.smmulator.engines.VideoController;
import org.smmulator.junit.Board;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.engines.EngineIoctl;
import org.smmulator.uapi.engines.VideoRun;
import org.smmulator.userspace.Client;

/** The engines of board virt, each from a process through its device node: real bytes move. */
class VirtEnginesTest {
  private static final int PAGE = 4096;

  @Test
  void whatIsWrittenToTheUsbFunctionComesBack(@Board("virt") Machine machine) throws Exception {
    Client client = machine.host("copier");
    int usb = client.open("/dev/sgusb0");
    byte[] sent = random(3 * PAGE + 77, 1);

    assertThat(client.write(usb, sent)).isEqualTo(sent.length);

    assertThat(client.read(usb, sent.length)).isEqualTo(sent);
    assertThat(client.read(usb, PAGE)).isEmpty();
  }

  @Test
  void theVideoEngineMakesTheNegativeOfAFrameInItsCarveOut(@Board("virt") Machine machine)
      throws Exception {
    Client client = machine.host("player");
    int video = client.open("/dev/video0");
    byte[] frame = random(640 * 48, 2);
    assertThat(client.pwrite(video, frame, 0)).isEqualTo(frame.length);

    run(client, video, new VideoRun(640, 48, 640, VideoRun.INVERT));

    byte[] made = client.pread(video, frame.length, 0);
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) ~frame[i];
    }
    assertThat(made).isEqualTo(frame);
    assertErrno(EINVAL, () -> run(client, video, new VideoRun(640, 1 << 20, 640, VideoRun.COPY)));
  }

  @Test
  void theVideoEngineReachesItsCarveOutThroughAddressesThatItsDriverChose(
      @Board("virt") Machine machine) throws Exception {
    VideoController video =
        requireNonNull(device(machine, "a040000.video").find(VideoController.class));
    var domain = requireNonNull(video.domain());

    assertThat(machine.iommu().iovaToPhys(domain, VideoController.SOURCE_IOVA + 0x1234))
        .isEqualTo(0x7f00_1234L);
    assertThat(machine.iommu().iovaToPhys(domain, VideoController.RESULT_IOVA))
        .isEqualTo(0x7f20_0000L);
    assertThat(machine.iommu().iovaToPhys(domain, 0x7f00_0000L)).isEqualTo(0);
    assertThat(domain.pgsizeBitmap()).isEqualTo(0x4000L | 0x200_0000L); // 16K and 32M
  }

  @Test
  void aCardKeepsWhatWasWrittenToItAndEndsWhereItEnds(@Board("virt") Machine machine)
      throws Exception {
    Client client = machine.host("dd");
    int card = client.open(cardWithoutIommu(machine));
    byte[] blocks = random(24 * 512, 3);

    assertThat(client.pwrite(card, blocks, 5 * 512)).isEqualTo(blocks.length);
    assertThat(client.pread(card, blocks.length, 5 * 512)).isEqualTo(blocks);
    assertThat(client.pread(card, 512, 4 * 512)).isEqualTo(new byte[512]);
    assertThat(client.pread(card, 2 * 512, 2047 * 512)).hasLength(512);
    assertErrno(ENOSPC, () -> client.pwrite(card, new byte[512], 2048 * 512));
    assertErrno(EINVAL, () -> client.pwrite(card, new byte[100], 0));
  }

  @Test
  void toAHostWith32AddressBitsTheBytesOfMemoryAboveComeThroughThePool(
      @Board("virt") Machine machine) throws Exception {
    SdController card = requireNonNull(device(machine, "a070000.mmc").find(SdController.class));
    long high = aboveFourGibibytes(machine, machine.pages().owner("test", PageZone.KERNEL));
    byte[] bytes = random(3 * 512, 4);
    machine.dram().copyIn(high, MemorySegment.ofArray(bytes), 0, bytes.length);
    assertThat(slots(machine, "used_hiwater")).isEqualTo("0\n");

    KernelThread.run(machine, () -> card.transferSingle(7, high, bytes.length, true));

    assertThat(slots(machine, "used")).isEqualTo("0\n");
    assertThat(slots(machine, "used_hiwater")).isEqualTo("1\n"); // a slot has 2 KiB
    Client client = machine.host("dd");
    int fd = client.open(cardWithoutIommu(machine));
    assertThat(client.pread(fd, bytes.length, 7 * 512)).isEqualTo(bytes);
  }

  @Test
  void fromAHostWith32AddressBitsTheBytesComeToMemoryAboveThroughThePool(
      @Board("virt") Machine machine) throws Exception {
    SdController card = requireNonNull(device(machine, "a070000.mmc").find(SdController.class));
    Client client = machine.host("dd");
    int fd = client.open(cardWithoutIommu(machine));
    byte[] bytes = random(3 * 512, 5);
    assertThat(client.pwrite(fd, bytes, 9 * 512)).isEqualTo(bytes.length);
    assertThat(slots(machine, "used_hiwater")).isEqualTo("0\n");
    long high = aboveFourGibibytes(machine, machine.pages().owner("test", PageZone.KERNEL));

    KernelThread.run(machine, () -> card.transferSingle(9, high, bytes.length, false));

    byte[] arrived = new byte[bytes.length];
    machine.dram().copyOut(high, MemorySegment.ofArray(arrived), 0, arrived.length);
    assertThat(arrived).isEqualTo(bytes);
    assertThat(slots(machine, "used")).isEqualTo("0\n");
    assertThat(slots(machine, "used_hiwater")).isEqualTo("1\n");
  }

  private static String slots(Machine machine, String what) throws ErrnoException {
    Client root = machine.hostRoot("root");
    int fd = root.openForReading("/sys/kernel/debug/swiotlb/io_tlb_" + what);
    String text = new String(root.read(fd, 100), UTF_8);
    root.exit();
    return text;
  }

  @Test
  void aCopyGoesThroughTheEnginesAddressesAndOneThatIsRefusedHurtsNobody(
      @Board("virt") Machine machine) throws Exception {
    Client client = machine.host("copier");
    Client other = machine.host("other");
    int fd = client.open("/dev/copy0");
    int usb = other.open("/dev/sgusb1");
    CopyAlloc from = new CopyNode(client, fd).alloc(2 * PAGE);
    CopyAlloc to = new CopyNode(client, fd).alloc(2 * PAGE);
    byte[] bytes = random(PAGE + 10, 5);
    long fromVa = client.mmap(fd, from.offset(), 2 * PAGE);
    long toVa = client.mmap(fd, to.offset(), 2 * PAGE);
    client.store(fromVa + 3, MemorySegment.ofArray(bytes));

    assertErrno(EINVAL, () -> new CopyNode(client, fd).copy(from.address(), 0x1000, 64, 0));
    new CopyNode(client, fd).copy(from.address() + 3, to.address() + 100, bytes.length, 0);

    byte[] arrived = new byte[bytes.length];
    client.load(toVa + 100, MemorySegment.ofArray(arrived));
    assertThat(arrived).isEqualTo(bytes);
    assertThat(other.write(usb, bytes)).isEqualTo(bytes.length);
    assertThat(other.read(usb, bytes.length)).isEqualTo(bytes);
  }

  @Test
  void aProcessThatEndsWithItsBuffersMappedLeavesNothingBehind(@Board("virt") Machine machine)
      throws Exception {
    long before = machine.pages().pagesInUse();
    Client client = machine.host("copier");
    int fd = client.open("/dev/copy0");
    CopyAlloc buffer = new CopyNode(client, fd).alloc(8 * PAGE);
    long va = client.mmap(fd, buffer.offset(), 8 * PAGE);
    client.store32(va, 1);

    client.exit();
    machine.settle();

    assertThat(machine.leakedPages()).isEmpty();
    assertThat(machine.pages().pagesInUse()).isAtMost(before + 8); // tables of a domain may stay
  }

  private static String cardWithoutIommu(Machine machine) {
    // Nodes count up in the order in which drivers bind.
    boolean both = device(machine, "a020000.mmc").driver() != null;
    return both ? "/dev/mmcblk1" : "/dev/mmcblk0";
  }

  private static PlatformDevice device(Machine machine, String name) {
    return requireNonNull(machine.devices().find(name));
  }

  /** The page allocator gives the lowest memory first, so this takes what lies below. */
  private static long aboveFourGibibytes(Machine machine, PageOwner owner) throws Exception {
    long pa;
    do {
      pa = machine.pages().alloc(14, owner);
    } while (pa < 1L << 32);
    return pa;
  }

  private static void run(Client client, int fd, VideoRun frame) throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[2]);
    frame.write(arg, 0);
    try (var scratch = client.scratch()) {
      long va = scratch.bytes(arg.byteSize());
      client.store(va, arg);
      client.ioctl("VIDEO_RUN", fd, EngineIoctl.VIDEO_RUN, va);
    }
  }

  private static byte[] random(int sizeBytes, long seed) {
    byte[] bytes = new byte[sizeBytes];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno);
  }
}
