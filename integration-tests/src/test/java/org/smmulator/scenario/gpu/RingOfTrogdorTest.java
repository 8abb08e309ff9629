package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.attacks.RawMsm;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.drm.msm.MsmRingbuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.userspace.Client;

/**
 * The ring of the board {@code trogdor} against that of a real one: an SC7180 with Linux 5.19, from
 * {@code crash_prefetch.devcore} of the Mesa project (MIT licence): the start of its ring, and two
 * jobs of two processes (dwords 12 to 82, and 113 to 183), each with four command buffers.
 */
class RingOfTrogdorTest {
  private static final int[] START = {
    0x70c80008,
    0x0000002f,
    0x00000003,
    0x20000000,
    0x00000000,
    0x00000000,
    0x00000000,
    0x00000000,
    0x00000000,
    0x70620002,
    0x00011000,
    0x00010000
  };

  private static final int[] FIRST_JOB = {
    0x70df0001, 0x00000000, 0x40050e01, 0x00000001, 0x70d30004, 0x6d0e5000, 0x00000001,
    0x00000000, 0x00000000, 0x703d0004, 0x00000808, 0x00010000, 0x6d0e5000, 0x00000001,
    0x70460001, 0x00000031, 0x70bc8006, 0x00000003, 0x0000050f, 0x00000000, 0x00000001,
    0x00000001, 0x00000000, 0x70df0001, 0x00000001, 0x703e8003, 0x40080400, 0x000007e8,
    0x00010000, 0x703e8003, 0x40080980, 0x000007f8, 0x00010000, 0x70460001, 0x00000018,
    0x70460001, 0x00000019, 0x70bf8003, 0x000e3000, 0x00000001, 0x00000174, 0x70bf8003,
    0x00223000, 0x00000001, 0x000000dd, 0x70bf8003, 0x0022d000, 0x00000001, 0x00000ffe,
    0x70bf8003, 0x00231000, 0x00000001, 0x00000fb0, 0x703e8003, 0x40080400, 0x000007f0,
    0x00010000, 0x703e8003, 0x40080980, 0x00000800, 0x00010000, 0x48088501, 0x0003dc3f,
    0x70460004, 0x80000004, 0x00000004, 0x00010000, 0x0003dc3f, 0x70620002, 0x00011000,
    0x00010000
  };

  private static final int[] SECOND_JOB = {
    0x70df0001, 0x00000000, 0x40050e01, 0x00000001, 0x70d30004, 0x2db9b000, 0x00000001,
    0x00000000, 0x00000000, 0x703d0004, 0x00000808, 0x00010000, 0x2db9b000, 0x00000001,
    0x70460001, 0x00000031, 0x70bc8006, 0x00000003, 0x0000050f, 0x00000000, 0x00000001,
    0x00000001, 0x00000000, 0x70df0001, 0x00000001, 0x703e8003, 0x40080400, 0x000003a8,
    0x00010000, 0x703e8003, 0x40080980, 0x000003b8, 0x00010000, 0x70460001, 0x00000018,
    0x70460001, 0x00000019, 0x70bf8003, 0x000e3000, 0x00000001, 0x00000223, 0x70bf8003,
    0x00223000, 0x00000001, 0x000000f3, 0x70bf8003, 0x0022d000, 0x00000001, 0x00000fff,
    0x70bf8003, 0x00231000, 0x00000001, 0x00001054, 0x703e8003, 0x40080400, 0x000003b0,
    0x00010000, 0x703e8003, 0x40080980, 0x000003c0, 0x00010000, 0x48088501, 0x0003db5d,
    0x70460004, 0x80000004, 0x00000004, 0x00010000, 0x0003db5d, 0x70620002, 0x00011000,
    0x00010000
  };

  private static final long BUFFER_BYTES = 0x5000;

  private Machine trogdor;

  @BeforeEach
  void boot() throws Exception {
    trogdor = Machine.on(new Boards().load("trogdor")).boot();
  }

  @AfterEach
  void close() {
    trogdor.close();
  }

  @Test
  void theRingIsWhereTheRealOneIs() {
    assertThat(ring().iova()).isEqualTo(0x0001000000001000L);
    assertThat(ring().memptr(0)).isEqualTo(0x0001000000000000L);
  }

  @Test
  void theJobsOfTwoProcessesAreTheSamePacketsInTheSameOrder() throws Exception {
    List<Long> first = submit(trogdor.host("deqp-vk"), FIRST_JOB);
    List<Long> second = submit(trogdor.host("other"), SECOND_JOB);

    List<int[]> ours = packets(dwords());

    List<int[]> expected = packets(START);
    expected.addAll(asOurs(FIRST_JOB, first, 0xffffff01));
    expected.addAll(asOurs(SECOND_JOB, second, 0xffffff02));
    knownDifferences(expected, ours);
    for (int i = 0; i < Math.min(ours.size(), expected.size()); i++) {
      assertWithMessage("packet %s", i).that(hex(ours.get(i))).isEqualTo(hex(expected.get(i)));
    }
    assertThat(ours).hasSize(expected.size());
  }

