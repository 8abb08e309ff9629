package org.smmulator.failures;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import com.google.errorprone.annotations.Immutable;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.exynos.ExynosGemCreate;
import org.smmulator.uapi.exynos.G2dCmd;
import org.smmulator.uapi.exynos.G2dUserptr;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;
import org.smmulator.userspace.exynos.MonitorEdid;

/**
 * The nth allocation of an Exynos call fails, for each n until none does, with a table for each
 * file: the call says so, nothing is left of it, and the same call again succeeds.
 */
class ExynosFailNthTest {
  private static final int PAGE = 4096;
  private static final int LOW = 0x1000_0000;
  private static final int READ_WRITE = 3;

  private static final ImmutableSet<Errno> ERRNOS =
      ImmutableSet.of(Errno.ENOMEM, Errno.ENOSPC, Errno.EMFILE, Errno.EFAULT);

  /** A client with a buffer, and a file that has used nothing yet. */
  static final class Setup {
    final Client own;
    final ExynosDevice device;
    final ExynosBuffer buffer;
    final ExynosDevice fresh;
    final ExynosDevice card;
    final long memory;

    Setup(Machine machine) throws ErrnoException {
      own = machine.host("client");
      device = new ExynosDevice(own, own.open("/dev/dri/renderD128"));
      fresh = new ExynosDevice(own, own.open("/dev/dri/renderD128"));
      card = new ExynosDevice(own, own.open("/dev/dri/card0"));
      buffer = device.newBuffer(PAGE, 0);
      memory = own.mmapAnonymous(PAGE, READ_WRITE);
      own.store32(memory, 0);
      own.mmapAnonymousAt(LOW, PAGE, READ_WRITE);
      MemorySegment described = MemorySegment.ofArray(new long[2]);
      new G2dUserptr(memory, PAGE).write(described, 0);
      own.store(LOW, described);
    }
  }

  /** Makes the call. */
  @Immutable
  interface Body {
    void run(Setup client) throws ErrnoException;
  }

  /** The calls. */
  enum Call {
    GEM_CREATE(client -> client.fresh.newBuffer(2 * PAGE, 0)),
    GEM_CREATE_IN_PIECES(client -> client.fresh.newBuffer(3 * PAGE, ExynosGemCreate.NONCONTIG)),
    SET_CMDLIST(
        client -> G2dList.fill(new Image(client.buffer, 64), 0, 0, 4, 4, 7).submit(client.device)),
    SET_CMDLIST_AS_FIRST_USE(
        client -> client.fresh.setCmdlist(ImmutableIntArray.of(0x70c, 7), ImmutableIntArray.of())),
    SET_CMDLIST_OF_MEMORY(client ->
        client.device.setCmdlist(
            ImmutableIntArray.of(0x40c, 1, 0x408, 32, 0x410, 0, 0x414, G2dList.point(8, 4)),
            ImmutableIntArray.of(0x404 | G2dCmd.BUF_USERPTR, LOW))),
    UEVENT_SOCKET(client -> client.own.close(client.own.socket(16, 3, 15))),
    VIDI_CONNECTION(client -> client.card.plugIn(MonitorEdid.of(128, 96))),
    IPP_COMMIT(client -> {
      IppPicture picture = new IppPicture(client.buffer, Format.XRGB8888, 64, 16);
      new ExynosIpp(client.device).commit(0, 0, new IppRequest().from(picture).to(picture), 0);
    });

    final Body body;

    Call(Body body) {
      this.body = body;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallWhoseAllocationFailsIsUndone(Call call) throws Exception {
    NthAllocation.failEach(nth -> failNth(call, nth));
  }

  private static @Nullable Site failNth(Call call, long nth) throws Exception {
    String story = "%s, allocation %d".formatted(call, nth);
    KernelConfig config =
        KernelConfig.defaults().with("exynos.pagetables", "bind-task").with("exynos.vidi=y");
    try (Machine machine = Machine.on(new Boards().load("tm2")).config(config).boot()) {
      machine.settle();
      Setup client = new Setup(machine);
      machine.settle();

      Site failed = NthAllocation.fail(nth, machine, story, ERRNOS, () -> call.body.run(client));

      client.own.exit();
      machine.settle();
      machine.shutDown();
      assertWithMessage(story).that(machine.leakedPages()).isEmpty();
      return failed;
    }
  }
}
