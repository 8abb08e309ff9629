package org.smmulator.scenario.arguments;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.Pm4Stream;

/** {@code /sys/kernel/iommu_groups}, as processes see it. */
class GroupNodesTest {
  private static final String GROUP = "/sys/kernel/iommu_groups/0/";

  @Test
  void anyoneReadsWhatAGroupIsLike() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      Client anyone = trial.machine.host("cat");

      assertThat(read(anyone, GROUP + "type")).isEqualTo("DMA\n");
      assertThat(read(anyone, GROUP + "reserved_regions"))
          .isEqualTo("0x0000000008000000 0x00000000080fffff msi\n");
    }
  }

  @Test
  void onlyRootChangesATypeAndWithADriverBoundOnlyFromStrictToLazy() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      Client anyone = trial.machine.host("cat");
      Client root = trial.machine.hostRoot("echo");
      assertErrno(Errno.EACCES, () -> anyone.open(GROUP + "type"));

      int type = root.open(GROUP + "type");
      assertErrno(Errno.EPERM, () -> root.write(type, "identity".getBytes(UTF_8)));
      assertErrno(Errno.EINVAL, () -> root.write(type, "quick".getBytes(UTF_8)));
      assertThat(root.write(type, "DMA-FQ\n".getBytes(UTF_8))).isEqualTo(7);

      assertThat(read(anyone, GROUP + "type")).isEqualTo("DMA-FQ\n");
      assertErrno(Errno.EPERM, () -> root.write(type, "DMA".getBytes(UTF_8)));
      int usb = anyone.open("/dev/sgusb0");
      byte[] sent = "through a lazy domain".getBytes(UTF_8);
      assertThat(anyone.write(usb, sent)).isEqualTo(sent.length);
      assertThat(anyone.read(usb, sent.length)).isEqualTo(sent);
    }
  }

  @Test
  void debugfsShowsWhatAGroupsTableMapsAndWalksIt() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      String group = "/sys/kernel/debug/iommu/" + trial.group("a040000.video").id() + "/";

      assertThat(trial.read(group + "domain"))
          .startsWith("type unmanaged\nwhere context bank 1\npage sizes 0x2004000\n");
      // Its carve-out: 2 MiB that it reads, 2 MiB that it writes, by pages of 16K.
      assertThat(trial.read(group + "table"))
          .isEqualTo(
              """
              0x0000000010000000-0x00000000101fffff -> 0x000000007f000000 128 x 16K r-
              0x0000000020000000-0x00000000201fffff -> 0x000000007f200000 128 x 16K rw
              """);
      Client root = trial.machine.hostRoot("cat");
      int walk = root.open(group + "walk");
      assertThat(root.write(walk, "0x10004010\n".getBytes(UTF_8))).isEqualTo(11);
      assertThat(trial.read(group + "walk")).endsWith("L3[1] -> pa 0x7f004010\n");

      // The same descriptor tells the answer to the question that was just written to it.
      assertThat(new String(root.read(walk, 4096), UTF_8)).startsWith("0x0000000010004010: ");
      assertThat(root.write(walk, "268435456".getBytes(UTF_8))).isEqualTo(9);
      assertThat(new String(root.pread(walk, 4096, 0), UTF_8)).startsWith("0x0000000010000000: ");
      assertErrno(Errno.EINVAL, () -> root.write(walk, "0x".getBytes(UTF_8)));
      assertErrno(Errno.EINVAL, () -> root.write(walk, "0x10000000000000000".getBytes(UTF_8)));
    }
  }

  @Test
  void debugfsWalksEachAddressThatATableShows() throws Exception {
    try (Trial trial = Trial.on("db845c")) {
      String group = "/sys/kernel/debug/iommu/" + trial.group("5000000.gpu").id() + "/";
      Client root = trial.machine.hostRoot("cat");
      int walk = root.open(group + "walk");

      ImmutableList<String> runs = trial.read(group + "table").lines().collect(toImmutableList());

      assertThat(runs).isNotEmpty();
      for (String run : runs) {
        String iova = run.substring(0, 18);
        String pa = run.substring(run.indexOf("-> 0x") + 5).substring(0, 16);
        assertThat(iova).startsWith("0xffff0000");
        var _ = root.write(walk, iova.getBytes(UTF_8));
        assertThat(new String(root.pread(walk, 4096, 0), UTF_8))
            .matches("(?s)%s: .*-> pa 0x%x\n".formatted(iova, Long.parseLong(pa, 16)));
      }
    }
  }

  @Test
  void theTablesOfTasksHaveTheSameFilesByTheAddressesOfTheirRoots() throws Exception {
    try (Trial trial = Trial.on("db845c")) {
      String tasks = "/sys/kernel/debug/iommu/tasks";
      Client painter = trial.machine.host("painter");
      Client root = trial.machine.hostRoot("cat");
      assertThat(trial.names(tasks)).isEmpty();

      MsmDevice gpu = new MsmDevice(painter, painter.open("/dev/dri/renderD128"));
      MsmBuffer red = gpu.newBuffer(4096, GemNew.WC);
      MsmBuffer blue =
          new MsmDevice(painter, painter.open("/dev/dri/renderD128")).newBuffer(4096, GemNew.WC);
      assertThat(red.iova()).isEqualTo(blue.iova());
      gpu.submit(
              MsmDevice.DEFAULT_QUEUE,
              ImmutableList.of(new MsmDevice.Use(red, GemSubmitBo.WRITE)),
              new Pm4Stream().memWrite(red.iova(), 1))
          .await(1_000_000_000);

      ImmutableList<String> names = trial.names(tasks);
      assertThat(names).hasSize(2);
      String first = tasks + "/" + names.get(0) + "/";
      assertThat(trial.read(first + "task"))
          .isEqualTo("task %s\ndevices 5000000.gpu\npasid 0\n".formatted(painter));
      assertThat(trial.read(first + "table"))
          .containsMatch("0x0000000100000000-0x0000000100000fff -> 0x[0-9a-f]{16} 1 x 4K ");
      assertThat(trial.read(tasks + "/" + names.get(1) + "/table"))
          .isEqualTo("nothing is mapped\n");
      int walk = root.open(first + "walk");
      var _ = root.write(walk, "0x100000004".getBytes(UTF_8));
      assertThat(new String(root.read(walk, 4096), UTF_8))
          .startsWith("0x0000000100000004: L0[0] L1[4] L2[0] L3[0] -> pa 0x");

      painter.exit();
      trial.machine.settle();
      assertThat(trial.names(tasks)).isEmpty();
    }
  }

  private static String read(Client client, String path) throws ErrnoException {
    int fd = client.openForReading(path);
    String text = new String(client.read(fd, 4096), UTF_8);
    client.close(fd);
    return text;
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno);
  }
}
