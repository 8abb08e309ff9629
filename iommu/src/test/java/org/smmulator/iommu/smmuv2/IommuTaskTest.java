package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.task.Task;

/** What binding a task promises, with today's {@code adreno-smmu} tables behind the token. */
class IommuTaskTest {
  private static final long IOVA = 0x1_0000_0000L;
  private static final long CANVAS = 0x8200_0000L;
  private static final long PAGE = 0x8300_0000L;

  private final Task painter = new Task(101, "painter", false);
  private final Task reader = new Task(102, "reader", false);
  private final List<IommuTask> died = new ArrayList<>();
  private SmmuMachine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = new SmmuMachine();
    machine.kernel.run(() -> {
      machine.boot();
      var _ = machine.gpuDomain();
    });
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void twoTasksHaveOneAddressAndTwoMemories() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      IommuTask yours = bind(reader);
      mine.map(IOVA, CANVAS, 0x10000, READ | WRITE);
      yours.map(IOVA, PAGE, 0x10000, READ | WRITE);
      BusMaster gpu = machine.master(0);

      machine.model.switchTable(0, mine.pagetableBase(), 0);
      machine.model.invalidateAsid(0, mine.pasid());
      gpu.store32(IOVA + 0x10, 0xcafe);
      machine.model.switchTable(0, yours.pagetableBase(), 0);
      machine.model.invalidateAsid(0, yours.pasid());
      gpu.store32(IOVA + 0x10, 0xbeef);

