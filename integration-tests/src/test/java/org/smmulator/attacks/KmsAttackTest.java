package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmMode;

/**
 * Processes that make calls of mode setting by chance, some of them on one open card: the machine
 * goes on, nothing is left of them, and who comes afterwards has a display.
 */
class KmsAttackTest {
  private static final int PROCESSES = 3;
  private static final int CALLS = 120;
  private static final ModeInfo MODE =
      new ModeInfo(100, 64, 66, 68, 70, 0, 16, 18, 20, 22, 0, 0, 0, 0, "64x16");

  /** Makes its calls, on the card that its parent opened and on one of its own. */
  private static long live(Machine machine, Client own, int shared, long chance) {
    machine.allowDeath(own);
    long accepted = 0;
    try {
      List<Integer> cards = new ArrayList<>(List.of(shared));
      cards.add(own.openNonblocking(RandomKmsClient.NODE));
      RandomKmsClient caller = new RandomKmsClient(machine, own, cards, chance);
      for (int i = 0; i < CALLS; i++) {
        accepted += caller.isAccepted() ? 1 : 0;
      }
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
    return accepted;
  }

  @ParameterizedTest
  @CsvSource({"tm2, 1", "tm2, 2", "tm2, 3", "tm2, 4", "snow, 5", "snow, 6", "snow, 8", "snow, 9"})
  void callsByChanceHarmNobody(String board, int seed) throws Exception {
    KernelConfig config =
        KernelConfig.defaults()
            .with("schedule", "random")
            .with("seed", "" + seed)
            .with("exynos.vidi", "y");
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      machine.settle();
      long[] accepted = {0};
      machine.spawn(
          "attackers",
          own -> {
            try {
              int shared = own.openNonblocking(RandomKmsClient.NODE);
              for (int i = 0; i < PROCESSES; i++) {
                long chance = seed * 31_000_003L + i;
                int _ = own.fork(child -> accepted[0] += live(machine, child, shared, chance));
              }
            } catch (ErrnoException e) {
              throw new IllegalStateException(e);
            }
          });

      machine.settle();

      assertThat(machine.processes().all()).isEmpty();
      assertThat(accepted[0]).isGreaterThan(PROCESSES * CALLS / 10L);
      assertThat(show(machine, machine.host("after"))).isEqualTo(0x33_66cc);
      assertWithMessage("warnings")
          .that(
              machine.dmesg().lines().stream()
                  .filter(line -> line.text().contains("WARNING"))
                  .toList())
          .isEmpty();
      machine.shutDown();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  /** Shows a colour, and returns what the panel has. */
  private static int show(Machine machine, Client client) throws ErrnoException {
    LibDrmMode mode = new LibDrmMode(new LibDrm(client, client.open(RandomKmsClient.NODE)));
    DumbBuffer buffer = mode.createDumb(64, 16, 32);
    long at = client.mmap(mode.drm().fd(), mode.mapDumb(buffer.handle()), buffer.sizeBytes());
    client.store32(at, 0xff33_66cc);
    int fb = mode.addFb(64, 16, LibDrmMode.XRGB8888, buffer.handle(), buffer.pitch());
    LibDrmMode.Resources has = mode.resources();
    mode.setCrtc(has.crtcs().getFirst(), fb, has.connectors().getFirst(), MODE);
    int shown = machine.panels().values().asList().getFirst().pixel(0, 0);
    client.exit();
    return shown;
  }
}
