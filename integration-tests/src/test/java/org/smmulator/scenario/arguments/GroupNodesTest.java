package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.Client;

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
