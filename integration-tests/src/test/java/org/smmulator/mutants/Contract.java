package org.smmulator.mutants;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.scenario.CopyNode;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmDevice.Use;
import org.smmulator.userspace.msm.Pm4Stream;

/** Promises to every client, under each design. */
enum Contract {
  /** Two processes use one address; each job lands in its own process's buffer. */
  EACH_PROCESS_SEES_ITS_OWN_MEMORY {
    @Override
    void check(Machine machine) throws ErrnoException {
      MsmDevice painter = open(machine, "painter");
      MsmDevice reader = open(machine, "reader");
      MsmBuffer canvas = buffer(painter);
      MsmBuffer page = buffer(reader);
      assertThat(page.iova()).isEqualTo(canvas.iova());

      for (int round = 1; round <= 3; round++) {
        write(painter, canvas, 0xcafe0000 + round);
        write(reader, page, 0xbeef0000 + round);
        assertThat(canvas.load32(AT)).isEqualTo(0xcafe0000 + round);
        assertThat(page.load32(AT)).isEqualTo(0xbeef0000 + round);
      }
      end(painter, reader);
    }
  },

  /** A buffer that was closed is out of the GPU's reach; the next one at its address is not. */
  A_CLOSED_BUFFER_IS_OUT_OF_REACH {
    @Override
    void check(Machine machine) throws ErrnoException {
      MsmDevice painter = open(machine, "painter");
      MsmBuffer first = buffer(painter);
      long iova = first.iova();
      write(painter, first, 0x1111);
      first.close();
      MsmBuffer second = buffer(painter);
      assertThat(second.iova()).isEqualTo(iova);

      write(painter, second, 0x2222);

      assertThat(second.load32(AT)).isEqualTo(0x2222);
      end(painter);
    }
  },

  /** A job's writes are in memory when its fence has signalled, and no access has faulted. */
  A_JOB_READS_AND_WRITES_EVERY_PAGE_OF_ITS_BUFFERS {
    @Override
    void check(Machine machine) throws ErrnoException {
      MsmDevice painter = open(machine, "painter");
      MsmBuffer from = buffer(painter);
      MsmBuffer to = buffer(painter);
      Pm4Stream stream = new Pm4Stream();
      for (int page = 0; page < BYTES / 4096; page++) {
        from.store32(page * 4096L, 0x7000 + page);
        stream.memCopy(to.iova() + page * 4096L, from.iova() + page * 4096L);
      }

      submit(painter, stream, from, to);

      for (int page = 0; page < BYTES / 4096; page++) {
        assertWithMessage("page %s", page).that(to.load32(page * 4096L)).isEqualTo(0x7000 + page);
      }
      assertThat(faults(machine)).isEmpty();
      end(painter);
    }
  },

  /** Each mistake gets the errno that Linux gives it. */
  EACH_MISTAKE_HAS_ITS_ERRNO {
    @Override
    void check(Machine machine) throws ErrnoException {
      MsmDevice painter = open(machine, "painter");
      MsmBuffer buffer = buffer(painter);

      assertThat(errno(() -> painter.newBuffer(0, GemNew.WC))).isEqualTo(EINVAL);
      assertThat(errno(() -> painter.newBuffer(4096, 0x40000000))).isEqualTo(EINVAL);
      assertThat(errno(() -> painter.closeQueue(0))).isEqualTo(ENOENT);
      assertThat(errno(() -> painter.submit(99, ImmutableList.of(), new Pm4Stream().nop(1))))
          .isEqualTo(ENOENT);
      assertThat(errno(() -> painter.submit(0, ImmutableList.of(new Use(buffer, 0)), nothing())))
          .isEqualTo(EINVAL);
      end(painter);
    }
  },

  /** A process that ends gives back every page that was made for it. */
  A_PROCESS_THAT_ENDS_LEAVES_NOTHING {
    @Override
    void check(Machine machine) throws ErrnoException {
      MsmDevice painter = open(machine, "painter");
      write(painter, buffer(painter), 1);

      end(painter);

      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
    }
  },

  /** An engine in a process's address space cannot reach a page that the process has unmapped. */
  A_PAGE_THAT_WAS_UNMAPPED_IS_OUT_OF_THE_ENGINES_REACH("virt") {
    @Override
    void check(Machine machine) throws ErrnoException {
      checkUnmap(machine, "/dev/copy0");
    }
  },

