package org.smmulator.scenario.exynos;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.junit.Board;
import org.smmulator.junit.Schedules;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;

/**
 * Root takes a driver off a component and gives it back by writes to sysfs, while clients are
 * there. Kernel: {@code bind_store()}, {@code unbind_store()} in {@code drivers/base/bus.c}.
 */
class BindByHandTest {
  private static final String DRIVERS = "/sys/bus/platform/drivers/";
  private static final String G2D = DRIVERS + "exynos-drm-g2d/";

  private static void write(Client root, String path, String text) throws ErrnoException {
    int fd = root.openForWriting(path);
    try {
      assertThat(root.write(fd, text.getBytes(UTF_8))).isEqualTo(text.length());
    } finally {
      root.close(fd);
    }
  }

  private static String errnoOf(Client client, String path, String text) {
    try {
      write(client, path, text);
      return "0";
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  @Test
  void theCardGoesWithAComponentAndComesBackWithIt() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client root = tm2.machine.hostRoot("admin");
      ExynosDevice before = tm2.open(tm2.machine.host("before"));
      assertThat(root.readdir(G2D)).contains(Tm2.G2D);

      write(root, G2D + "unbind", Tm2.G2D + "\n");

      assertThat(root.readdir(G2D)).doesNotContain(Tm2.G2D);
      var gone = assertThrows(ErrnoException.class, () -> before.newBuffer(4096, 0));
      assertThat(gone.errno().name()).isEqualTo("ENODEV");
      assertThat(root.readdir("/dev/dri")).doesNotContain("card0");
      before.client().exit();

      write(root, G2D + "bind", Tm2.G2D);

      assertThat(root.readdir("/dev/dri")).contains("card0"); // the number is free again

      assertThat(root.readdir(G2D)).contains(Tm2.G2D);
      ExynosDevice after = tm2.open(tm2.machine.host("after"));
      assertThat(after.newBuffer(4096, 0).handle()).isGreaterThan(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exynos-drm-g2d/unbind, 1, ENODEV", // there is no such device
    "exynos-drm-g2d/unbind, 13800000.decon, ENODEV", // which another driver has
    "exynos-drm-g2d/unbind, 12480000.g2, ENODEV", // no prefix will do
    "exynos-drm-g2d/bind, 13800000.decon, ENODEV", // which the driver does not want
    "exynos-drm-g2d/bind, 12480000.g2d, EBUSY", // which it has
    "exynos-drm-g2d/nothing, 12480000.g2d, ENOENT",
    "exynos-sysmmu/unbind, 13a00000.sysmmu, ENOENT", // suppress_bind_attrs
    "arm-smmu/unbind, 5040000.iommu, ENOENT",
    "arm-smmu-v3/bind, 5040000.iommu, ENOENT",
  })
  void whatCannotBe(String file, String device, String errno) throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client root = tm2.machine.hostRoot("admin");

      assertThat(errnoOf(root, DRIVERS + file, device)).isEqualTo(errno);
      assertThat(errnoOf(root, DRIVERS + file, device + "\n")).isEqualTo(errno);
    }
  }

  @Test
  void onlyRootWritesAndNobodyReads() throws Exception {
    try (Tm2 tm2 = Tm2.boot()) {
      Client root = tm2.machine.hostRoot("admin");
      Client other = tm2.machine.host("other");

      assertThat(errnoOf(other, G2D + "unbind", Tm2.G2D)).isEqualTo("EACCES");
      for (Client reader : List.of(root, other)) {
        var e = assertThrows(ErrnoException.class, () -> reader.openForReading(G2D + "bind"));
        assertThat(e.errno().name()).isEqualTo("EACCES");
      }
      assertThat(root.stat(G2D + "bind").mode() & 0777).isEqualTo(0200);
      assertThat(errnoOf(root, G2D + "unbind", "")).isEqualTo("0"); // sysfs_kf_write() asks nobody
    }
  }

  /** Whatever the schedule: one of two takes the driver off, and one of two gives it back. */
  @Schedules(count = 8)
  void twoWhoDoTheSameAtOnceDoItOnce(@Board("tm2") Machine machine) throws Exception {
    List<String> unbound = new ArrayList<>();
    List<String> bound = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      machine.spawn(
          "admin" + i,
          true,
          root -> {
            unbound.add(errnoOf(root, G2D + "unbind", Tm2.G2D));
            bound.add(errnoOf(root, G2D + "bind", Tm2.G2D));
          },
          _ -> {});
    }
    machine.settle();

    assertThat(unbound).contains("0");
    assertThat(List.of("0", "ENODEV")).containsAtLeastElementsIn(Set.copyOf(unbound));
    assertThat(bound).contains("0");
    assertThat(List.of("0", "EBUSY")).containsAtLeastElementsIn(Set.copyOf(bound));
    assertThat(machine.host("after").readdir("/dev/dri")).contains("card0");
    machine.shutDown();
    assertThat(machine.leakedPages()).isEmpty();
  }
}
