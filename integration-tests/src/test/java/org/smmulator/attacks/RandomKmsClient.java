package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.mode.ModeIoctl;
import org.smmulator.uapi.drm.vblank.VblankIoctl;
import org.smmulator.uapi.drm.vblank.WaitVblank;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmLease;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.MonitorEdid;

/**
 * A process that makes calls of mode setting by chance on cards that others have open too: with
 * objects that there are, with numbers of objects that may be others', and with structs in which
 * anything stands.
 */
final class RandomKmsClient implements RandomCaller {
  static final String NODE = "/dev/dri/card0";

  private static final int OBJECTS = 70;
  private static final int SIZE_SHIFT = 16;
  private static final int SIZE_MASK = 0x3fff;

  private static final ImmutableIntArray CALLS =
      ImmutableIntArray.of(
          ModeIoctl.GETRESOURCES,
          ModeIoctl.GETCRTC,
          ModeIoctl.SETCRTC,
          ModeIoctl.CURSOR,
          ModeIoctl.CURSOR2,
          ModeIoctl.GETGAMMA,
          ModeIoctl.SETGAMMA,
          ModeIoctl.GETENCODER,
          ModeIoctl.GETCONNECTOR,
          ModeIoctl.GETPROPERTY,
          ModeIoctl.SETPROPERTY,
          ModeIoctl.GETPROPBLOB,
          ModeIoctl.GETFB,
          ModeIoctl.GETFB2,
          ModeIoctl.ADDFB,
          ModeIoctl.ADDFB2,
          ModeIoctl.RMFB,
          ModeIoctl.CLOSEFB,
          ModeIoctl.PAGE_FLIP,
          ModeIoctl.DIRTYFB,
          ModeIoctl.MAP_DUMB,
          ModeIoctl.DESTROY_DUMB,
          ModeIoctl.GETPLANERESOURCES,
          ModeIoctl.GETPLANE,
          ModeIoctl.SETPLANE,
          ModeIoctl.OBJ_GETPROPERTIES,
          ModeIoctl.OBJ_SETPROPERTY,
          ModeIoctl.ATOMIC,
          ModeIoctl.CREATEPROPBLOB,
          ModeIoctl.DESTROYPROPBLOB,
          VblankIoctl.CRTC_GET_SEQUENCE,
          VblankIoctl.CRTC_QUEUE_SEQUENCE,
          ModeIoctl.CREATE_LEASE,
          ModeIoctl.LIST_LESSEES,
          ModeIoctl.GET_LEASE,
          ModeIoctl.REVOKE_LEASE);

  private final Machine machine;
  private final Random random;
  private final List<LibDrmMode> cards = new ArrayList<>();
  private final List<LibDrmMode> leases = new ArrayList<>();
  private final List<DumbBuffer> buffers = new ArrayList<>();
  private final List<Integer> framebuffers = new ArrayList<>();

  RandomKmsClient(Machine machine, Client client, List<Integer> fds, long seed) {
    this.machine = machine;
    this.random = new Random(seed);
    fds.forEach(fd -> cards.add(new LibDrmMode(new LibDrm(client, fd))));
  }

  @Override
  public void call() throws ErrnoException {
    LibDrmMode card = cards.get(random.nextInt(cards.size()));
    switch (random.nextInt(22)) {
      case 0 -> buffers.add(card.createDumb(side(), side(), random.nextInt(4) * 8 + 8));
      case 1, 2 -> framebuffers.add(framebuffer(card));
      case 3 -> {
        if (!framebuffers.isEmpty()) {
          card.rmFb(framebuffers.remove(/* index */ random.nextInt(framebuffers.size())));
        }
      }
      case 4 -> closeBuffer(card);
      case 5 -> card.setPlane(object(), object(), picture(), number(), number(), side(), side());
      case 6 -> card.pageFlip(object(), picture(), random.nextInt(4), random.nextLong());
      case 7, 8 -> card.atomic(assignments(card), flags(), random.nextLong());
      case 9 -> {
        int _ = card.createBlob(MemorySegment.ofArray(new int[1 + random.nextInt(40)]));
      }
      case 10 -> {
        var _ = card.properties(object(), random.nextInt(3) == 0 ? 0 : number());
      }
      case 11 -> card.setClientCap(random.nextInt(8), random.nextInt(3));
      case 12 -> {
        if (random.nextInt(4) == 0) {
          card.dropMaster();
        } else {
          card.setMaster();
        }
      }
      case 13, 14 -> anything(card.drm());
      case 15 -> plug(card.drm());
      case 16 -> waitVblank(card);
      case 17 -> lease(card);
      case 18 -> closeLease();
      case 19 -> new LibDrmLease(card.drm()).revoke(random.nextInt(6));
      case 20 -> listen(card.drm().client());
      default -> machine.scheduler().sleep(random.nextInt(30_000));
    }
  }

  /** Opens a socket of uevents, and joins groups at an address by chance, which mostly fails. */
  private void listen(Client client) throws ErrnoException {
    int fd = client.socket(16, random.nextBoolean() ? 2 : 3, 15);
    try {
      client.bind(fd, random.nextLong(), number());
    } catch (ErrnoException e) {
      assertThat(e.errno()).isAnyOf(Errno.EINVAL, Errno.EFAULT);
    } finally {
      client.close(fd);
    }
  }