      assertThat(machine.kernel.dram.getInt(CANVAS + 0x10)).isEqualTo(0xcafe);
      assertThat(machine.kernel.dram.getInt(PAGE + 0x10)).isEqualTo(0xbeef);
      assertThat(mine.pagetableBase()).isNotEqualTo(yours.pagetableBase());
      assertThat(mine.explain(IOVA + 0x10).toString())
          .isEqualTo("L0[0] L1[4] L2[0] L3[0] -> pa 0x82000010");
    });
  }

  @Test
  void aTaskThatBindsTwiceHasTwoTables() throws Exception {
    machine.kernel.run(() -> {
      IommuTask first = bind(painter);
      IommuTask second = bind(painter);
      first.map(IOVA, CANVAS, 0x1000, READ);

      assertThat(first.pagetableBase()).isNotEqualTo(second.pagetableBase());
      assertThat(second.iovaToPhys(IOVA)).isEqualTo(0);
    });
  }

  @Test
  void theFirstBindOpensTtbr0AndTheLastUnbindClosesIt() throws Exception {
    machine.kernel.run(() -> {
      assertThat(machine.gpuBank().lowerClosed()).isTrue();
      IommuTask mine = bind(painter);
      IommuTask yours = bind(reader);
      assertThat(machine.gpuBank().lowerClosed()).isFalse();

      mine.unbind();
      assertThat(machine.gpuBank().lowerClosed()).isFalse();
      yours.unbind();
      assertThat(machine.gpuBank().lowerClosed()).isTrue();
    });
  }

  @Test
  void unmapLeavesNothingInTheTlb() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      mine.map(IOVA, CANVAS, 0x2000, READ | WRITE);
      machine.kernel.dram.putInt(CANVAS, 0xcafe);
      machine.model.switchTable(0, mine.pagetableBase(), 0);
      assertThat(machine.master(0).load32(IOVA)).isEqualTo(0xcafe);

      assertThat(mine.unmap(IOVA, 0x2000)).isEqualTo(0x2000);

      assertThat(machine.master(0).load32(IOVA)).isEqualTo(0);
      assertThat(machine.registers.takeStores()).containsAtLeast("cb0+610=0", "cb0+7f0=ffffffff");
    });
  }

  @Test
  void aMapThatCollidesChangesNothing() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      mine.map(IOVA + 0x1000, CANVAS, 0x1000, READ);

      assertErrno(Errno.EEXIST, () -> mine.map(IOVA, PAGE, 0x2000, READ));

      assertThat(mine.iovaToPhys(IOVA)).isEqualTo(0);
      assertThat(mine.iovaToPhys(IOVA + 0x1000)).isEqualTo(CANVAS);
      assertErrno(Errno.EINVAL, () -> mine.map(0x800, PAGE, 0x1000, READ));
      assertErrno(Errno.ERANGE, () -> mine.map(1L << 48, PAGE, 0x1000, READ));
    });
  }

  /** Each allocation of a bind and of a first map fails once. */
  @Test
  void aBindOrAMapThatFindsNoPageLeavesNothing() throws Exception {
    machine.kernel.run(() -> {
      var pages = machine.kernel.pages.usage();
      for (int nth = 1; ; nth++) {
        machine.kernel.faults.failNth(nth);
        IommuTask bound = null;
        boolean mapped = false;
        try {
          bound = bind(painter);
          bound.map(IOVA, CANVAS, 0x3000, READ | WRITE);
          mapped = true;
        } catch (ErrnoException e) {
          assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
        }
        boolean failed = machine.kernel.faults.disarm() != null;
        if (bound != null) {
          assertThat(bound.iovaToPhys(IOVA)).isEqualTo(mapped ? CANVAS : 0);
          bound.unbind();
        }
        assertThat(machine.kernel.pages.usage()).isEqualTo(pages);
        assertThat(machine.gpuBank().lowerClosed()).isTrue();
        if (!failed) {
          assertThat(nth).isGreaterThan(4); // a root and the tables below it
          return;
        }
      }
    });
  }

  @Test
  void aTaskThatDiesWhileBoundCannotMapAndStillUnbinds() throws Exception {
    machine.kernel.run(() -> {
      long before = machine.kernel.pages.pagesInUse();
      IommuTask mine = bind(painter);
      mine.map(IOVA, CANVAS, 0x1000, READ);

      painter.markDead();

      assertThat(died).containsExactly(mine);
      assertErrno(Errno.ESRCH, () -> mine.map(IOVA + 0x1000, CANVAS, 0x1000, READ));
      assertThat(mine.unmap(IOVA, 0x1000)).isEqualTo(0x1000);
      mine.unbind();
      assertThat(machine.kernel.pages.pagesInUse()).isEqualTo(before);
    });
  }

  @Test
  void aDeadTaskCannotBindAndAnUnboundOneIsNotTold() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      mine.unbind();
      painter.markDead();

      assertThat(died).isEmpty();
      assertErrno(Errno.ESRCH, () -> bind(painter));
      assertErrno(Errno.EINVAL, mine::unbind);
    });
  }

  @Test
  void aTablesPagesBearTheTasksName() throws Exception {
    machine.kernel.run(() -> {
      var _ = bind(painter);
      assertThat(machine.kernel.pages.usage()).containsEntry("pagetable of painter[101]", 1L);
    });
  }

  @Test
  void aDeviceThatIsNoGpuHasNoTablesForTasks() throws Exception {
    machine.kernel.run(() -> {
      var gmu = machine.device("/gmu@506a000");
      assertErrno(Errno.ENODEV, () -> machine.tasks.bindTask(gmu, painter, 0, died::add));
      machine.kernel.iommu.bus().deviceAdded(gmu);
      assertErrno(Errno.ENODEV, () -> machine.tasks.bindTask(gmu, painter, 0, died::add));
      assertErrno(Errno.EINVAL, () -> machine.tasks.bindTask(machine.gpu, painter, 2, died::add));
    });
  }

  @Test
  void aTokenIsHandedOverWithWhatItMapsAndFollowsTheNewTask() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      mine.map(IOVA, CANVAS, 0x1000, READ);
      painter.markDead();
      assertErrno(Errno.ESRCH, () -> mine.handOver(painter));

      mine.handOver(reader);

      assertThat(mine.task()).isSameInstanceAs(reader);
      assertThat(mine.iovaToPhys(IOVA)).isEqualTo(CANVAS);
      mine.map(IOVA + 0x1000, CANVAS, 0x1000, READ);
      reader.markDead();
      assertThat(died).containsExactly(mine, mine); // once for each
      assertErrno(Errno.ESRCH, () -> mine.map(IOVA + 0x2000, CANVAS, 0x1000, READ));
      mine.unbind();
    });
  }

  @Test
  void aTokenThatALivingTaskHandedOverDoesNotDieWithIt() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      mine.handOver(reader);
      painter.markDead();

      assertThat(died).isEmpty();
      mine.map(IOVA, CANVAS, 0x1000, READ);
    });
  }

  @Test
  void aMapOfNothingOrLessIsRefused() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      for (long size : new long[] {0, -0x1000, Long.MIN_VALUE}) {
        assertErrno(Errno.EINVAL, () -> mine.map(IOVA, CANVAS, size, READ));
      }
      assertThat(mine.iovaToPhys(IOVA)).isEqualTo(0);
      mine.unbind();
    });
  }

  @Test
  void moreTablesThanTheMachineHasPagesAreNotPreallocated() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      long before = machine.kernel.pages.pagesInUse();

      assertErrno(Errno.ENOMEM, () -> mine.preallocate(0, 1L << 47));

      assertThat(machine.kernel.pages.pagesInUse()).isEqualTo(before);
      mine.unbind();
    });
  }

  @Test
  void whatIsPreallocatedIsThereWhenNoPageIsLeft() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      long before = machine.kernel.pages.pagesInUse();
      // Two tables of the last level, one of each level above: levels 1 to 3 below the root.
      try (IommuTask.Preallocation _ = mine.preallocate(IOVA + 0x1f_f000, 0x2000)) {
        assertThat(machine.kernel.pages.pagesInUse()).isEqualTo(before + 4);
        var hog = machine.kernel.pages.owner("hog", PageZone.KERNEL);
        List<Long> all = new ArrayList<>();
        for (long pa = 0; (pa = machine.kernel.pages.tryAlloc(0, hog)) != PageAllocator.NONE; ) {
          all.add(pa);
        }

        mine.map(IOVA + 0x1f_f000, CANVAS, 0x2000, READ);
        assertErrno(Errno.ENOMEM, () -> mine.map(IOVA + (1L << 30), CANVAS, 0x1000, READ));
        all.forEach(pa -> machine.kernel.pages.free(pa, 0, hog));
      }
      assertThat(machine.kernel.pages.pagesInUse()).isEqualTo(before + 4); // all of it was used
      mine.unbind();
    });
  }

  @Test
  void whatNoMapUsedOfAPreallocationIsGivenBack() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      long before = machine.kernel.pages.pagesInUse();
      IommuTask.Preallocation one = mine.preallocate(IOVA, 0x1000);
      IommuTask.Preallocation other = mine.preallocate(IOVA, 0x1000);
      assertThat(machine.kernel.pages.pagesInUse()).isEqualTo(before + 6);
      one.close();
      one.close();
      assertThat(machine.kernel.pages.pagesInUse()).isEqualTo(before + 3);

      mine.unbind(); // an open one goes with the table, and closing it then does no harm
      other.close();

      IommuTask next = bind(reader);
      assertErrno(Errno.EINVAL, () -> next.preallocate(IOVA, 0));
      assertErrno(Errno.EINVAL, () -> next.preallocate(IOVA + 8, 0x1000));
      assertErrno(Errno.ERANGE, () -> next.preallocate((1L << 48) - 0x1000, 0x2000));
      reader.markDead();
      assertErrno(Errno.ESRCH, () -> next.preallocate(IOVA, 0x1000));
    });
  }

  @Test
  void aGpusTableServesTheGpuAloneAndTheGpuLoadsItItself() throws Exception {
    machine.kernel.run(() -> {
      IommuTask mine = bind(painter);
      var gmu = machine.device("/gmu@506a000");

      assertErrno(Errno.EEXIST, () -> mine.join(machine.gpu));
      assertErrno(Errno.EOPNOTSUPP, () -> mine.join(gmu));
      assertThat(mine.devices()).containsExactly(machine.gpu);
      assertErrno(Errno.EINVAL, () -> mine.leave(gmu));
      assertErrno(Errno.EINVAL, () -> mine.leave(machine.gpu));
      assertErrno(Errno.EINVAL, () -> mine.load(gmu));
      assertErrno(Errno.EOPNOTSUPP, () -> mine.load(machine.gpu));
    });
  }

  private IommuTask bind(Task task) throws ErrnoException {
    return machine.tasks.bindTask(machine.gpu, task, 0, died::add);
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
