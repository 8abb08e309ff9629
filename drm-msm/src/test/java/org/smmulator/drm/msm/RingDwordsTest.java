package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.DrmFile;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;

/**
 * The dwords of a submit against those of a real device: an SC7180 with Linux 5.19, from Mesa's
 * {@code crash_prefetch.devcore}.
 */
class RingDwordsTest {
  private static final int[] REAL_START = {
    0x70c80008,
    0x0000002f,
    0x00000003,
    0x20000000,
    0,
    0,
    0,
    0,
    0,
    0x70620002,
    0x00011000,
    0x00010000
  };

  private static final int REAL_SEQNO = 0x3dc3f;
  private static final int REAL_TABLE = 0x6d0e5000;
  private static final int REAL_TABLE_HIGH = 0x1;
  private static final int REAL_SHADOW = 0x11000;
  private static final int[] REAL_SUBMIT = {
    0x70df0001, 0x00000000, 0x40050e01, 0x00000001, 0x70d30004, REAL_TABLE, REAL_TABLE_HIGH,
    0x00000000, 0x00000000, 0x703d0004, 0x00000808, 0x00010000, REAL_TABLE, REAL_TABLE_HIGH,
    0x70460001, 0x00000031, 0x70bc8006, 0x00000003, 0x0000050f, 0x00000000, 0x00000001,
    0x00000001, 0x00000000, 0x70df0001, 0x00000001, 0x703e8003, 0x40080400, 0x000007e8,
    0x00010000, 0x703e8003, 0x40080980, 0x000007f8, 0x00010000, 0x70460001, 0x00000018,
    0x70460001, 0x00000019, 0x70bf8003, 0x000e3000, 0x00000001, 0x00000174, 0x70bf8003,
    0x00223000, 0x00000001, 0x000000dd, 0x703e8003, 0x40080400, 0x000007f0, 0x00010000,
    0x703e8003, 0x40080980, 0x00000800, 0x00010000, 0x48088501, REAL_SEQNO, 0x70460004,
    0x80000004, 0x00000004, 0x00010000, REAL_SEQNO, 0x70620002, REAL_SHADOW, 0x00010000
  };

  private GpuMachine machine;
  private GpuClient client;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    client = machine.client("client");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void theRingIsWhereTheRealOneIs() {
    assertThat(machine.gpu().ring(0).iova()).isEqualTo(0x0001000000001000L);
    assertThat(machine.gpu().ring(0).memptr(0)).isEqualTo(0x0001000000000000L);
  }

  @Test
  void aSubmitDiffersFromTheRealOnesInWhatIsListedHereOnly() throws Exception {
    int first = client.commands(0x70108000, 0x70108000);
    int second = client.commands(0x70108000);
    long[] iovas = {client.info(first, GemInfo.GET_IOVA), client.info(second, GemInfo.GET_IOVA)};
    client.bos(first, second);
    client.store(
        GpuClient.CMDS,
        GemSubmitCmd.LAYOUT,
        new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 8, 0, 0, 0)::write);
    client.store(
        GpuClient.CMDS + 32,
        GemSubmitCmd.LAYOUT,
        new GemSubmitCmd(GemSubmitCmd.BUF, 1, 0, 4, 0, 0, 0)::write);

    assertThat(
            client.ioctl(MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT, client.submitArgs(0, 2, 2)::write))
        .isEqualTo(0);
    assertThat(client.waitFence(1)).isNull();

    List<String> expected = new ArrayList<>();
    for (int dword : REAL_START) {
      expected.add(hex(dword == REAL_SHADOW ? 0x9000 : dword)); // no microcode in between
    }
    MsmContext context = MsmContext.of(drmFile());
    expected.addAll(realSubmitAsOurs(context, iovas));
    assertThat(ring()).containsExactlyElementsIn(expected).inOrder();
  }

  /** The real dwords, with this submit's values, and each difference that is known. */
  private static List<String> realSubmitAsOurs(MsmContext context, long[] iovas) throws Exception {
    long ttbr0 = context.vm().mmu().pagetableBase();
    int seqno = 0xffffff01;
    int realStats = 8 + (REAL_SEQNO & 63) * 32;
    int stats = 16 + (seqno & 63) * 32;
    List<String> ours = new ArrayList<>();
    int buffer = 0;
    for (int i = 0; i < REAL_SUBMIT.length; i++) {
      int dword = REAL_SUBMIT[i];
      switch (dword) {
        // This submit's values.
        case REAL_TABLE -> ours.add(hex((int) ttbr0));
        case REAL_SEQNO -> ours.add(hex(seqno));
        case 0x000e3000, 0x00223000 -> ours.add(hex((int) iovas[buffer++]));
        case 0x174 -> ours.add(hex(2));
        case 0xdd -> ours.add(hex(1));
        // Linux 7.1 against 5.19: memptrs moved, ...
        case 0x808 -> ours.add(hex(0x810));
        case 0x7e8, 0x7f0, 0x7f8, 0x800 -> ours.add(hex(dword - realStats + stats));
        // ... and the context's number follows the table's address.
        case 0x703d0004 -> ours.add(hex(0x703d8005));
        // This simulator: no buffer with microcode before the shadow.
        case REAL_SHADOW -> ours.add(hex(0x9000));
        default -> {
          boolean tableHigh = i > 0 && REAL_SUBMIT[i - 1] == REAL_TABLE;
          ours.add(hex(tableHigh ? (int) (ttbr0 >>> 32) : dword));
          if (tableHigh && REAL_SUBMIT[i - 3] == 0x808) {
            ours.add(hex(context.seqno()));
          }
        }
      }
    }
    return ours;
  }

  private DrmFile drmFile() throws Exception {
    return (DrmFile) client.process.files().file(client.fd).operations();
  }

  private List<String> ring() {
    MsmRingbuffer ring = machine.gpu().ring(0);
    List<String> dwords = new ArrayList<>();
    for (int i = 0; i < ring.writePointer(); i++) {
      dwords.add(hex(machine.dram.getInt(ring.pa() + 4L * i)));
    }
    return dwords;
  }

  private static String hex(int dword) {
    return "%08x".formatted(dword);
  }

  @Test
  void theTableIsSwitchedForAnotherContextOnly() throws Exception {
    GpuClient other = machine.client("other");

    assertThat(client.waitFence(client.submit(new int[] {0x70108000}))).isNull();
    assertThat(client.waitFence(client.submit(new int[] {0x70108000}))).isNull();
    assertThat(other.waitFence(other.submit(new int[] {0x70108000}))).isNull();
    assertThat(client.waitFence(client.submit(new int[] {0x70108000}))).isNull();

    assertThat(ring().stream().filter("70d30004"::equals).count()).isEqualTo(3);
  }

  @Test
  void aProfilersCountersAreNotClearedByASwitch() throws Exception {
    GpuClient root = machine.admin("root");
    var sysprof = new MsmParam(0x10, 0x0b, 1, 0, 0);
    assertThat(root.ioctl(MsmIoctl.SET_PARAM, MsmParam.LAYOUT, sysprof::write)).isEqualTo(0);

    assertThat(client.waitFence(client.submit(new int[] {0x70108000}))).isNull();

    assertThat(ring()).contains("70d30004");
    assertThat(ring()).doesNotContain("40050e01");
  }

  @Test
  void aRingThatGoesRoundStillServes() throws Exception {
    // About 60 dwords each: 8192 dwords hold 130 of them.
    int fence = 0;
    for (int i = 0; i < 300; i++) {
      fence = client.submit(new int[] {0x70108000});
    }

    assertThat(client.waitFence(fence)).isNull();
  }
}
