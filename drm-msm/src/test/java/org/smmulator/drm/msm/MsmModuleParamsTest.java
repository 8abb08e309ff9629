package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;

/** {@code /sys/module/msm/parameters}. */
class MsmModuleParamsTest {
  private static final String DIRECTORY = "/sys/module/msm/parameters/";

  private GpuMachine machine;
  private GpuClient root;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    root = machine.admin("root");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /**
   * Values and modes of {@code module_param()} in Linux, but for {@code separate_gpu_kms}, without
   * which a GPU whose display has no driver has no node.
   */
  @ParameterizedTest
  @CsvSource({
    "rd_full, N",
    "hang_debug, N",
    "enable_eviction, Y",
    "vm_log_shift, 0",
    "num_hw_submissions, 8",
    "address_space_size, 0",
    "enable_preemption, -1",
    "snapshot_debugbus, N",
    "modeset, Y",
    "dumpstate, N",
    "fbdev, Y",
    "separate_gpu_kms, Y",
    "prefer_mdp5, Y",
    "disable_acd, N",
    "skip_gpu, N"
  })
  void eachIsThereWithTheValueOfLinux(String name, String value) throws Exception {
    assertThat(root.readFile(DIRECTORY + name)).isEqualTo(value + "\n");
    Errno others = machine.client("user").openErrno(DIRECTORY + name);
    assertThat(others).isEqualTo(name.equals("prefer_mdp5") ? null : Errno.EACCES);
  }

  /** Kernel: {@code kstrtoull()}, {@code kstrtobool()}. */
  @ParameterizedTest
  @CsvSource({
    "vm_log_shift, 0x10, 16",
    "vm_log_shift, 010, 8",
    "vm_log_shift, 4294967295, 4294967295",
    "address_space_size, 0x100000000, 4294967296",
    "enable_preemption, -2147483648, -2147483648",
    "enable_preemption, 1, 1",
    "enable_eviction, off, N",
    "hang_debug, on, Y",
    "fbdev, 0, N"
  })
  void rootChangesThem(String name, String written, String shown) throws Exception {
    root.writeFile(DIRECTORY + name, written);

    assertThat(root.readFile(DIRECTORY + name)).isEqualTo(shown + "\n");
  }

  /** Kernel: {@code kstrtobool()}. */
  @ParameterizedTest
  @ValueSource(strings = {"rd_full", "hang_debug"})
  void aParameterIsYesOrNo(String name) throws Exception {
    String path = DIRECTORY + name;
    assertThat(root.readFile(path)).isEqualTo("N\n");
    for (String yes : new String[] {"1", "y", "Y\n", "true", "E", "on", "ON\n"}) {
      assertThat(root.writeFile(path, "0")).isNull();
      assertThat(root.writeFile(path, yes)).isNull();
      assertThat(root.readFile(path)).isEqualTo("Y\n");
    }
    for (String no : new String[] {"0", "n", "No\n", "False", "d", "off", "OF"}) {
      assertThat(root.writeFile(path, "1")).isNull();
      assertThat(root.writeFile(path, no)).isNull();
      assertThat(root.readFile(path)).isEqualTo("N\n");
    }
    for (String neither : new String[] {"2", "o", "maybe", "\n"}) {
      assertThat(root.writeFile(path, neither)).isEqualTo(Errno.EINVAL);
    }
    assertThat(machine.client("client").openErrno(path)).isEqualTo(Errno.EACCES);
  }

  @ParameterizedTest
  @CsvSource({
    "vm_log_shift, 4294967296, ERANGE",
    "num_hw_submissions, 4294967296, ERANGE",
    "address_space_size, 18446744073709551616, ERANGE",
    "enable_preemption, 2147483648, ERANGE",
    "vm_log_shift, -1, EINVAL",
    "vm_log_shift, eight, EINVAL",
    "vm_log_shift, 0x, EINVAL",
    "vm_log_shift, 09, EINVAL"
  })
  void whatIsNoNumberIsRefused(String name, String written, Errno errno) {
    assertThat(root.writeFile(DIRECTORY + name, written)).isEqualTo(errno);
  }

  private static long vaSize(GpuClient client) {
    MsmParam asked = new MsmParam(MsmParam.PIPE_3D0, MsmParam.VA_SIZE, 0, 0, 0);
    assertThat(client.error(MsmIoctl.GET_PARAM, MsmParam.LAYOUT, asked::write)).isNull();
    return client.answer(MsmParam::read).value();
  }

  /** Kernel: {@code adreno_private_vm_size()}. */
  @Test
  void filesGetAsManyAddressesAsRootSays() throws Exception {
    GpuClient before = machine.client("before");
    assertThat(vaSize(before)).isEqualTo(4L << 30);

    root.writeFile(DIRECTORY + "address_space_size", "0x20000000");

    assertThat(vaSize(machine.client("after"))).isEqualTo(512L << 20);
    assertThat(vaSize(before)).isEqualTo(4L << 30);
  }

  /**
   * Rings that are made from then on take as many submits as root says: those of a GPU that is
   * bound again. Kernel: {@code msm_ringbuffer_new()}.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 3", "8, 5"})
  void aRingTakesAsManySubmitsAtOnceAsRootSays(String written, int inRing) throws Exception {
    root.writeFile(DIRECTORY + "num_hw_submissions", written);
    assertThat(machine.syscalls.close(root.process, root.fd)).isEqualTo(0);
    machine.rebind();
    GpuClient client = machine.client("client");
    int gate = client.gemNew(4096);
    long _ = client.info(gate, GemInfo.GET_IOVA);

    for (int i = 0; i < 5; i++) {
      int _ = client.submit(GpuClient.hang(), gate);
    }
    machine.scheduler.after(1_000_000, () -> {});
    long soon = machine.scheduler.nowNs() + 1_000_000;
    var _ = machine.scheduler.run(() -> machine.scheduler.nowNs() >= soon);

    assertThat(machine.gpu().ring(0).submits()).hasSize(inRing);
  }
}