  /**
   * Pulls the plugs of the board's monitors or puts them back, and plugs a monitor into the virtual
   * display of Exynos, of which a byte may be wrong, or unplugs.
   */
  private void plug(LibDrm drm) throws ErrnoException {
    for (Monitor socket : machine.sockets().values()) {
      if (random.nextBoolean()) {
        socket.unplug();
      } else {
        socket.plugBack();
      }
    }
    ExynosDevice device = new ExynosDevice(drm.client(), drm.fd());
    if (random.nextInt(3) == 0) {
      device.unplug();
      return;
    }
    byte[] edid = MonitorEdid.of(64 + random.nextInt(200), 64 + random.nextInt(200));
    if (random.nextInt(3) == 0) {
      edid[random.nextInt(edid.length)] = (byte) random.nextInt();
    }
    device.plugIn(edid);
  }

  /** A struct of which each word is by chance, many of them small, for one of all calls. */
  private void anything(LibDrm drm) throws ErrnoException {
    int cmd = CALLS.get(random.nextInt(CALLS.length()));
    int sizeBytes = cmd >>> SIZE_SHIFT & SIZE_MASK;
    for (int at = 0; at + Integer.BYTES <= sizeBytes; at += Integer.BYTES) {
      drm.struct().set(CStruct.U32, at, random.nextBoolean() ? object() : number());
    }
    drm.ioctl("a call by chance", cmd, sizeBytes);
  }

  /** A vblank that comes soon, or its event. */
  private void waitVblank(LibDrmMode card) throws ErrnoException {
    int type = WaitVblank.RELATIVE | (random.nextBoolean() ? WaitVblank.EVENT : 0);
    type |= random.nextInt(4) == 0 ? WaitVblank.NEXT_ON_MISS : 0;
    WaitVblank asked = new WaitVblank(type, random.nextInt(3), random.nextLong(), 0);
    WaitVblank _ = new LibDrmCrtc(card.drm()).waitVblank(asked);
  }

  /** A lease of a display, which is one card more to make calls on, or of what there is not. */
  private void lease(LibDrmMode card) throws ErrnoException {
    LibDrmMode.Resources has = card.resources();
    List<Integer> objects = new ArrayList<>(has.crtcs());
    objects.addAll(has.connectors());
    objects.addAll(card.planes());
    if (random.nextInt(3) == 0) {
      objects.add(object());
    }
    int fd = new LibDrmLease(card.drm()).create(objects, Client.O_NONBLOCK).fd();
    leases.add(new LibDrmMode(new LibDrm(card.drm().client(), fd)));
    cards.add(leases.getLast());
  }

  private void closeLease() throws ErrnoException {
    if (!leases.isEmpty()) {
      LibDrmMode gone = leases.remove(random.nextInt(leases.size()));
      cards.remove(gone);
      gone.drm().client().close(gone.drm().fd());
    }
  }

  private int framebuffer(LibDrmMode card) throws ErrnoException {
    if (buffers.isEmpty()) {
      buffers.add(card.createDumb(64, 16, 32));
    }
    DumbBuffer from = buffers.get(random.nextInt(buffers.size()));
    int handle = random.nextInt(5) == 0 ? random.nextInt(12) : from.handle();
    return random.nextInt(3) == 0
        ? card.addFb(side(), side(), LibDrmMode.ARGB8888, handle, number())
        : card.addFb(64, 16, LibDrmMode.XRGB8888, handle, from.pitch());
  }

  private void closeBuffer(LibDrmMode card) throws ErrnoException {
    if (!buffers.isEmpty()) {
      card.drm().closeGem(buffers.remove(random.nextInt(buffers.size())).handle());
    }
  }

  /** Properties that there are, with values that may fit. */
  private List<Assignment> assignments(LibDrmMode card) throws ErrnoException {
    card.setClientCap(DrmGetCap.CLIENT_ATOMIC, 1);
    List<Assignment> all = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      int property = random.nextInt(OBJECTS);
      long value = random.nextInt(3) == 0 ? picture() : random.nextBoolean() ? object() : number();
      all.add(new Assignment(object(), property, value));
    }
    return all;
  }

  /** Test-only, non-blocking, with a mode and an event, or none of it; and what there is not. */
  private int flags() {
    int known = 0;
    known |= random.nextBoolean() ? 0x400 : 0;
    known |= random.nextInt(3) == 0 ? 0x200 : 0;
    known |= random.nextInt(3) == 0 ? 0x100 : 0;
    known |= random.nextInt(3) == 0 ? 1 : 0;
    return random.nextInt(12) == 0 ? random.nextInt() : known;
  }

  private int picture() {
    return framebuffers.isEmpty() || random.nextInt(4) == 0
        ? object()
        : framebuffers.get(random.nextInt(framebuffers.size()));
  }

  private int object() {
    return random.nextInt(OBJECTS);
  }

  private int side() {
    return random.nextInt(8) == 0 ? number() : 1 + random.nextInt(80);
  }

  private int number() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt();
      case 1 -> -random.nextInt(100);
      case 2 -> random.nextInt(0x2000) << 16;
      default -> random.nextInt(300);
    };
  }
}
