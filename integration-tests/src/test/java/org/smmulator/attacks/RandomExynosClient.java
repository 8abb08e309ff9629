package org.smmulator.attacks;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.exynos.G2dSetCmdlist;
import org.smmulator.uapi.exynos.G2dUserptr;
import org.smmulator.uapi.exynos.IppCommit;
import org.smmulator.uapi.exynos.IppGetCaps;
import org.smmulator.uapi.exynos.IppGetLimits;
import org.smmulator.uapi.exynos.IppGetResources;
import org.smmulator.uapi.exynos.IppTaskBuffer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dRegister;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * A process that makes calls by chance on an Exynos device's file that others use too: buffers,
 * lists of the 2D engine with registers by chance, tasks of picture processors.
 */
final class RandomExynosClient implements RandomCaller {
  static final String NODE = "/dev/dri/renderD128";

  private static final int BUFFERS = 6;
  private static final int SIZE = 4096;

  /** Below 4 GiB, since a list has 32 bits for a pointer. */
  private static final int LOW = 0x1000_0000;

  private static final int READ_WRITE = 3;

  private final Machine machine;
  private final Client client;
  private final Random random;
  private final List<ExynosDevice> files = new ArrayList<>();
  private final List<ExynosBuffer> buffers = new ArrayList<>();

  /** Memory of the process that lists draw in, and where it is described; 0 if there is none. */
  private long memory;

  private long described;

  RandomExynosClient(Machine machine, Client client, List<Integer> fds, long seed) {
    this.machine = machine;
    this.client = client;
    this.random = new Random(seed);
    fds.forEach(fd -> files.add(new ExynosDevice(client, fd)));
  }

  private ExynosBuffer buffer(ExynosDevice file) throws ErrnoException {
    if (buffers.size() < BUFFERS) {
      buffers.add(file.newBuffer(1 + random.nextInt(3 * SIZE), random.nextInt(8)));
    }
    return buffers.get(random.nextInt(buffers.size()));
  }

  /** A buffer's handle, or a number that may be one of somebody else's. */
  private int handle(ExynosDevice file) throws ErrnoException {
    return random.nextInt(5) == 0 ? random.nextInt(12) : buffer(file).handle();
  }

