package org.smmulator.attacks;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;

/** A client of the GPU, which works for it all the while. */
final class MsmVictim extends Victim {
  static final int SECRET = 0x5ec2_0000;
  private static final int PAGES = 24;
  private static final int BUFFERS = 4;
  private static final int PAGE = 4096;
  private static final long LONG_NS = 1_000_000_000_000L;

  MsmVictim(Machine machine) throws ErrnoException {
    super(machine);
  }

  @Override
  void live(Client own) throws ErrnoException {
    RawMsm gpu = new RawMsm(own, own.open(RawMsm.NODE));
    long memory = own.mmapAnonymous((long) PAGES * PAGE, 3);
    for (int i = 0; i < PAGES; i++) {
      own.store32(memory + (long) i * PAGE, SECRET + i);
    }
    int commands = gpu.gemNew(PAGE, GemNew.WC);
    long commandsVa = gpu.mmap(commands, PAGE);
    int[] buffers = new int[BUFFERS];
    long[] iovas = new long[BUFFERS];
    long[] vas = new long[BUFFERS];
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = gpu.gemNew(PAGE, GemNew.WC);
      iovas[i] = gpu.iova(buffers[i]);
      vas[i] = gpu.mmap(buffers[i], PAGE);
      own.store32(vas[i], SECRET + 0x100 + i);
    }
    for (int round = 1; !isOver(); round++) {
      int which = round % BUFFERS;
      long at = iovas[which] + 8;
      ImmutableIntArray dwords = gpu.stream().memWrite(at, round).dwords();
      for (int i = 0; i < dwords.length(); i++) {
        own.store32(commandsVa + 4L * i, dwords.get(i));
      }
      int fence =
          gpu.submit(
              0,
              List.of(
                  new GemSubmitBo(GemSubmitBo.READ, commands, 0),
                  new GemSubmitBo(RawMsm.READ_WRITE, buffers[which], 0)),
              4 * dwords.length());
      gpu.await(0, fence, LONG_NS);
      expect("job " + round, own.load32(vas[which] + 8), round);
      for (int i = 0; i < BUFFERS; i++) {
        expect("buffer " + i, own.load32(vas[i]), SECRET + 0x100 + i);
        expect("buffer " + i + " + 4", own.load32(vas[i] + 4), 0);
      }
      for (int i = 0; i < PAGES; i++) {
        expect("page " + i, own.load32(memory + (long) i * PAGE), SECRET + i);
        expect("page " + i + " + 4", own.load32(memory + (long) i * PAGE + 4), 0);
      }
      machine.scheduler().sleep(5_000);
    }
    expect("the count of hangs that it is blamed for", gpu.queueFaults(0), 0);
  }
}
