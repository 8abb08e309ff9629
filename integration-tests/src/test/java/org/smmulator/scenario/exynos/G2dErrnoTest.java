package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.scenario.exynos.Errnos.check;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.exynos.G2dSetCmdlist;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.G2dList;

/**
 * The errno of each wrong call of an Exynos client, and which of two mistakes is found first.
 * Kernel: exynos_drm_gem.c, exynos_drm_g2d.c.
 */
class G2dErrnoTest {
  private static final ImmutableIntArray NONE = ImmutableIntArray.of();
  private static final int DST_BASE = 0x404;
  private static final long UNMAPPED = 0xdead_0000L;

  private Tm2 tm2;
  private Client client;
  private ExynosDevice device;
  private ExynosBuffer buffer;

  @BeforeEach
  void boot() throws Exception {
    tm2 = Tm2.boot();
    client = tm2.machine.host("tester");
    device = tm2.open(client);
    buffer = device.newBuffer(4096, 0);
  }

  @AfterEach
  void close() {
    tm2.close();
  }

  private static ImmutableIntArray pairs(int... words) {
    return ImmutableIntArray.copyOf(words);
  }

  /** A destination of 8 by 8 pixels of 32 bits, whose lines have {@code stride} bytes. */
  private static ImmutableIntArray image(int stride, int width, int height) {
    return pairs(0x40c, 1, 0x408, stride, 0x410, 0, 0x414, G2dList.point(width, height));
  }

  private ImmutableIntArray destination(int handle) {
    return pairs(DST_BASE, handle);
  }

  @Test
  void buffers() throws Exception {
    check("unknown flag", Errno.EINVAL, () -> device.newBuffer(4096, 8));
    check("no size", Errno.EINVAL, () -> device.newBuffer(0, 0));
    check("negative size", Errno.EINVAL, () -> device.newBuffer(Long.MIN_VALUE, 0));
    check("more than all offsets", Errno.ENOSPC, () -> device.newBuffer(1L << 62, 1));
    check("more than the machine has", Errno.ENOMEM, () -> device.newBuffer(1L << 33, 1));
    check("GEM_MAP of nothing", Errno.ENOENT, () -> device.mapOffset(99));
    check("GEM_GET of nothing", Errno.EINVAL, () -> device.info(99));
    assertThat(device.newBuffer(1, 7).sizeBytes()).isEqualTo(1);
    assertThat(device.info(buffer.handle() + 1).size()).isEqualTo(4096);
    assertThat(device.info(buffer.handle() + 1).flags()).isEqualTo(7);
  }

  @Test
  void versionIsFourOne() throws Exception {
    assertThat(device.g2dVersion().major()).isEqualTo(4);
    assertThat(device.g2dVersion().minor()).isEqualTo(1);
  }

  @Test
  void anExecWithoutListsIsNotPermitted() {
    check("sync", Errno.EPERM, () -> device.exec(false));
    check("async", Errno.EPERM, () -> device.exec(true));
  }

  @Test
  void listsThatAreTooLongOrCannotBeRead() {
    check(
        "more than a list has, before the pointer is read",
        Errno.EINVAL,
        () -> device.setCmdlist(new G2dSetCmdlist(UNMAPPED, 0, 255, 0, 0, 0)));
    check(
        "a count that would overflow",
        Errno.EINVAL,
        () -> device.setCmdlist(new G2dSetCmdlist(UNMAPPED, UNMAPPED, 1, 0x8000_0001, 0, 0)));
    check(
        "both together too long",
        Errno.EINVAL,
        () -> device.setCmdlist(new G2dSetCmdlist(UNMAPPED, UNMAPPED, 100, 24, 0, 0)));
    check(
        "the most that fits cannot be read",
        Errno.EFAULT,
        () -> device.setCmdlist(new G2dSetCmdlist(UNMAPPED, UNMAPPED, 100, 23, 0, 0)));
  }

  @Test
  void registersThatAClientMayNotWrite() {
    for (int offset : new int[] {0x000, 0x080, 0x100, 0x103, 0x105, 0x884, 0xffc}) {
      check(
          "register " + Integer.toHexString(offset),
          Errno.EINVAL,
          () -> device.setCmdlist(pairs(offset, 0), NONE));
    }
    for (int base : new int[] {0x304, 0x318, 0x404, 0x418, 0x500, 0x520}) {
      check(
          "base address among the commands",
          Errno.EINVAL,
          () -> device.setCmdlist(pairs(base, 0), NONE));
    }
    check(
        "a command among the base addresses",
        Errno.EINVAL,
        () -> device.setCmdlist(NONE, pairs(0x408, 4)));
    check(
        "a bad register is found before a handle that stands for nothing",
        Errno.EINVAL,
        () -> device.setCmdlist(pairs(0x105, 0), destination(99)));
  }