  private int number() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextInt(0x2000) << 16 | random.nextInt(0x2000);
      default -> random.nextInt(80);
    };
  }

  @Override
  public void call() throws ErrnoException {
    ExynosDevice file = files.get(random.nextInt(files.size()));
    switch (random.nextInt(17)) {
      case 0 -> {
        ExynosBuffer _ = file.newBuffer((long) random.nextInt(4) * SIZE, random.nextInt(10));
      }
      case 1 -> {
        if (!buffers.isEmpty()) {
          buffers.remove(random.nextInt(buffers.size())).close();
        }
      }
      case 2 -> {
        var _ = file.info(handle(file));
      }
      case 3, 4 -> list(file).submit(file);
      case 5 -> list(file).submit(file, random.nextLong());
      case 6 -> rawList(file);
      case 7, 8 -> file.exec(random.nextBoolean());
      case 9, 10 -> task(file);
      case 11 -> ask(file);
      case 12 -> touch(file);
      case 13, 14 -> userMemory(file);
      case 15 -> unmapOwnMemory();
      default -> machine.scheduler().sleep(random.nextInt(3_000));
    }
  }

  /** A copy or a fill that the kernel takes, and registers that it may take. */
  private G2dList list(ExynosDevice file) throws ErrnoException {
    G2dList.Image image = new G2dList.Image(buffer(file), 32);
    G2dList list =
        random.nextBoolean()
            ? G2dList.fill(image, 0, 0, 1 + random.nextInt(32), 1 + random.nextInt(8), number())
            : G2dList.over(new G2dList.Image(buffer(file), 32), image, 8, 8);
    G2dRegister[] registers = G2dRegister.values();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.set(registers[random.nextInt(registers.length)], number());
    }
    return list;
  }

  private void rawList(ExynosDevice file) throws ErrnoException {
    int[] words = new int[2 * random.nextInt(6)];
    for (int i = 0; i < words.length; i++) {
      words[i] = i % 2 == 0 ? 4 * random.nextInt(0x240) : number();
    }
    int[] bases = {0x404 | (random.nextInt(6) == 0 ? 1 << 31 : 0), handle(file)};
    file.setCmdlist(
        ImmutableIntArray.copyOf(words),
        ImmutableIntArray.copyOf(bases),
        random.nextInt(3),
        random.nextLong());
    file.setCmdlist(
        new G2dSetCmdlist(random.nextLong(), random.nextLong(), number(), number(), 0, 0));
  }

  /**
   * A list that draws in memory of the process, or in what it takes for its own: nothing, the
   * kernel's half, a buffer's mapping, more than there is.
   */
  private void userMemory(ExynosDevice file) throws ErrnoException {
    if (described == 0) {
      client.mmapAnonymousAt(LOW, SIZE, READ_WRITE);
      described = LOW;
    }
    if (memory == 0) {
      memory = client.mmapAnonymous(2 * SIZE, READ_WRITE);
    }
    long start =
        switch (random.nextInt(6)) {
          case 0 -> random.nextLong();
          case 1 -> LOW;
          case 2 -> client.mmap(file.fd(), file.mapOffset(buffer(file).handle()), SIZE);
          default -> memory + random.nextInt(SIZE);
        };
    long size = random.nextInt(6) == 0 ? random.nextLong() : 128L + random.nextInt(2 * SIZE);
    MemorySegment words = MemorySegment.ofArray(new long[2]);
    new G2dUserptr(start, size).write(words, 0);
    client.store(LOW, words);
    file.setCmdlist(
        ImmutableIntArray.of(
            0x40c,
            1,
            0x408,
            32,
            0x410,
            0,
            0x414,
            G2dList.point(8, 4),
            0x70c,
            number(),
            0x104,
            1 << 28),
        ImmutableIntArray.of(0x404 | 1 << 31, LOW));
    if (random.nextBoolean()) {
      unmapOwnMemory();
    }
  }

  /** Gives memory back in which a list may be drawing. */
  private void unmapOwnMemory() throws ErrnoException {
    if (memory != 0) {
      long was = memory;
      memory = 0;
      client.munmap(was, 2 * SIZE);
    }
  }

  private IppPicture picture(ExynosDevice file) throws ErrnoException {
    IppPicture.Format[] formats = IppPicture.Format.values();
    return new IppPicture(
        buffer(file),
        formats[random.nextInt(formats.length)],
        16 * (1 + random.nextInt(4)),
        2 * (4 + random.nextInt(10)));
  }

  private IppTaskBuffer parameter(ExynosDevice file, int type) throws ErrnoException {
    IppTaskBuffer fits = picture(file).asParameter(IppCommit.TASK_BUFFER | type);
    if (random.nextInt(3) > 0) {
      return fits;
    }
    return fits.laidOut(
        ImmutableIntArray.of(number(), random.nextInt(2 * SIZE), random.nextInt(SIZE), 0),
        ImmutableIntArray.of(random.nextInt(600), random.nextInt(300), random.nextInt(2) * 32, 0),
        random.nextInt(9) == 0 ? 4L << 56 | 2 : 0);
  }

  private void task(ExynosDevice file) throws ErrnoException {
    IppRequest request =
        new IppRequest()
            .buffer(parameter(file, IppCommit.TYPE_SOURCE))
            .buffer(parameter(file, IppCommit.TYPE_DESTINATION));
    if (random.nextInt(3) == 0) {
      request.transform(1 << random.nextInt(6));
    }
    if (random.nextInt(4) == 0) {
      request.toRect(random.nextInt(8), random.nextInt(8), number(), number());
    }
    if (random.nextInt(6) == 0) {
      request.word(number());
    }
    new ExynosIpp(file).commit(random.nextInt(4), random.nextInt(9), request, random.nextLong());
  }

  private void ask(ExynosDevice file) throws ErrnoException {
    ExynosIpp ipp = new ExynosIpp(file);
    switch (random.nextInt(3)) {
      case 0 -> {
        IppGetResources _ = ipp.getResources(new IppGetResources(number(), 0, random.nextLong()));
      }
      case 1 -> {
        IppGetCaps _ = ipp.getCaps(new IppGetCaps(number(), 0, 0, number(), random.nextLong()));
      }
      default -> {
        IppGetLimits _ =
            ipp.getLimits(
                new IppGetLimits(
                    random.nextInt(4), number(), 0, random.nextInt(4), 9, random.nextLong()));
      }
    }
  }

  private void touch(ExynosDevice file) throws ErrnoException {
    ExynosBuffer buffer = buffer(file);
    long va = client.mmap(file.fd(), file.mapOffset(buffer.handle()), SIZE);
    client.store32(va, random.nextInt());
    int _ = client.load32(va);
    client.munmap(va, SIZE);
  }
}
