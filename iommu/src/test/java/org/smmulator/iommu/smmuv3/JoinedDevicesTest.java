package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.sva.GlobalPasids;
import org.smmulator.iommu.sva.PasidBinder;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.task.Task;

/** One token's table under two devices of an SMMUv3: the hardware of both follows it. */
class JoinedDevicesTest {
  private static final int COPIER_SID = 0x10;
  private static final long IOVA = 0x10_0000;
  private static final long PA = 0x8200_0000L;
  private static final long PAGE = 0x1000;

  private final Task painter = new Task(101, "painter", false);
  private V3Machine machine;

  @SuppressWarnings("NullAway.Init") // boot() binds it, inside the machine
  private IommuTask token;

  @BeforeEach
  void boot() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.run(() -> {
      machine.boot();
      IommuTasks tasks =
          new IommuTasks(
              machine.kernel.iommu,
              new PasidBinder(
                  machine.kernel.iommu,
                  new GlobalPasids(new FaultInjector()),
                  (_, _) -> {
                    throw ENODEV.because("no GPU in this test");
                  }));
      token = tasks.bindTask(machine.copier, painter, 0, _ -> {});
      token.join(machine.card);
      token.map(IOVA, PA, PAGE, READ | WRITE);
      machine.kernel.dram.putInt(PA, 0xcafe);
    });
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void anUnmapReachesTheTlbAndTheCacheOfEachDevice() throws Exception {
    machine.kernel.run(() -> {
      assertThat(copier().load32(IOVA)).isEqualTo(0xcafe);
      assertThat(card().load32(IOVA)).isEqualTo(0xcafe); // and keeps the translation

      assertThat(token.unmap(IOVA, PAGE)).isEqualTo(PAGE);

      assertThat(copier().load32(IOVA)).isEqualTo(0);
      assertThat(card().load32(IOVA)).isEqualTo(0);
    });
  }

  @Test
  void aDeviceThatLeavesReachesNothingAndTheOtherGoesOn() throws Exception {
    machine.kernel.run(() -> {
      assertThat(card().load32(IOVA)).isEqualTo(0xcafe);

      token.leave(machine.card);

      assertThat(card().load32(IOVA)).isEqualTo(0);
      assertThat(copier().load32(IOVA)).isEqualTo(0xcafe);

      token.unbind();
      assertThat(copier().load32(IOVA)).isEqualTo(0);
    });
  }

  @Test
  void behindAnotherSmmuTheTableCannotBeWalked() throws Exception {
    machine.kernel.run(() -> {
      Device remote = machine.probeAnother(V3Machine.full());

      ErrnoException refused = assertThrows(ErrnoException.class, () -> token.join(remote));

      assertThat(refused.errno()).isEqualTo(EINVAL);
      assertThat(token.devices()).containsExactly(machine.copier, machine.card).inOrder();
    });
  }

  private BusMaster copier() {
    return machine.master(COPIER_SID).withSubstream(token.pasid());
  }

  private BusMaster card() {
    return machine.caching(machine.cardPort).withSubstream(token.pasid());
  }
}
