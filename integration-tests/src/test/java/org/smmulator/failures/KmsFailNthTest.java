package org.smmulator.failures;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CONNECTOR;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_CRTC;
import static org.smmulator.uapi.drm.mode.ModeObjGetProperties.OBJECT_PLANE;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeFbCmd;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.uapi.drm.vblank.WaitVblank;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmFramebuffers;
import org.smmulator.userspace.LibDrmLease;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/**
 * The nth allocation of a call of mode setting fails, for each n until none does: the call says so,
 * nothing is left of it, the same call again succeeds, and the display can be used as before.
 */
class KmsFailNthTest {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 16;
  private static final ModeInfo MODE =
      new ModeInfo(100, WIDTH, 66, 68, 70, 0, HEIGHT, 18, 20, 22, 0, 0, 0, 0, "64x16");

  private static final ImmutableSet<Errno> ERRNOS =
      ImmutableSet.of(Errno.ENOMEM, Errno.ENOSPC, Errno.EMFILE);

  /** A compositor whose display is on, and a second picture. */
  static final class Setup {
    final Client own;
    final LibDrmMode mode;
    final int crtc;
    final int connector;
    final int first;
    final DumbBuffer buffer;
    final int second;

    Setup(Machine machine) throws ErrnoException {
      own = machine.host("compositor");
      mode = new LibDrmMode(new LibDrm(own, own.open("/dev/dri/card0")));
      mode.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);
      crtc = mode.resources().crtcs().getFirst();
      connector = mode.resources().connectors().getFirst();
      first = picture(mode.createDumb(WIDTH, HEIGHT, 32));
      buffer = mode.createDumb(WIDTH, HEIGHT, 32);
      second = picture(buffer);
      mode.setCrtc(crtc, first, connector, MODE);
    }

    int picture(DumbBuffer from) throws ErrnoException {
      return mode.addFb(WIDTH, HEIGHT, LibDrmMode.XRGB8888, from.handle(), from.pitch());
    }

    int overlay() throws ErrnoException {
      return plane(0);
    }

    int primary() throws ErrnoException {
      return plane(1);
    }

    private int plane(long type) throws ErrnoException {
      for (int plane : mode.planes()) {
        if (mode.planeType(plane) == type) {
          return plane;
        }
      }
      throw new AssertionError("no plane of type " + type);
    }

    void setPrimary(String name, long value) throws ErrnoException {
      int plane = primary();
      mode.setProperty(plane, OBJECT_PLANE, mode.propertyId(plane, OBJECT_PLANE, name), value);
    }

    LibDrmFramebuffers framebuffers() {
      return new LibDrmFramebuffers(mode.drm());
    }

    LibDrmCrtc crtcs() {
      return new LibDrmCrtc(mode.drm());
    }

    private Assignment set(int object, int type, String name, long value) throws ErrnoException {
      for (LibDrmMode.PropertyValue each : mode.properties(object, type)) {
        if (each.name().equals(name)) {
          return new Assignment(object, each.id(), value);
        }
      }
      throw new AssertionError("no " + name);
    }

    int modeBlob() throws ErrnoException {
      return mode.createBlob(LibDrmMode.bytesOf(MODE));
    }

    List<Assignment> planeSet(int plane, int fb) throws ErrnoException {
      List<Assignment> all = new ArrayList<>();
      all.add(set(plane, OBJECT_PLANE, "FB_ID", fb));
      all.add(set(plane, OBJECT_PLANE, "CRTC_ID", crtc));
      all.add(set(plane, OBJECT_PLANE, "CRTC_W", WIDTH));
      all.add(set(plane, OBJECT_PLANE, "CRTC_H", HEIGHT));
      all.add(set(plane, OBJECT_PLANE, "SRC_W", (long) WIDTH << 16));
      all.add(set(plane, OBJECT_PLANE, "SRC_H", (long) HEIGHT << 16));
      return all;
    }

    List<Assignment> fence(int plane, int fb, long pointer) throws ErrnoException {
      List<Assignment> all = new ArrayList<>(planeSet(plane, fb));
      all.add(set(crtc, OBJECT_CRTC, "OUT_FENCE_PTR", pointer));
      return all;
    }