  @Test
  void handlesAndRectangles() {
    check(
        "a handle that stands for nothing",
        Errno.EFAULT,
        () -> device.setCmdlist(image(32, 8, 8), destination(99)));
    check(
        "a register number whose higher bits only the check for bad ones ignores",
        Errno.EFAULT,
        () -> device.setCmdlist(image(32, 8, 8), pairs(0x1000 | DST_BASE, buffer.handle())));
    check(
        "an empty rectangle",
        Errno.EFAULT,
        () -> device.setCmdlist(image(32, 0, 8), destination(buffer.handle())));
    check(
        "wider than the engine can",
        Errno.EFAULT,
        () -> device.setCmdlist(image(32, 8001, 1), destination(buffer.handle())));
    check(
        "one byte beyond the buffer",
        Errno.EFAULT,
        () -> device.setCmdlist(image(1024, 257, 4), destination(buffer.handle())));
    check(
        "memory of the caller's",
        Errno.EFAULT,
        () -> device.setCmdlist(image(32, 8, 8), pairs(DST_BASE | 1 << 31, (int) UNMAPPED)));
  }

  @Test
  void aRectangleThatEndsWithTheBufferIsAccepted() throws Exception {
    device.setCmdlist(image(1024, 256, 4), destination(buffer.handle()));
    device.exec(false);
  }

  @Test
  void slotsRunOutAndEveryFailureGivesItsSlotBack() throws Exception {
    for (int i = 0; i < 100; i++) {
      check(
          "a list that upstream loses a slot with",
          Errno.EINVAL,
          () -> device.setCmdlist(new G2dSetCmdlist(0, 0, 255, 0, 0, 0)));
      check(
          "a handle that stands for nothing",
          Errno.EFAULT,
          () -> device.setCmdlist(image(32, 8, 8), destination(99)));
    }
    for (int i = 0; i < 64; i++) {
      device.setCmdlist(image(32, 8, 8), destination(buffer.handle()));
    }
    check(
        "the 65th list, before its counts are looked at",
        Errno.ENOMEM,
        () -> device.setCmdlist(new G2dSetCmdlist(0, 0, 255, 0, 0, 0)));

    device.exec(false);
    device.setCmdlist(image(32, 8, 8), destination(buffer.handle()));
  }

  @Test
  void aListMayNameARegisterManyTimesAndKeepsEveryBufferUntilItIsDone() throws Exception {
    int[] words = new int[40];
    for (int i = 0; i < words.length; i += 2) {
      words[i] = DST_BASE;
      words[i + 1] = device.newBuffer(4096, 0).handle();
    }
    device.setCmdlist(image(32, 8, 8), pairs(words));
    device.exec(false);

    client.exit();
    tm2.machine.settle();
    assertThat(tm2.machine.leakedPages()).isEmpty();
    assertThat(Arrays.stream(words).distinct().count()).isGreaterThan(20L);
  }

  @Test
  void eventsRunOutOfRoomBeforeTheSizeIsLookedAtAndAFailureGivesItBack() throws Exception {
    for (int i = 0; i < 200; i++) {
      check(
          "a list that is too long, with its event",
          Errno.EINVAL,
          () -> device.setCmdlist(new G2dSetCmdlist(UNMAPPED, UNMAPPED, 100, 23, 1, 0)));
    }
    int lists = 0;
    while (lists < 4096 / 32) {
      device.setCmdlist(image(32, 8, 8), destination(buffer.handle()), 1, lists);
      lists++;
      if (lists % 64 == 0) {
        device.exec(false); // the slots are free again, and the events wait to be read
      }
    }
    check(
        "an event without room, before the size",
        Errno.ENOMEM,
        () -> device.setCmdlist(new G2dSetCmdlist(0, 0, 100, 100, 2, 0)));
    check(
        "too many commands, before the event",
        Errno.EINVAL,
        () -> device.setCmdlist(new G2dSetCmdlist(0, 0, 255, 0, 1, 0)));
    assertThat(device.nextEvent().userData()).isEqualTo(0);
    device.setCmdlist(image(32, 8, 8), destination(buffer.handle()), 1, 7);
  }
}
