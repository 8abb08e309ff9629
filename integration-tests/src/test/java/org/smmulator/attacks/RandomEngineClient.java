package org.smmulator.attacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.scenario.CopyNode;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.engines.CopyMap;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.userspace.Client;

/**
 * A process that makes calls by chance on a copy engine's file that others use too: buffers,
 * address spaces, and copies between whatever addresses it has heard of.
 */
final class RandomEngineClient implements RandomCaller {
  private static final int NODES = 4;
  private static final int PAGE = 4096;
  private static final int BUFFERS = 8;

  private final Machine machine;
  private final Client client;
  private final Random random;
  private final List<CopyNode> files = new ArrayList<>();
  private final List<CopyAlloc> buffers = new ArrayList<>();
  private final long memory;

  RandomEngineClient(Machine machine, Client client, List<Integer> fds, long seed)
      throws ErrnoException {
    this.machine = machine;
    this.client = client;
    this.random = new Random(seed);
    this.memory = client.mmapAnonymous(4 * PAGE, 3);
    fds.forEach(fd -> files.add(new CopyNode(client, fd)));
  }

  /** One of the board's copy engines. */
  static String node(int which) {
    return "/dev/copy" + which % NODES;
  }

  private CopyAlloc buffer(CopyNode file) throws ErrnoException {
    if (buffers.size() < BUFFERS) {
      buffers.add(file.alloc(1 + random.nextInt(3 * PAGE)));
    }
    return buffers.get(random.nextInt(buffers.size()));
  }

  private long size() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> (long) random.nextInt(4) * PAGE;
      default -> 1 + random.nextInt(256);
    };
  }

  private long address(CopyNode file) throws ErrnoException {
    long within = random.nextInt(PAGE);
    return switch (random.nextInt(5)) {
      case 0 -> memory + within;
      case 1 -> (1L << 20) * random.nextInt(64) + within;
      default -> buffer(file).address() + within;
    };
  }

  @Override
  public void call() throws ErrnoException {
    CopyNode file = files.get(random.nextInt(files.size()));
    switch (random.nextInt(12)) {
      case 0 -> {
        long sizeBytes = random.nextInt(3) == 0 ? -random.nextInt(9) : 1 + random.nextInt(3 * PAGE);
        CopyAlloc _ = file.alloc(sizeBytes);
      }
      case 1, 2, 3, 4 -> file.copy(address(file), address(file), size(), 0);
      case 5 -> file.copy(address(file), address(file), size(), CopyRun.PROCESS);
      case 6 -> file.copy(address(file), address(file), size(), random.nextInt(5));
      case 7 -> {
        var _ = file.bind(random.nextInt(3));
      }
      case 8 -> {
        CopyAlloc from = buffer(file);
        long at = (1L << 20) * random.nextInt(64);
        file.map(
            new CopyMap(at, from.offset(), (1L + random.nextInt(3)) * PAGE, random.nextInt(5), 0));
      }
      case 9 -> file.unmap((1L << 20) * random.nextInt(64), (1L + random.nextInt(3)) * PAGE);
      case 10 -> touch(file);
      default -> machine.scheduler().sleep(random.nextInt(3_000));
    }
  }

  private void touch(CopyNode file) throws ErrnoException {
    CopyAlloc buffer = buffer(file);
    long va = client.mmap(file.fd(), buffer.offset(), PAGE);
    client.store32(va, random.nextInt());
    machine.scheduler().sleep(random.nextInt(2_000));
    int _ = client.load32(va);
    client.munmap(va, PAGE);
  }
}