    List<Assignment> modeset(int blob) throws ErrnoException {
      return ImmutableList.of(
          set(crtc, OBJECT_CRTC, "MODE_ID", blob),
          set(crtc, OBJECT_CRTC, "ACTIVE", 1),
          set(connector, OBJECT_CONNECTOR, "CRTC_ID", crtc));
    }
  }

  /** Makes the call. */
  @Immutable
  interface Body {
    void run(Setup client) throws ErrnoException;
  }

  /** The calls; what they need is looked up before anything fails. */
  enum Call {
    CREATE_DUMB(setup -> {
      DumbBuffer _ = setup.mode.createDumb(256, 64, 32);
    }),
    MAP_DUMB(setup -> {
      long _ = setup.mode.mapDumb(setup.buffer.handle());
    }),
    ADDFB2(setup -> {
      int _ = setup.picture(setup.buffer);
    }),
    ADDFB(setup -> {
      int _ =
          setup
              .framebuffers()
              .add(
                  new ModeFbCmd(
                      0, WIDTH, HEIGHT, setup.buffer.pitch(), 32, 24, setup.buffer.handle()));
    }),
    GETFB(setup -> {
      var _ = setup.framebuffers().get(setup.second);
    }),
    GETFB2(setup -> {
      var _ = setup.framebuffers().get2(setup.second);
    }),
    GETCONNECTOR(setup -> {
      var _ = setup.mode.connector(setup.connector);
    }),
    GETPLANE(setup -> {
      var _ = setup.mode.plane(setup.overlay());
    }),
    OPEN(setup -> setup.own.close(setup.own.open("/dev/dri/card0"))),
    OBJ_SETPROPERTY(setup -> setup.setPrimary("alpha", 0x8000)),
    SETPROPERTY(setup -> {
      int dpms = setup.mode.propertyId(setup.connector, OBJECT_CONNECTOR, "DPMS");
      setup.mode.setConnectorProperty(setup.connector, dpms, 3);
      setup.mode.setConnectorProperty(setup.connector, dpms, 0);
    }),
    WAIT_VBLANK(setup -> {
      var _ = setup.crtcs().waitVblank(new WaitVblank(WaitVblank.RELATIVE, 1, 0, 0));
    }),
    WAIT_VBLANK_WITH_AN_EVENT(setup -> {
      var _ =
          setup.crtcs().waitVblank(new WaitVblank(WaitVblank.RELATIVE | WaitVblank.EVENT, 1, 7, 0));
      assertThat(setup.mode.readEvents().getFirst().userData()).isEqualTo(7);
    }),
    CRTC_QUEUE_SEQUENCE(setup -> {
      long _ =
          setup
              .crtcs()
              .queueSequence(new CrtcQueueSequence(setup.crtc, CrtcQueueSequence.RELATIVE, 1, 8));
      assertThat(setup.mode.readEvents().getFirst().userData()).isEqualTo(8);
    }),
    CREATE_LEASE(setup -> {
      LibDrmLease library = new LibDrmLease(setup.mode.drm());
      LibDrmLease.Lease made =
          library.create(ImmutableList.of(setup.crtc, setup.connector, setup.primary()), 0);
      assertThat(library.lessees()).containsExactly(made.lesseeId());
      setup.own.close(made.fd());
    }),
    GETRESOURCES(setup -> setup.mode.resources()),
    OBJ_GETPROPERTIES(setup -> setup.mode.properties(setup.crtc, OBJECT_CRTC)),
    CREATEPROPBLOB(setup -> {
      int _ = setup.modeBlob();
    }),
    SETCRTC(setup -> setup.mode.setCrtc(setup.crtc, setup.second, setup.connector, MODE)),
    PAGE_FLIP(setup -> {
      setup.mode.pageFlip(setup.crtc, setup.second, ModeCrtcPageFlip.EVENT, 5);
      assertThat(setup.mode.readEvents().getFirst().userData()).isEqualTo(5);
    }),
    SETPLANE(setup ->
        setup.mode.setPlane(setup.overlay(), setup.crtc, setup.second, 0, 0, WIDTH, HEIGHT)),
    ATOMIC(setup -> setup.mode.atomic(setup.planeSet(setup.overlay(), setup.second), 0, 0)),
    ATOMIC_WITH_AN_EVENT(setup -> {
      setup.mode.atomic(
          setup.planeSet(setup.overlay(), setup.second),
          ModeCrtcPageFlip.EVENT | ModeAtomic.NONBLOCK,
          6);
      assertThat(setup.mode.readEvents().getFirst().userData()).isEqualTo(6);
    }),
    ATOMIC_WITH_A_FENCE(setup -> {
      try (Client.Scratch scratch = setup.own.scratch()) {
        long at = scratch.bytes(8);
        setup.mode.atomic(setup.fence(setup.overlay(), setup.second, at), 0, 0);
        setup.own.close(setup.own.load32(at));
      }
    }),
    ATOMIC_WITH_AN_IN_FENCE(setup -> {
      try (Client.Scratch scratch = setup.own.scratch()) {
        long at = scratch.bytes(8);
        setup.mode.atomic(setup.fence(setup.overlay(), setup.second, at), ModeAtomic.NONBLOCK, 0);
        List<Assignment> next = new ArrayList<>(setup.planeSet(setup.primary(), setup.second));
        next.add(setup.set(setup.primary(), OBJECT_PLANE, "IN_FENCE_FD", setup.own.load32(at)));
        setup.mode.atomic(next, 0, 0);
        setup.own.close(setup.own.load32(at));
      }
    }),
    ATOMIC_OF_A_MODE(
        setup -> setup.mode.atomic(setup.modeset(setup.modeBlob()), ModeAtomic.ALLOW_MODESET, 0));

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
    try (Machine machine = Machine.on(new Boards().load("tm2")).boot()) {
      machine.settle();
      Setup client = new Setup(machine);
      machine.settle();

      Site failed = NthAllocation.fail(nth, machine, story, ERRNOS, () -> call.body.run(client));

      client.mode.setCrtc(client.crtc, client.first, client.connector, MODE);
      client.own.exit();
      machine.settle();
      machine.shutDown();
      assertWithMessage(story).that(machine.leakedPages()).isEmpty();
      return failed;
    }
  }
}
