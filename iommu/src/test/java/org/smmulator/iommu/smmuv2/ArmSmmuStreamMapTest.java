package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.regs.smmuv2.Gr0;

/** Which stream map entry an id gets. Kernel: {@code arm_smmu_find_sme()}. */
class ArmSmmuStreamMapTest {
  private ArmSmmuStreamMap map;

  @BeforeEach
  void make() {
    RegisterFile gr0 =
        RegisterFile.builder(0x1000)
            .readWrite(Gr0.SMR, 0x83ff_03ff) // ten bits of id and of mask
            .readWrite(Gr0.S2CR)
            .build();
    Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
    Mmio mmio = new Mmio("smmu", gr0, 0, 0x1000, Wire.tiedHigh(), scheduler, 0);
    ArmSmmuFeatures.Streams features = new ArmSmmuFeatures.Streams(4, true, 0x7fff, false);
    map = new ArmSmmuStreamMap(mmio, features, ArmSmmuImpl.generic(), true, new FaultInjector());
  }

  @Test
  void idsThatDoNotMeetGetEntriesOfTheirOwn() throws Exception {
    assertThat(map.take(id(1, 0))).isEqualTo(0);
    assertThat(map.take(id(2, 0))).isEqualTo(1);
  }

  @Test
  void anIdInsideAnEntryUsesIt() throws Exception {
    assertThat(map.take(id(0x10, 0xf))).isEqualTo(0);
    assertThat(map.take(id(0x13, 0))).isEqualTo(0);
    assertThat(map.take(id(0x18, 0x7))).isEqualTo(0);
  }

  @Test
  void anIdThatOverlapsAnEntryIsEinval() throws Exception {
    assertThat(map.take(id(0x13, 0))).isEqualTo(0);

    assertErrno(Errno.EINVAL, id(0x10, 0xf));
  }

  @Test
  void aFullMapIsEnospcUntilAnEntryIsReleased() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(map.take(id(i, 0))).isEqualTo(i);
    }
    assertErrno(Errno.ENOSPC, id(4, 0));

    map.release(2);

    assertThat(map.take(id(4, 0))).isEqualTo(2);
  }

  @Test
  void anEntryStaysUntilItsLastUserIsGone() throws Exception {
    assertThat(map.take(id(1, 0))).isEqualTo(0);
    assertThat(map.take(id(1, 0))).isEqualTo(0);

    map.release(0);
    assertThat(map.take(id(2, 0))).isEqualTo(1);
  }

  @Test
  void bitsThatTheHardwareLacksAreFoundOutByWritingThem() throws Exception {
    map.testMasks();

    map.checkId(id(0x3ff, 0x3ff));
    assertThat(assertThrows(ErrnoException.class, () -> map.checkId(id(0x400, 0))).reason())
        .isEqualTo("stream ID 0x400 out of range for SMMU (0x3ff)");
    assertThat(assertThrows(ErrnoException.class, () -> map.checkId(id(0, 0x400))).reason())
        .isEqualTo("SMR mask 0x400 out of range for SMMU (0x3ff)");
  }

  private void assertErrno(Errno errno, int id) {
    assertThat(assertThrows(ErrnoException.class, () -> map.take(id)).errno()).isEqualTo(errno);
  }

  private static int id(int sid, int mask) {
    return sid | mask << 16;
  }
}