  /** The same packets with this run's addresses, numbers and tables in place of the real one's. */
  private static List<int[]> asOurs(int[] job, List<Long> iovas, int seqno) {
    List<int[]> packets = packets(job);
    int realSeqno = job[62];
    int stats = (realSeqno & 63) * 32;
    int buffer = 0;
    for (int[] packet : packets) {
      switch (packet[0]) {
        case 0x70bf8003 -> {
          long iova = iovas.get(buffer++);
          packet[1] = (int) iova;
          packet[2] = (int) (iova >>> 32);
        }
        case 0x703e8003 -> packet[2] += (seqno & 63) * 32 - stats;
        case 0x48088501 -> packet[1] = seqno;
        case 0x70460004 -> packet[4] = seqno;
        default -> {}
      }
    }
    return packets;
  }

  /**
   * Rewrites the packets of Linux 5.19 as 7.1.5 has them, and those values that a run is free to
   * choose. Whatever else differs fails the test.
   */
  private static void knownDifferences(List<int[]> expected, List<int[]> ours) {
    int ourShadow = ours.get(1)[1];
    for (int i = 0; i < expected.size(); i++) {
      int[] packet = expected.get(i);
      int[] our = i < ours.size() ? ours.get(i) : new int[8];
      switch (packet[0]) {
        // The table's place in memory is the machine's.
        case 0x70d30004 -> {
          packet[1] = our[1];
          packet[2] = our[2];
        }
        // The context's number follows TTBR0 now, and the place has moved: 4 dwords then, 5 now.
        case 0x703d0004 -> {
          int[] switched = expected.get(i - 1);
          expected.set(
              i,
              new int[] {
                0x703d8005, 0x810, 0x00010000, switched[1], switched[2], our[our.length - 1]
              });
        }
        // memptrs: bv_rptr and bv_fence stand before the statistics now.
        case 0x703e8003 -> packet[2] += 8;
        // The shadow comes after whatever buffers of microcode a driver has.
        case 0x70620002 -> packet[1] = ourShadow;
        default -> {}
      }
    }
  }

  private static List<int[]> packets(int[] dwords) {
    List<int[]> packets = new ArrayList<>();
    for (int at = 0; at < dwords.length; ) {
      assertWithMessage("a header at dword %s", at).that(Pm4.isValid(dwords[at])).isTrue();
      int end = at + 1 + Pm4.count(dwords[at]);
      packets.add(Arrays.copyOfRange(dwords, at, end));
      at = end;
    }
    return packets;
  }

  private static List<String> hex(int[] packet) {
    return Arrays.stream(packet).mapToObj("%08x"::formatted).toList();
  }

  private int[] dwords() {
    MsmRingbuffer ring = ring();
    int[] dwords = new int[ring.writePointer()];
    for (int i = 0; i < dwords.length; i++) {
      dwords[i] = trogdor.dram().getInt(ring.pa() + 4L * i);
    }
    return dwords;
  }

  private MsmRingbuffer ring() {
    DrmDevice drm =
        requireNonNull(requireNonNull(trogdor.devices().find("5000000.gpu")).find(DrmDevice.class));
    return ((MsmDriver) drm.driver()).gpu().ring(0);
  }

  /**
   * Submits a job with as many commands of the same sizes as the real one, all NOPs, and waits.
   *
   * @return the addresses of the commands
   */
  private static List<Long> submit(Client client, int[] real) throws ErrnoException {
    RawMsm msm = new RawMsm(client, client.open(RawMsm.NODE));
    List<GemSubmitBo> bos = new ArrayList<>();
    List<GemSubmitCmd> cmds = new ArrayList<>();
    List<Long> iovas = new ArrayList<>();
    for (int[] packet : packets(real)) {
      if (packet[0] == 0x70bf8003) {
        int buffer = msm.gemNew(BUFFER_BYTES, GemNew.WC);
        client.store32(msm.mmap(buffer, BUFFER_BYTES), Pm4.packet(Pm4Opcode.NOP, packet[3] - 1));
        cmds.add(new GemSubmitCmd(GemSubmitCmd.BUF, bos.size(), 0, packet[3] * 4, 0, 0, 0));
        bos.add(new GemSubmitBo(GemSubmitBo.READ, buffer, 0));
        iovas.add(msm.iova(buffer));
      }
    }
    msm.await(0, msm.submit(0, bos, cmds), 1_000_000_000);
    return iovas;
  }
}
