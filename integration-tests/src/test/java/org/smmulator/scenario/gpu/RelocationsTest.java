package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.attacks.RawMsm;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.regs.adreno.Pm4Type3;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.GemSubmitReloc;
import org.smmulator.userspace.Client;

/**
 * Commands in which the client left addresses open, and the kernel writes them: what Mesa did
 * before clients knew where their buffers are. Kernel: {@code submit_reloc()}.
 */
class RelocationsTest {
  private static final int PAGE = 4096;
  private static final long LONG_NS = 1_000_000_000_000L;
  private static final int RELOC_BYTES = (int) GemSubmitReloc.LAYOUT.byteSize();

  /** A client with a page of commands, which is in the table first, and one of data. */
  private static final class Painter {
    final Client client;
    final RawMsm msm;
    final int commands;
    final int data;
    final long iova;
    final long commandsVa;
    final long dataVa;
    private final long relocsVa;

    Painter(Machine machine) throws ErrnoException {
      client = machine.host("painter");
      msm = new RawMsm(client, client.open(RawMsm.NODE));
      commands = msm.gemNew(PAGE, GemNew.WC);
      data = msm.gemNew(PAGE, GemNew.WC);
      iova = msm.iova(data);
      commandsVa = msm.mmap(commands, PAGE);
      dataVa = msm.mmap(data, PAGE);
      relocsVa = client.mmapAnonymous(PAGE, RawMsm.READ_WRITE);
    }

    void commands(int... dwords) {
      for (int i = 0; i < dwords.length; i++) {
        client.store32(commandsVa + 4L * i, dwords[i]);
      }
    }

    int command(int index) {
      return client.load32(commandsVa + 4L * index);
    }

    /** Runs the first {@code dwords} commands, after the kernel has written the addresses. */
    void run(int dwords, GemSubmitReloc... relocs) throws ErrnoException {
      MemorySegment table = MemorySegment.ofArray(new long[RELOC_BYTES / 8 * relocs.length]);
      for (int i = 0; i < relocs.length; i++) {
        relocs[i].write(table, (long) i * RELOC_BYTES);
      }
      client.store(relocsVa, table);
      GemSubmitCmd cmd =
          new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4 * dwords, 0, relocs.length, relocsVa);
      List<GemSubmitBo> bos =
          List.of(
              new GemSubmitBo(GemSubmitBo.READ, commands, 0),
              new GemSubmitBo(RawMsm.READ_WRITE, data, 0));
      msm.await(0, msm.submit(0, bos, List.of(cmd)), LONG_NS);
    }
  }

  private static Machine boot(String board) throws Exception {
    return Machine.on(new Boards().load(board)).boot();
  }

  /** Writes {@code offset} bytes into the data's address to dword {@code index}. */
  private static GemSubmitReloc reloc(int index, int or, int shift, long offset) {
    return new GemSubmitReloc(4 * index, or, shift, 1, offset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"db410c", "db820c"})
  void theGpuWritesWhereTheKernelTookTheAddressFrom(String board) throws Exception {
    try (Machine machine = boot(board)) {
      Painter painter = new Painter(machine);
      if (board.equals("db410c")) {
        painter.commands(Pm4Type3.packet(Pm4Opcode.MEM_WRITE, 2), 0, 0xcafe);
        painter.run(3, reloc(1, 0, 0, 0x10));
      } else {
        painter.commands(Pm4.packet(Pm4Opcode.MEM_WRITE, 3), 0, 0, 0xcafe);
        painter.run(4, reloc(1, 0, 0, 0x10), reloc(2, 0, -32, 0x10));
      }

      assertThat(painter.client.load32(painter.dataVa + 0x10)).isEqualTo(0xcafe);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"db410c", "db820c"})
  void anAddressIsShiftedAndGetsBits(String board) throws Exception {
    try (Machine machine = boot(board)) {
      Painter painter = new Painter(machine);
      painter.commands(nop(board));
      long at = painter.iova + 0x123;

      painter.run(
          1,
          reloc(4, 0, 0, 0x123),
          reloc(4, 0, 0, 0), // the same place again
          reloc(5, 0x8000_0001, 0, 0x123),
          reloc(6, 0, 5, 0x123),
          reloc(7, 3, -5, 0x123),
          reloc(PAGE / 4 - 1, 0, 0, -0x1000));

      assertThat(painter.command(4)).isEqualTo((int) painter.iova);
      assertThat(painter.command(5)).isEqualTo((int) at | 0x8000_0001);
      assertThat(painter.command(6)).isEqualTo((int) (at * 32));
      assertThat(painter.command(7)).isEqualTo((int) (at / 32) | 3);
      assertThat(painter.command(PAGE / 4 - 1)).isEqualTo((int) (painter.iova - 0x1000));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"db410c", "db820c"})
  void whatIsWrongWithOneIsEinvalAndTheOnesBeforeItAreWritten(String board) throws Exception {
    try (Machine machine = boot(board)) {
      Painter painter = new Painter(machine);
      painter.commands(nop(board));
      GemSubmitReloc good = reloc(4, 0, 0, 0);
      GemSubmitReloc[] wrong = {
        new GemSubmitReloc(18, 0, 0, 1, 0), // in the middle of a dword
        new GemSubmitReloc(PAGE, 0, 0, 1, 0), // behind the buffer
        new GemSubmitReloc(-4, 0, 0, 1, 0), // far behind it
        new GemSubmitReloc(12, 0, 0, 1, 0), // before the last one
        new GemSubmitReloc(20, 0, 0, 2, 0), // no buffer of the table
        new GemSubmitReloc(20, 0, 0, -1, 0),
      };
      for (GemSubmitReloc reloc : wrong) {
        painter.client.store32(painter.commandsVa + 16, 0);

        ErrnoException e = assertThrows(ErrnoException.class, () -> painter.run(1, good, reloc));

        assertWithMessage("%s", reloc).that(e.errno()).isEqualTo(Errno.EINVAL);
        assertWithMessage("%s", reloc).that(painter.command(4)).isEqualTo((int) painter.iova);
      }
      painter.run(1, good);
    }
  }

  private static int nop(String board) {
    return board.equals("db410c") ? Pm4Type3.nothing() : Pm4.packet(Pm4Opcode.NOP, 0);
  }
}
