package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.DrmDevice;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/**
 * Root takes drivers off the components of the Exynos card and gives them back, by sysfs, while
 * processes that share open files draw, scale and show by chance: the machine goes on, nothing is
 * left of anybody, and in the end the card is there again.
 */
class BindDuringAttackTest {
  private static final int PROCESSES = 3;
  private static final int CALLS = 60;
  private static final int TURNS = 8;

  private static final ImmutableList<String> COMPONENTS =
      ImmutableList.of(
          "13800000.decon",
          "13900000.dsi",
          "13930000.mic",
          "exynos-drm-vidi",
          "12480000.g2d",
          "13c00000.video-scaler",
          "13c20000.video-scaler");

  private final long[] accepted = {0};

  @ParameterizedTest
  @CsvSource({
    "1, bind-task, dma-dev-default",
    "2, bind-task, own-allocator",
    "3, bind-task, subsystem-ops",
    "4, shared, dma-dev-default",
    "5, shared, own-allocator",
    "6, bind-task, dma-dev-default",
    "7, shared, subsystem-ops",
    "8, bind-task, arm-mapping",
  })
  void theCardComesBackAndNothingIsLeft(int seed, String tables, String mapping) throws Exception {
    KernelConfig config =
        KernelConfig.defaults()
            .with("schedule", "random")
            .with("seed", "" + seed)
            .with("exynos.pagetables", tables)
            .with("exynos.mapping", mapping)
            .with("exynos.vidi", "y");
    try (Machine machine = Machine.on(new Boards().load("tm2")).config(config).boot()) {
      machine.settle();
      machine.spawn("attackers", own -> breed(machine, own, seed));
      machine.spawn("admin", true, root -> rebind(machine, root, seed), _ -> {});

      machine.settle();

      assertThat(machine.processes().all()).isEmpty();
      assertThat(accepted[0]).isGreaterThan(10L);
      PlatformDevice card = requireNonNull(machine.devices().find("exynos-drm"));
      assertWithMessage("the card").that(card.find(DrmDevice.class)).isNotNull();
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

  private void breed(Machine machine, Client own, int seed) {
    try {
      List<Integer> render = List.of(own.open(RandomExynosClient.NODE));
      List<Integer> cards = List.of(own.openNonblocking(RandomKmsClient.NODE));
      for (int i = 0; i < PROCESSES; i++) {
        long chance = seed * 31_000_003L + i;
        int _ =
            own.fork(child ->
                live(machine, child, new RandomExynosClient(machine, child, render, chance)));
        int _ =
            own.fork(
                child -> live(machine, child, new RandomKmsClient(machine, child, cards, chance)));
      }
    } catch (ErrnoException e) {
      throw new IllegalStateException(e);
    }
  }

  private void live(Machine machine, Client own, RandomCaller caller) {
    machine.allowDeath(own);
    for (int i = 0; i < CALLS; i++) {
      accepted[0] += caller.isAccepted() ? 1 : 0;
    }
  }

  private static void rebind(Machine machine, Client root, int seed) {
    Random random = new Random(seed);
    for (int turn = 0; turn < TURNS; turn++) {
      String name = COMPONENTS.get(random.nextInt(COMPONENTS.size()));
      PlatformDevice device = requireNonNull(machine.devices().find(name));
      String driver = requireNonNull(device.driver()).name();
      try {
        machine.scheduler().sleep(random.nextInt(4_000_000));
        write(root, driver, "unbind", name);
        machine.scheduler().sleep(random.nextInt(2_000_000));
        write(root, driver, "bind", name);
      } catch (ErrnoException e) {
        throw new IllegalStateException(name + ": " + e.reason(), e);
      }
    }
  }

  private static void write(Client root, String driver, String file, String name)
      throws ErrnoException {
    int fd = root.openForWriting("/sys/bus/platform/drivers/" + driver + "/" + file);
    root.write(fd, name.getBytes(UTF_8));
    root.close(fd);
  }
}
