package org.smmulator.drm.msm.coredump;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The text of a dump, held to that of a real device. */
class CrashTextTest {
  /**
   * The start of a dump of an SC7180 that ran Linux 5.19, from the Mesa project's {@code
   * src/freedreno/.gitlab-ci/traces/crash_prefetch.devcore.gz} (MIT licence), with most of its ring
   * and its buffers cut out. Linux has a line more today: the flags of a buffer.
   */
  private static final String REAL =
      """
      ---
      kernel: 5.19.0-rc6+
      module: msm
      time: 1664409608.605779161
      comm: deqp-vk
      cmdline: ./deqp-vk
      gpu-initialized: 1
      revision: 618 (6.1.8.0)
      rbbm-status: 0x00000000
      ringbuffer:
        - id: 0
          iova: 0x0001000000001000
          last-fence: 252991
          retired-fence: 252990
          rptr: 12
          wptr: 83
          size: 32768
          data: !!ascii85 |
           E6&"b!!!!P!!!!$+92BAzzzzzE+/eK!!*W2!!*'"E8LWrz5QqVu!!!!"E74diD%9AB!!!!"zz
      bos:
        - iova: 0x0000000100000000
          size: 532480
          name: NAME
      gmu-log:
      registers:
        - { offset: 0x000840, value: 0x00d315a5 }
      """
          .replace("NAME", " ".repeat(32));

  private static final int[] RING = {
    0x70c80008,
    0x2f,
    3,
    0x20000000,
    0,
    0,
    0,
    0,
    0,
    0x70620002,
    0x11000,
    0x10000,
    0x70df0001,
    0,
    0x40050e01,
    1,
    0x70d30004,
    0x6d0e5000,
    1,
    0,
    0
  };

  private static CrashState state(CrashState.@Nullable Fault fault) {
    return new CrashState(
        true,
        new CrashState.Revision(618, "6.1.8.0"),
        fault,
        ImmutableList.of(),
        0,
        ImmutableList.of(
            new CrashState.Ring(0, 0x0001_0000_0000_1000L, 252991, 252990, 12, 83, withoutTail())),
        ImmutableList.of(new CrashState.Bo(0x1_0000_0000L, 532480, 0x20000, "", null)),
        ImmutableList.of(
            new CrashState.Section.Empty("gmu-log"),
            new CrashState.Section.Registers(
                "registers",
                6,
                ImmutableList.of(new CrashState.Section.Register(0x840, 0x00d315a5)))));
  }

  /** The text stops with the last dword that is not zero. */
  private static int[] withoutTail() {
    return RING.clone();
  }

  @Test
  void itIsTheTextOfARealDevice() {
    String ours =
        CrashText.devcoredump(
            "5.19.0-rc6+", 1664409608_605779161L, "deqp-vk", "./deqp-vk", state(null));

    assertThat(ours.replaceFirst("    flags: 0x20000\n", ""))
        .isEqualTo(REAL.replace("D%9AB!!!!\"zz\n", "D%9AB!!!!\"\n"));
  }

  @Test
  void theDwordsOfARealRingAreDecoded() {
    int[] ring = requireNonNull(DevcoreFile.parse(REAL).sections.get("ringbuffer")).getFirst().data;

    assertThat(ring).isEqualTo(RING);
  }

  /** IGT looks for {@code " - iova="} and compares the digits behind it. */
  @Test
  void aFaultIsShownWithTheTableTheDriverHas() {
    CrashState.Table table =
        new CrashState.Table(0x8a3c_1000L, 0, ImmutableList.of(0x8a3c2003L, 0x8a3c3003L));
    CrashState.Fault fault =
        new CrashState.Fault(0x8a3c_1000L, 0x1_dead_0000L, true, "TRANSLATION", "CP", table);

    String text = CrashText.devcoredump("7.1.5", 0, null, null, state(fault));

    assertThat(text)
        .contains(
            """
            revision: 618 (6.1.8.0)
            fault-info:
              - ttbr0=000000008a3c1000
              - iova=00000001dead0000
              - dir=WRITE
              - type=TRANSLATION
              - source=CP
            pgtable-fault-info:
              - ttbr0: 000000008a3c1000
              - asid: 0
              - ptes: 000000008a3c2003 000000008a3c3003 0000000000000000 0000000000000000
            rbbm-status: 0x00000000
            """);
    assertThat(text).startsWith("---\nkernel: 7.1.5\nmodule: msm\ntime: 0.000000000\ngpu-init");
  }
}
