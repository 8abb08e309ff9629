package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.MsmIoctl;

/** Ten thousand files, each with a pagetable and a buffer of its own. */
class ManyFilesTest {
  private static final int PROCESSES = 100;
  private static final int FILES_EACH = 100;
  private static final long DRAM_BYTES = 2L << 30;

  /** An open file, its buffer, and the number that it writes there. */
  private record Open(GpuClient client, int fd, int handle, long va, int number) {
    /** Submits commands, which lie in the buffer itself, that store the number behind them. */
    void submit() {
      client.bos(handle);
      client.cmd(16);
      assertThat(
              client.ioctl(
                  fd, MsmIoctl.GEM_SUBMIT, GemSubmit.LAYOUT, client.submitArgs(0, 1, 1)::write))
          .isEqualTo(0);
    }

    int load() {
      return (int) client.machine.userAccess.load(client.process, va + 64, 4);
    }
  }

  private static Open open(GpuClient client, int number) {
    int fd = client.openGpu();
    int handle = client.gemNew(fd, 4096);
    long iova = client.info(fd, handle, GemInfo.GET_IOVA);
    long va = client.mmapAt(fd, client.info(fd, handle, GemInfo.GET_OFFSET));
    int[] commands = GpuClient.memWrite(iova + 64, number);
    for (int i = 0; i < commands.length; i++) {
      client.machine.userAccess.store(client.process, va + 4L * i, 4, commands[i]);
    }
    return new Open(client, fd, handle, va, number);
  }

  @Test
  void allSubmitInTurnAndWhoeverGoesGivesEveryPageBack() throws Exception {
    try (GpuMachine machine = new GpuMachine(null, 0, DRAM_BYTES)) {
      machine.settle();
      var before = machine.pages.usage();
      List<GpuClient> clients = new ArrayList<>();
      List<Open> files = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        clients.add(machine.client("client" + i));
      }
      for (int i = 0; i < PROCESSES * FILES_EACH; i++) {
        files.add(open(clients.get(i % PROCESSES), i + 1));
      }

      files.forEach(Open::submit);
      machine.settle();

      for (Open file : files) {
        assertThat(file.load()).isEqualTo(file.number());
      }
      assertThat(
              files.stream().map(file -> file.client().pagetableBase(file.fd())).distinct().count())
          .isEqualTo(PROCESSES * FILES_EACH);

      files.forEach(Open::submit);
      for (Open file : files.subList(0, files.size() / 2)) {
        assertThat(machine.syscalls.close(file.client().process, file.fd())).isEqualTo(0);
      }
      clients.forEach(GpuClient::exit); // with what is left in flight
      machine.settle();

      assertThat(machine.pages.usage()).isEqualTo(before);
    }
  }
}
