package org.smmulator.iommu.sva;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.task.IommuTasks.SHARE_PROCESS_TABLE;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.ERANGE;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.TaskMode;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.kernel.process.Process;

/** Who decides whether a task gets a table of its own, and what a token for the process's does. */
@SuppressWarnings("NullAway.Init") // set in a kernel context, before each test
class TaskModeTest {
  private SvaMachine machine;
  private Process painter;
  private Device copy;
  private Device video;
  private Device withoutPasids;

  @BeforeEach
  void boot() throws Exception {
    machine = new SvaMachine();
    machine.kernel.run(() -> {
      painter = machine.process("painter");
      copy = machine.device("/copy@1");
      video = machine.device("/video@2");
      withoutPasids = machine.device("/explicit@4");
    });
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void theListOfCompatiblesDecides() throws Exception {
    TaskMode mode = new TaskMode.ByCompatible(ImmutableSet.of("test,copy"));
    machine.kernel.run(() -> {
      assertThat(bind(mode, copy, 0).sharesProcessTable()).isTrue();
      assertThat(bind(mode, copy, SHARE_PROCESS_TABLE).sharesProcessTable()).isTrue();
      assertThat(bind(mode, video, 0).sharesProcessTable()).isFalse();
      assertErrno(EOPNOTSUPP, () -> bind(mode, video, SHARE_PROCESS_TABLE));
    });
  }

  @Test
  void theDeviceTreeDecides() throws Exception {
    TaskMode mode = new TaskMode.ByProperty();
    machine.kernel.run(() -> {
      assertThat(bind(mode, video, 0).sharesProcessTable()).isTrue();
      assertThat(bind(mode, video, SHARE_PROCESS_TABLE).sharesProcessTable()).isTrue();
      assertThat(bind(mode, copy, 0).sharesProcessTable()).isFalse();
      assertErrno(EOPNOTSUPP, () -> bind(mode, copy, SHARE_PROCESS_TABLE));
    });
  }

  @Test
  void theCallerDecidesAndTheDeviceMustBeAble() throws Exception {
    TaskMode mode = new TaskMode.ByFlag();
    machine.kernel.run(() -> {
      assertThat(bind(mode, copy, SHARE_PROCESS_TABLE).sharesProcessTable()).isTrue();
      assertThat(bind(mode, copy, 0).sharesProcessTable()).isFalse();
      assertErrno(EOPNOTSUPP, () -> bind(mode, withoutPasids, SHARE_PROCESS_TABLE));
      assertErrno(ENODEV, () -> bind(mode, withoutPasids, 0));
      assertErrno(EINVAL, () -> bind(mode, copy, 2));
    });
  }

  @Test
  void aTokenForTheProcesssTableShowsItAndMapsNothing() throws Exception {
    machine.kernel.run(() -> {
      IommuTask token = bind(new TaskMode.ByFlag(), copy, SHARE_PROCESS_TABLE);
      long va = painter.mm().mmapAnonymous(0x1000, Prot.READ | Prot.WRITE);
      painter.mm().store(va, 4, 7);

      assertThat(token.pagetableBase()).isEqualTo(painter.mm().pagetableBase());
      assertThat(machine.kernel.dram.getInt(token.iovaToPhys(va))).isEqualTo(7);
      assertErrno(EINVAL, () -> token.map(va, 0x8000_0000L, 0x1000, 1));
      assertThat(token.unmap(va, 0x1000)).isEqualTo(0);
    });
  }

  @Test
  void tokensOfOneTaskOnOneDeviceAreCounted() throws Exception {
    machine.kernel.run(() -> {
      IommuTask one = bind(new TaskMode.ByFlag(), copy, SHARE_PROCESS_TABLE);
      IommuTask other = bind(new TaskMode.ByFlag(), copy, SHARE_PROCESS_TABLE);
      assertThat(other.pasid()).isEqualTo(one.pasid());

      one.unbind();
      assertThat(machine.driver.calls).doesNotContain("free");
      assertErrno(EINVAL, one::unbind);
      machine.processes.kill(painter);
      other.unbind();
      assertThat(machine.driver.calls.getLast()).isEqualTo("free");
    });
  }

  @Test
  void eachExplicitBindHasATableAndAPasidThatNobodyElseHas() throws Exception {
    machine.kernel.run(() -> {
      IommuTask shared = bind(new TaskMode.ByFlag(), copy, SHARE_PROCESS_TABLE);
      IommuTask one = bind(new TaskMode.ByFlag(), copy, 0);
      IommuTask other = bind(new TaskMode.ByFlag(), copy, 0);
      assertThat(shared.pasid()).isEqualTo(1);
      assertThat(one.pasid()).isEqualTo(2);
      assertThat(other.pasid()).isEqualTo(3);
      assertThat(machine.driver.tables).hasSize(2);

      one.unbind();
      assertThat(machine.driver.calls.getLast()).isEqualTo("1.copy pasid 2 BLOCKED");
      assertThat(machine.driver.tables.get(0).freed).isTrue();
      assertThat(machine.driver.tables.get(1).freed).isFalse();
      assertThat(bind(new TaskMode.ByFlag(), video, 0).pasid()).isEqualTo(2);
    });
  }

  @Test
  void anExplicitTokenMapsAndSaysWhatItCannot() throws Exception {
    machine.kernel.run(() -> {
      IommuTask token = bind(new TaskMode.ByFlag(), copy, 0);
      token.map(0x10_0000, 0x8000_0000L, 0x2000, 3);
      assertThat(machine.driver.tables.getFirst().calls).containsExactly("map 0x100000 0x1000 x 2");
      assertErrno(EINVAL, () -> token.map(0x10_0800, 0x8000_0000L, 0x1000, 3));
      assertErrno(ERANGE, () -> token.map((1L << 48) - 0x1000, 0x8000_0000L, 0x2000, 3));
      assertErrno(ERANGE, () -> token.map(-0x1000, 0x8000_0000L, 0x1000, 3));

      machine.processes.kill(painter);

      assertErrno(ESRCH, () -> token.map(0x20_0000, 0x8000_0000L, 0x1000, 3));
      assertThat(token.unmap(0x10_0000, 0x2000)).isEqualTo(0x2000);
      token.unbind();
      assertErrno(EINVAL, token::unbind);
    });
  }

  @Test
  void oneTableServesSeveralDevicesUnderOnePasid() throws Exception {
    machine.kernel.run(() -> {
      IommuTask token = bind(new TaskMode.ByFlag(), copy, 0);
      machine.driver.calls.clear();

      token.join(video);
      assertThat(machine.driver.calls).containsExactly("2.video pasid 1 UNMANAGED");
      assertThat(token.devices()).containsExactly(copy, video).inOrder();
      assertThat(group(video).domainOfPasid(1)).isSameInstanceAs(group(copy).domainOfPasid(1));
      assertErrno(EEXIST, () -> token.join(video));
      assertErrno(EOPNOTSUPP, () -> token.load(video)); // it sends under the PASID
      assertErrno(EOPNOTSUPP, () -> token.preallocate(0, 0x1000));

      token.leave(video);
      assertThat(machine.driver.calls.getLast()).isEqualTo("2.video pasid 1 BLOCKED");
      assertErrno(EINVAL, () -> token.leave(video));
      assertErrno(EINVAL, () -> token.load(video));

      token.join(video);
      machine.driver.calls.clear();
      token.unbind();
      assertThat(machine.driver.calls)
          .containsExactly("2.video pasid 1 BLOCKED", "1.copy pasid 1 BLOCKED")
          .inOrder();
      assertThat(machine.driver.tables.getFirst().freed).isTrue();
    });
  }

  @Test
  void aDeviceThatCannotJoinSaysWhyAndChangesNothing() throws Exception {
    machine.kernel.run(() -> {
      var _ = bind(new TaskMode.ByFlag(), copy, 0);
      var _ = bind(new TaskMode.ByFlag(), copy, 0);
      IommuTask token = bind(new TaskMode.ByFlag(), copy, 0); // PASID 3
      Device narrow = machine.device("/narrow@3"); // PASIDs 0 and 1
      assertErrno(EINVAL, () -> token.join(narrow));
      assertErrno(ENODEV, () -> token.join(machine.bare("/video@2")));
      IommuDomain.Paging other = machine.iommu.allocPaging(video);
      machine.iommu.pasids().attach(other, video, 3);
      assertErrno(EBUSY, () -> token.join(video));
      assertThat(token.devices()).containsExactly(copy);

      machine.processes.kill(painter);
      assertErrno(ESRCH, () -> token.join(video));
    });
  }

  @Test
  void theProcesssOwnTableServesTheDevicesThatJoinAndIsNeverHandedOver() throws Exception {
    machine.kernel.run(() -> {
      IommuTask token = bind(new TaskMode.ByFlag(), copy, SHARE_PROCESS_TABLE);
      token.join(video);
      assertThat(group(video).domainOfPasid(token.pasid())).isInstanceOf(IommuDomain.Sva.class);
      assertErrno(EINVAL, () -> token.handOver(machine.process("other").task()));
      assertErrno(EOPNOTSUPP, () -> token.preallocate(0, 0x1000));

      token.leave(video);
      assertThat(machine.driver.calls.getLast())
          .isEqualTo("2.video pasid %d BLOCKED".formatted(token.pasid()));
      token.join(video);
      token.unbind();
      assertThat(group(video).pasids()).isEmpty();
      assertThat(group(copy).pasids()).isEmpty();
    });
  }

  @Test
  void aBindThatFailsKeepsNeitherTableNorPasid() throws Exception {
    machine.kernel.run(() -> {
      machine.driver.takesPasids = false;
      assertErrno(ENOSPC, () -> bind(new TaskMode.ByFlag(), copy, 0));
      assertThat(machine.driver.tables.getFirst().freed).isTrue();

      machine.driver.takesPasids = true;
      assertThat(bind(new TaskMode.ByFlag(), copy, 0).pasid()).isEqualTo(1);
      Device narrow = machine.device("/narrow@3"); // PASIDs 0 and 1
      assertErrno(ENOSPC, () -> bind(new TaskMode.ByFlag(), narrow, 0));
    });
  }

  private IommuTask bind(TaskMode mode, Device device, int flags) throws ErrnoException {
    IommuTasks tasks =
        new IommuTasks(
            machine.iommu,
            mode,
            new PasidBinder(
                machine.iommu,
                machine.pasids,
                (_, _) -> {
                  throw ENODEV.because("no GPU in this test");
                }),
            new SvaBinder(machine.iommu, machine.sva, machine.processes, machine.kernel.dram));
    return tasks.bindTask(device, painter.task(), flags, _ -> {});
  }

  private IommuGroup group(Device device) {
    return requireNonNull(machine.iommu.groupOf(device));
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
