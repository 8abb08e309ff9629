package org.smmulator.userspace.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Client;

/** The clock of a GPU follows its load, and sysfs shows how. */
class MsmDevfreqTest {
  private static final String DIRECTORY = "/sys/class/devfreq/";
  private static final long MS = 1_000_000;

  /** The GPU stays awake at this level. */
  private static final int AWAKE = 2;

  @ParameterizedTest
  @CsvSource({
    "db410c, 1c00000.gpu, 19200000 400000000",
    "db820c, b00000.gpu, 133000000 214000000 315000000 401800000 510000000 560000000 624000000",
    "db845c, 5000000.gpu, 257000000 342000000 414000000 520000000 596000000 675000000 710000000",
    "trogdor, 5000000.gpu, "
        + "180000000 267000000 355000000 430000000 565000000 650000000 800000000 825000000",
  })
  void anIdleGpuSlowsDownAndABusyOneRunsAsFastAsItGoes(String board, String gpu, String table)
      throws Exception {
    ImmutableList<String> rates = ImmutableList.copyOf(table.split(" ", -1));
    try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
      Client root = machine.hostRoot("root");
      var device = new MsmDevice(root, root.open("/dev/dri/renderD128"));
      String directory = DIRECTORY + gpu + "/";
      assertThat(text(root, directory + "available_frequencies")).isEqualTo(table + "\n");
      assertThat(text(root, directory + "governor")).isEqualTo("simple_ondemand\n");
      assertThat(text(root, directory + "cur_freq")).isEqualTo(rates.getLast() + "\n");
      MsmBuffer buffer = device.newBuffer(4096, GemNew.WC);

      device.setParam(MsmParam.SYSPROF, AWAKE);
      MsmJob idle = submit(device, buffer, device.stream().memWrite(buffer.iova(), 1));
      idle.await(1000 * MS);
      machine.run(() -> machine.scheduler().nowNs() > 120 * MS);

      assertThat(text(root, directory + "cur_freq")).isEqualTo(rates.getFirst() + "\n");

      MsmJob busy = submit(device, buffer, device.stream().waitUntilEqual(buffer.iova(), 7));
      assertErrno(Errno.ETIMEDOUT, () -> busy.await(200 * MS));

      assertThat(text(root, directory + "cur_freq")).isEqualTo(rates.getLast() + "\n");
      assertThat(text(root, directory + "trans_stat")).containsMatch("Total transition : [2-9]");
      buffer.store32(0, 7);
      busy.await(1000 * MS);
      device.setParam(MsmParam.SYSPROF, 0);
      machine.settle(); // a GPU that sleeps is not looked at any more
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"db410c, 1c00000.gpu", "db820c, b00000.gpu", "db845c, 5000000.gpu"})
  void aSlowerClockTakesLonger(String board, String gpu) throws Exception {
    try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
      Client root = machine.hostRoot("root");
      var device = new MsmDevice(root, root.open("/dev/dri/renderD128"));
      MsmBuffer buffer = device.newBuffer(4096, GemNew.WC);
      String directory = DIRECTORY + gpu + "/";
      long fast = nsOf(machine, device, buffer);

      String slowest = text(root, directory + "available_frequencies").split(" ", 2)[0];
      write(root, directory + "max_freq", slowest);
      long slow = nsOf(machine, device, buffer);

      assertThat(text(root, directory + "cur_freq")).isEqualTo(slowest + "\n");
      double ratio = (double) device.param(MsmParam.MAX_FREQ) / Long.parseLong(slowest);
      assertThat((double) slow / fast).isWithin(ratio / 4).of(ratio);
    }
  }

  @Test
  void onlyNumbersAreLimitsAndOnlyOneGovernorIsThere() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      Client root = machine.hostRoot("root");
      String directory = DIRECTORY + "5000000.gpu/";

      assertErrno(Errno.EINVAL, () -> write(root, directory + "min_freq", "fast"));
      assertErrno(Errno.EINVAL, () -> write(root, directory + "governor", "performance"));
      write(root, directory + "governor", "simple_ondemand\n");
      write(root, directory + "min_freq", "500000000\n");
      assertThat(text(root, directory + "min_freq")).isEqualTo("520000000\n");
      assertErrno(Errno.EACCES, () -> write(machine.host("user"), directory + "min_freq", "0"));
    }
  }

  /** How long a job of many packets takes on a GPU that is awake. */
  private static long nsOf(Machine machine, MsmDevice device, MsmBuffer buffer) throws Exception {
    Pm4Stream many = device.stream();
    for (int i = 0; i < 2_000; i++) {
      many.memWrite(buffer.iova(), i);
    }
    submit(device, buffer, device.stream().memWrite(buffer.iova(), 0)).await(1000 * MS);
    long startNs = machine.scheduler().nowNs();
    submit(device, buffer, many).await(1000 * MS);
    return machine.scheduler().nowNs() - startNs;
  }

  private static MsmJob submit(MsmDevice device, MsmBuffer buffer, Pm4Stream stream)
      throws Exception {
    int both = GemSubmitBo.READ | GemSubmitBo.WRITE;
    return device.submit(
        MsmDevice.DEFAULT_QUEUE, ImmutableList.of(new MsmDevice.Use(buffer, both)), stream);
  }

  private static String text(Client client, String path) throws ErrnoException {
    int fd = client.openForReading(path);
    String content = new String(client.read(fd, 4096), UTF_8);
    client.close(fd);
    return content;
  }

  private static void write(Client client, String path, String text) throws ErrnoException {
    int fd = client.openForWriting(path);
    try {
      var _ = client.write(fd, text.getBytes(UTF_8));
    } finally {
      client.close(fd);
    }
  }

  private static void assertErrno(Errno expected, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(expected);
  }

  /** Kernel: {@code msm_debugfs_gpu_init()}, {@code devfreq_simple_ondemand_func()}. */
  @ParameterizedTest
  @CsvSource({"db845c, N", "trogdor, Y"})
  void rootTunesItInDebugfs(String board, String clamps) throws Exception {
    String debugfs = "/sys/kernel/debug/dri/0/devfreq/";
    try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
      Client root = machine.hostRoot("root");
      var device = new MsmDevice(root, root.open("/dev/dri/renderD128"));
      assertThat(text(root, debugfs + "idle_clamp")).isEqualTo(clamps + "\n");
      assertThat(text(root, debugfs + "upthreshold")).isEqualTo("50\n");
      assertThat(text(root, debugfs + "downdifferential")).isEqualTo("10\n");
      String rate = DIRECTORY + "5000000.gpu/cur_freq";
      String fastest = text(root, rate);
      MsmBuffer buffer = device.newBuffer(4096, GemNew.WC);

      write(root, debugfs + "idle_clamp", "N");
      write(root, debugfs + "upthreshold", "101"); // no load is as high: nothing is decided
      device.setParam(MsmParam.SYSPROF, AWAKE);
      submit(device, buffer, device.stream().memWrite(buffer.iova(), 1)).await(1000 * MS);
      machine.run(() -> machine.scheduler().nowNs() > 120 * MS);
      assertThat(text(root, rate)).isEqualTo(fastest);

      write(root, debugfs + "upthreshold", "0"); // as the governor likes it
      machine.run(() -> machine.scheduler().nowNs() > 240 * MS);
      assertThat(text(root, rate)).isNotEqualTo(fastest);
      write(root, debugfs + "idle_clamp", "Y");
      submit(device, buffer, device.stream().memWrite(buffer.iova(), 1)).await(1000 * MS);
    }
  }
}
