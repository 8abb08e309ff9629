package org.smmulator.attacks;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.scenario.CopyNode;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.userspace.Client;

/** A client of a copy engine, which copies for it all the while. */
final class CopyVictim extends Victim {
  private static final String NODE = "/dev/copy0";
  private static final int SECRET = 0x5ec2_0000;
  private static final int PAGE = 4096;
  private static final int PAGES = 8;

  CopyVictim(Machine machine) throws ErrnoException {
    super(machine);
  }

  @Override
  void live(Client own) throws ErrnoException {
    CopyNode engine = CopyNode.open(own, NODE);
    CopyAlloc from = engine.alloc(PAGE);
    CopyAlloc to = engine.alloc(PAGE);
    long memory = own.mmapAnonymous((long) PAGES * PAGE, 3);
    for (int i = 0; i < PAGES; i++) {
      own.store32(memory + (long) i * PAGE, SECRET + i);
    }
    long fromVa = engine.mmap(from);
    long toVa = engine.mmap(to);
    for (int round = 1; !isOver(); round++) {
      own.store32(fromVa, round);
      engine.copy(from.address(), to.address(), 8, 0);
      expect("what was copied", own.load32(toVa), round);
      expect("the buffer behind it", own.load32(toVa + 8), 0);
      for (int i = 0; i < PAGES; i++) {
        expect("page " + i, own.load32(memory + (long) i * PAGE), SECRET + i);
        expect("page " + i + " + 4", own.load32(memory + (long) i * PAGE + 4), 0);
      }
      machine.scheduler().sleep(20_000);
    }
  }
}
