package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.scenario.gpu.GpuWork.write;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.msm.MsmContext;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.process.Process;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/**
 * A file is closed whose commands were the GPU's last, and its table's pages go to others at once:
 * the GPU does not fetch its ring through what they became.
 */
class ClosedFileTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final long SECOND = 1_000_000_000;

  @ParameterizedTest
  @CsvSource({
    "db410c, bind-task",
    "db820c, bind-task",
    "db820c, dynamic-domains",
    "db845c, adreno-smmu",
    "trogdor, bind-task"
  })
  void theRingIsFetchedThroughNobodysOldTable(String board, String pagetables) throws Exception {
    itsTableGoesToOthers(board, pagetables, gpu -> {});
  }

  /** Its commands were the last before the GPU lost its power, which the IOMMU did not. */
  @ParameterizedTest
  @CsvSource({
    "db410c, bind-task",
    "db410c, dynamic-domains",
    "db820c, bind-task",
    "db820c, dynamic-domains",
    "db845c, bind-task",
    "db845c, adreno-smmu",
    "trogdor, dynamic-domains"
  })
  void norIsItAfterTheGpuHasSlept(String board, String pagetables) throws Exception {
    itsTableGoesToOthers(
        board,
        pagetables,
        gpu -> {
          long before = gpu.param(MsmParam.SUSPENDS);
          while (gpu.param(MsmParam.SUSPENDS) == before) {
            int _ = gpu.client().poll(gpu.fd(), FileOperations.POLLIN, 1);
          }
        });
  }

  private interface Meanwhile {
    void happens(MsmDevice gpu) throws Exception;
  }

  private static void itsTableGoesToOthers(String board, String pagetables, Meanwhile meanwhile)
      throws Exception {
    KernelConfig config = KernelConfig.defaults().with("msm.pagetables", pagetables);
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      Client attacker = machine.host("attacker");
      MsmDevice waiting = new MsmDevice(attacker, attacker.open(NODE));
      MsmBuffer page = waiting.newBuffer(4096, GemNew.WC);
      ImmutableList.Builder<MsmDevice.Use> uses = ImmutableList.builder();
      uses.add(new MsmDevice.Use(page, GemSubmitBo.WRITE));
      for (int i = 0; i < 16; i++) {
        uses.add(new MsmDevice.Use(waiting.newBuffer(2 << 20, GemNew.WC), GemSubmitBo.READ));
      }
      Client gone = machine.host("gone");
      MsmDevice last = new MsmDevice(gone, gone.open(NODE));
      write(last, 0, last.newBuffer(4096, GemNew.WC), 1).await(SECOND);
      long root = rootOf(machine, last);
      gone.exit();
      meanwhile.happens(waiting);

      // its root becomes a table of the last level, of somebody whose commands are not yet run
      var job = waiting.submit(0, uses.build(), waiting.stream().memWrite(page.iova(), 7));
      assertThat(machine.pages().ownerOf(root)).isNotNull();
      job.await(SECOND);

      assertThat(page.load32(0)).isEqualTo(7);
      assertThat(
              machine.dmesg().lines().stream()
                  .map(line -> line.text())
                  .filter(text ->
                      text.contains("gpu fault")
                          || text.contains("*** fault")
                          || text.contains("lockup")))
          .isEmpty();
    }
  }

  private static long rootOf(Machine machine, MsmDevice gpu) throws Exception {
    Process process = requireNonNull(machine.processes().find(gpu.client().pid()));
    DrmFile file = (DrmFile) process.files().file(gpu.fd()).operations();
    return MsmContext.of(file).vm().mmu().pagetableBase() & 0xffff_ffff_f000L;
  }
}