  /** The same holds for an engine that caches translations itself. */
  A_PAGE_THAT_WAS_UNMAPPED_IS_FORGOTTEN_BY_AN_ENGINE_WITH_ATS("virt") {
    @Override
    void check(Machine machine) throws ErrnoException {
      checkUnmap(machine, "/dev/copy2");
    }
  },

  /** A PASID that a dead process had leads to the memory of the process that has it now. */
  A_PASID_THAT_COMES_BACK_LEADS_TO_ITS_NEW_PROCESS("virt") {
    @Override
    void check(Machine machine) throws ErrnoException {
      CopyNode first = CopyNode.open(machine.host("first"), "/dev/copy0");
      CopyNode next = CopyNode.open(machine.host("next"), "/dev/copy0");
      long old = memory(first.client(), SECRET);
      long own = memory(next.client(), 0x600d);
      assertThat(own).isEqualTo(old);
      first.copy(old, old + 8, Integer.BYTES, CopyRun.PROCESS);
      first.client().exit();

      Errno errno = outcome(() -> next.copy(own, own + 8, Integer.BYTES, CopyRun.PROCESS));

      assertThat(errno).isNull();
      assertThat(next.client().load32(own + 8)).isEqualTo(0x600d);
      next.client().exit();
    }
  };

  private static final int SECRET = 0x5ec2e7;

  private static final long BYTES = 64 << 10;
  private static final long AT = 0x10;
  private static final long TIMEOUT_NS = 5_000_000_000L;

  private final String board;

  Contract() {
    this("db845c");
  }

  Contract(String board) {
    this.board = board;
  }

  /** Returns the board that it is checked on. */
  String board() {
    return board;
  }

  /** Fails, as a test does, if the machine does not keep the contract. */
  abstract void check(Machine machine) throws ErrnoException;

  private static void checkUnmap(Machine machine, String node) throws ErrnoException {
    CopyNode thief = CopyNode.open(machine.host("thief"), node);
    Client owner = machine.host("owner");
    long target = memory(thief.client(), 0);
    long gone = memory(thief.client(), 1);
    thief.copy(gone, target, Integer.BYTES, CopyRun.PROCESS);
    thief.client().munmap(gone, 4096);
    for (int i = 0; i < 4; i++) {
      var _ = memory(owner, SECRET); // one of these is the page that was given back
    }

    Errno errno = outcome(() -> thief.copy(gone, target, Integer.BYTES, CopyRun.PROCESS));

    assertThat(thief.client().load32(target)).isNotEqualTo(SECRET);
    assertThat(errno).isEqualTo(EIO);
    thief.client().exit();
    owner.exit();
  }

  private static MsmDevice open(Machine machine, String comm) throws ErrnoException {
    Client client = machine.host(comm);
    return new MsmDevice(client, client.open("/dev/dri/renderD128"));
  }

  private static MsmBuffer buffer(MsmDevice device) throws ErrnoException {
    return device.newBuffer(BYTES, GemNew.WC);
  }

  private static void write(MsmDevice device, MsmBuffer to, int value) throws ErrnoException {
    submit(device, new Pm4Stream().memWrite(to.iova() + AT, value), to);
  }

  private static void submit(MsmDevice device, Pm4Stream stream, MsmBuffer... buffers)
      throws ErrnoException {
    ImmutableList.Builder<Use> table = ImmutableList.builder();
    for (MsmBuffer buffer : buffers) {
      table.add(new Use(buffer, GemSubmitBo.READ | GemSubmitBo.WRITE));
    }
    device.submit(MsmDevice.DEFAULT_QUEUE, table.build(), stream).await(TIMEOUT_NS);
  }

  private static Pm4Stream nothing() {
    return new Pm4Stream().nop(1);
  }

  private static void end(MsmDevice... devices) {
    for (MsmDevice device : devices) {
      device.client().exit();
    }
  }

  private static ImmutableList<String> faults(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .filter(text -> text.contains("gpu fault") || text.contains("context fault"))
        .collect(ImmutableList.toImmutableList());
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  /** A page of the process's own, with {@code value} at its start. */
  private static long memory(Client client, int value) throws ErrnoException {
    long va = client.mmapAnonymous(4096, 3);
    client.store32(va, value);
    return va;
  }

  private static @Nullable Errno outcome(Call call) {
    try {
      call.run();
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private static Errno errno(Call call) {
    return assertThrows(ErrnoException.class, call::run).errno();
  }
}
