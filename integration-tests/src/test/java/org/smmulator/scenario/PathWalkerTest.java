package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smmulator.junit.Board;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.FileStat;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/**
 * A client that looks for its GPU by paths before it opens anything, as libdrm's {@code
 * drmGetDevices2()} does, and what a tool reads about clients.
 */
class PathWalkerTest {
  /** A device as {@code drmDevicePtr} shows it. */
  private record Found(
      String subsystem, String fullname, List<String> compatible, List<String> nodes) {}

  private static String text(Client client, String path) throws ErrnoException {
    int fd = client.openForReading(path);
    try {
      StringBuilder all = new StringBuilder();
      byte[] part = client.read(fd, 4096);
      while (part.length > 0) {
        all.append(new String(part, UTF_8));
        part = client.read(fd, 4096);
      }
      return all.toString();
    } finally {
      client.close(fd);
    }
  }

  private static Map<String, String> uevent(Client client, String path) throws ErrnoException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(text(client, path))) {
      List<String> pair = Splitter.on('=').limit(2).splitToList(line);
      values.put(pair.getFirst(), pair.getLast());
    }
    return values;
  }

  /** {@code drmGetDevices2()}: the nodes of {@code /dev/dri}, joined by the device behind them. */
  private static List<Found> drmGetDevices2(Client client) throws ErrnoException {
    Map<String, Found> devices = new LinkedHashMap<>();
    for (String name : client.readdir("/dev/dri")) {
      FileStat stat = client.stat("/dev/dri/" + name);
      if ((stat.mode() & FileStat.S_IFMT) != FileStat.S_IFCHR || stat.major() != 226) {
        continue;
      }
      String base = "/sys/dev/char/" + stat.major() + ":" + stat.minor();
      Map<String, String> node = uevent(client, base + "/uevent");
      assertThat(node.get("DEVNAME")).isEqualTo("dri/" + name);
      assertThat(node.get("MAJOR") + ":" + node.get("MINOR"))
          .isEqualTo(text(client, base + "/dev").trim());
      FileStat minors = client.stat(base + "/device/drm"); // drmNodeIsDRM()
      assertThat(minors.mode() & FileStat.S_IFMT).isEqualTo(FileStat.S_IFDIR);
      String subsystem = client.readlink(base + "/device/subsystem");
      Map<String, String> device = uevent(client, base + "/device/uevent");
      String fullname = device.getOrDefault("OF_FULLNAME", device.get("MODALIAS"));
      List<String> compatible = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(device.getOrDefault("OF_COMPATIBLE_N", "0")); i++) {
        compatible.add(device.get("OF_COMPATIBLE_" + i));
      }
      devices
          .computeIfAbsent(
              fullname,
              full ->
                  new Found(
                      subsystem.substring(subsystem.lastIndexOf('/') + 1),
                      full,
                      compatible,
                      new ArrayList<>()))
          .nodes()
          .add(name);
    }
    return List.copyOf(devices.values());
  }

  @Test
  void theGpuIsFoundByItsNodesWithItsNameInTheDeviceTree(@Board("db845c") Machine machine)
      throws Exception {
    Client client = machine.host("libdrm");

    Found gpu = drmGetDevices2(client).getFirst();

    assertThat(gpu.subsystem()).isEqualTo("platform");
    assertThat(gpu.fullname()).endsWith("/gpu@5000000");
    assertThat(gpu.compatible()).containsExactly("qcom,adreno-630.2", "qcom,adreno").inOrder();
    assertThat(gpu.nodes()).containsExactly("card0", "renderD128").inOrder();
  }

  @Test
  void aDeviceThatNoTreeToldOfHasItsModalias(@Board("tm2") Machine machine) throws Exception {
    Client client = machine.host("libdrm");

    Found exynos = drmGetDevices2(client).getFirst();

    assertThat(exynos.fullname()).isEqualTo("platform:exynos-drm");
    assertThat(exynos.compatible()).isEmpty();
  }

  @Test
  void everyPathLeadsToTheSameDevice(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("walker");

    String gpu = client.readlink("/sys/bus/platform/devices/5000000.gpu");
    assertThat(gpu).startsWith("../../../devices/platform/");
    assertThat(client.readlink("/sys/class/drm/card0"))
        .isEqualTo(gpu.substring("../".length()) + "/drm/card0");
    assertThat(client.readlink("/sys/class/drm/card0/device")).isEqualTo("../../../5000000.gpu");
    assertThat(client.readlink("/sys/class/drm/renderD128/device/driver"))
        .endsWith("bus/platform/drivers/adreno");
    assertThat(client.readdir("/sys/bus/platform/drivers/adreno"))
        .containsExactly("5000000.gpu", "bind", "unbind");
    assertThat(client.readlink("/sys/class/drm/card0/subsystem")).endsWith("class/drm");
    assertThat(text(client, "/sys/class/drm/version")).isEqualTo("drm 1.1.0 20060810\n");
    assertThat(client.readdir("/sys/class/drm"))
        .containsExactly("card0", "renderD128", "version")
        .inOrder();
    assertThat(text(client, "/sys/class/drm/card0/device/of_node/compatible"))
        .isEqualTo("qcom,adreno-630.2\0qcom,adreno\0");
    assertThat(text(client, "/sys/bus/platform/devices/5000000.gpu/modalias"))
        .isEqualTo("of:NgpuT(null)Cqcom,adreno-630.2Cqcom,adreno\n");
    assertThat(client.readlink("/dev/dri/by-path/platform-5000000.gpu-render"))
        .isEqualTo("../renderD128");
    assertThat(client.stat("/dev/dri/by-path/platform-5000000.gpu-card"))
        .isEqualTo(client.stat("/dev/dri/card0"));
  }

  @Test
  void eachErrorOfALinkAndOfADirectory(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("walker");

    assertThat(errno(() -> client.readlink("/dev/dri/card0"))).isEqualTo(Errno.EINVAL);
    assertThat(errno(() -> client.readlink("/dev/dri/card7"))).isEqualTo(Errno.ENOENT);
    assertThat(errno(() -> client.readdir("/dev/dri/card0"))).isEqualTo(Errno.ENOTDIR);
    assertThat(errno(() -> client.stat("/sys/class/drm/version/x"))).isEqualTo(Errno.ENOTDIR);
    assertThat(errno(() -> client.readdir("/sys/kernel/debug/dri"))).isEqualTo(Errno.EACCES);
  }

  private interface Call {
    Object run() throws ErrnoException;
  }

  private static Errno errno(Call call) {
    return assertThrows(ErrnoException.class, call::run).errno();
  }

  @Test
  void debugfsTellsOfClientsAndNames(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("painter");
    Client root = machine.hostRoot("cat");
    int card = client.open("/dev/dri/card0");
    int render = client.open("/dev/dri/renderD128");
    new LibDrm(client, render).setClientName("canvas");

    assertThat(root.readdir("/sys/kernel/debug/dri")).containsAtLeast("0", "128", "5000000.gpu");
    assertThat(text(root, "/sys/kernel/debug/dri/0/name"))
        .isEqualTo("msm dev=5000000.gpu unique=5000000.gpu\n");
    List<String> clients =
        Splitter.on('\n')
            .omitEmptyStrings()
            .splitToList(text(root, "/sys/kernel/debug/dri/128/clients"));
    assertThat(clients.getFirst())
        .isEqualTo(
            "             command  tgid dev master a   uid      magic "
                + " ".repeat(60)
                + "name                   id");
    assertThat(clients.get(1)).contains("painter");
    assertThat(clients.get(1)).contains("   0   y    y  1000          0 ");
    assertThat(clients.get(2)).contains(" 128   n    n  1000          0 ");
    assertThat(clients.get(2)).contains(" canvas ");
    client.close(card);
    assertThat(text(root, "/sys/kernel/debug/dri/0/clients").lines()).hasSize(2);
    assertThat(text(root, "/sys/kernel/debug/dri/0/gem_names"))
        .isEqualTo("  name     size handles refcount\n");
    client.close(render);
  }

  /** {@code drm_debugfs_clients_add()}: by the number that fdinfo tells, whatever the device. */
  @Test
  void debugfsHasADirectoryForEachOpenFile(@Board("db845c") Machine machine) throws Exception {
    Client painter = machine.host("painter");
    Client root = machine.hostRoot("cat");
    int first = painter.open("/dev/dri/renderD128");
    int second = painter.open("/dev/dri/card0");
    String dri = "/sys/kernel/debug/dri/";
    String fdinfo = text(painter, "/proc/" + painter.pid() + "/fdinfo/" + first);
    String client = "client-" + fdinfo.replaceAll("(?s).*drm-client-id:\t(\\d+)\n.*", "$1");

    assertThat(clients(root)).hasSize(2);
    assertThat(root.readdir(dri + client)).containsExactly("device", "proc_info");
    assertThat(text(root, dri + client + "/proc_info"))
        .isEqualTo("pid: %d\ncomm: painter\n".formatted(painter.pid()));
    assertThat(root.readlink(dri + client + "/device")).isEqualTo("../5000000.gpu");
    assertThat(text(root, dri + client + "/device/name")).startsWith("msm dev=5000000.gpu");

    painter.close(first);
    assertThat(errno(() -> root.readdir(dri + client))).isEqualTo(Errno.ENOENT);
    painter.close(second);
    assertThat(clients(root)).isEmpty();
  }

  /** A file that outlives its opener: the child holds it. */
  @Test
  void aClientWhoseProcessIsGoneIsShownAsUnset(@Board("db845c") Machine machine) throws Exception {
    Client root = machine.hostRoot("cat");
    Client painter = machine.host("painter");
    int _ = painter.open("/dev/dri/renderD128");

    int _ = painter.fork(child -> machine.scheduler().sleep(1_000_000));
    painter.exit();

    assertThat(clients(root)).hasSize(1);
    assertThat(text(root, "/sys/kernel/debug/dri/" + clients(root).getFirst() + "/proc_info"))
        .isEqualTo("pid: 0\ncomm: Unset\n");
    machine.settle();
    assertThat(clients(root)).isEmpty();
  }

  private static List<String> clients(Client root) throws ErrnoException {
    return root.readdir("/sys/kernel/debug/dri").stream()
        .filter(name -> name.startsWith("client-"))
        .toList();
  }

  @Test
  void selfIsWhoeverAsks(@Board("db845c") Machine machine) throws Exception {
    Client painter = machine.host("painter");
    Client other = machine.host("igt");
    int render = painter.open("/dev/dri/renderD128");

    assertThat(painter.readlink("/proc/self")).isEqualTo(Integer.toString(painter.pid()));
    assertThat(text(painter, "/proc/self/fdinfo/" + render)).contains("drm-driver:\tmsm\n");
    assertThat(text(other, "/proc/self/comm")).isEqualTo("igt\n");
    assertThat(other.readdir("/proc")).contains("self");
    assertThat(other.readdir("/proc/self/fd")).containsExactly("0"); // of the directory itself
  }

  @Test
  void procTellsOfDescriptors(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("painter");
    Client other = machine.host("igt");
    int render = client.open("/dev/dri/renderD128");
    String proc = "/proc/" + client.pid();

    assertThat(other.readdir(proc))
        .containsExactly("cmdline", "comm", "fd", "fdinfo", "maps", "status");
    assertThat(other.readdir(proc + "/fd")).containsExactly(Integer.toString(render));
    assertThat(other.readlink(proc + "/fd/" + render)).isEqualTo("/dev/dri/renderD128");
    assertThat(other.stat(proc + "/fd/" + render)).isEqualTo(client.stat("/dev/dri/renderD128"));
    assertThat(text(other, proc + "/status"))
        .isEqualTo(
            "Name:\tpainter\nTgid:\t%d\nPid:\t%d\nUid:\t1000\t1000\t1000\t1000\n"
                .formatted(client.pid(), client.pid()));
    String fdinfo = text(other, proc + "/fdinfo/" + render);
    assertThat(fdinfo).contains("drm-driver:\tmsm\n");
    assertThat(fdinfo).contains("drm-total-memory:\t0\ndrm-shared-memory:\t0\n");
  }

  @Test
  void fdinfoCountsTheMemoryOfAFilesBuffers(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("painter");
    MsmDevice gpu = new MsmDevice(client, client.open("/dev/dri/renderD128"));
    String path = "/proc/" + client.pid() + "/fdinfo/" + gpu.fd();
    MsmBuffer touched = gpu.newBuffer(64 << 10, GemNew.WC);
    MsmBuffer shared = gpu.newBuffer(1 << 20, GemNew.WC);
    touched.store32(0, 1);
    int fd = new LibDrm(client, gpu.fd()).primeHandleToFd(shared.handle(), 0);

    assertThat(text(client, path))
        .contains(
            """
            drm-total-memory:\t1088 KiB
            drm-shared-memory:\t1 MiB
            drm-resident-memory:\t64 KiB
            """);
    client.close(fd);
  }

  @Test
  void fdinfoIsShownToEverybodyWhoMayTraceTheProcess(@Board("db845c") Machine machine)
      throws Exception {
    Client client = machine.hostRoot("daemon");
    Client other = machine.host("igt");
    int render = client.open("/dev/dri/renderD128");

    assertThat(errno(() -> text(other, "/proc/" + client.pid() + "/fdinfo/" + render)))
        .isEqualTo(Errno.EACCES);
  }

  @Test
  void aDeviceThatIsUnboundIsNowhere(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("walker");

    var _ =
        machine
            .scheduler()
            .spawnKernel(
                "unbind",
                () ->
                    machine
                        .devices()
                        .unbind(requireNonNull(machine.devices().find("5000000.gpu"))));
    machine.settle();

    assertThat(client.readdir("/sys/class/drm")).containsExactly("version");
    assertThat(client.readdir("/sys/dev/char")).isEmpty();
    assertThat(client.readdir("/dev/dri/by-path")).isEmpty();
    assertThat(client.readdir("/sys/bus/platform/devices/5000000.gpu"))
        .containsExactly("modalias", "of_node", "subsystem", "uevent");
  }
}
