package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.TaskMmu;
import org.smmulator.drm.msm.vm.VmRange;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemInfo;

/** The kernel's own buffers are in every file's address space, also those that come later. */
class PersistentRangeTest {
  private static final int FILES = 8;
  private static final int PAGE = 4096;

  @Test
  void aBufferThatTheKernelMakesLaterIsSeenByEveryFileWhoseTableIsNotTouched() throws Exception {
    try (GpuMachine machine = new GpuMachine()) {
      List<GpuClient> clients = new ArrayList<>();
      List<Integer> targets = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        GpuClient client = machine.client("client" + i);
        int target = client.gemNew(PAGE);
        assertThat(client.info(target, GemInfo.GET_IOVA)).isEqualTo(0x1_0000_0000L);
        assertThat(client.waitFence(client.submit(new int[] {0x70108000}, target))).isNull();
        clients.add(client);
        targets.add(target);
      }
      machine.settle();
      List<byte[]> roots = roots(machine);
      ImmutableMap<String, Long> tables = tables(machine);

      KernelBuffer later = make(machine);
      machine.dram.putInt(later.pa(), 0x600d);

      assertThat(tables(machine)).isEqualTo(tables);
      List<byte[]> rootsAfter = roots(machine);
      for (int i = 0; i < FILES; i++) {
        assertThat(rootsAfter.get(i)).isEqualTo(roots.get(i));
        long from = later.iova();
        int[] copy = {
          Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5), 0, 0, 1, (int) from, (int) (from >>> 32)
        };
        GpuClient client = clients.get(i);
        assertThat(client.waitFence(client.submit(copy, targets.get(i)))).isNull();
        assertThat(client.load(targets.get(i), 0)).isEqualTo(0x600d);
      }
    }
  }

  /** The tables of files, which are on the accounts of processes. */
  private static ImmutableMap<String, Long> tables(GpuMachine machine) {
    return ImmutableMap.copyOf(
        Maps.filterKeys(
            machine.pages.usage(),
            owner -> owner.startsWith("pagetable of ") && owner.contains("client")));
  }

  private static List<byte[]> roots(GpuMachine machine) {
    List<byte[]> roots = new ArrayList<>();
    machine.driver().buffers().all().stream()
        .flatMap(buffer -> buffer.places().stream())
        .map(place -> place.vm())
        .distinct()
        .forEach(vm -> roots.add(root(machine, vm)));
    assertThat(roots).hasSize(FILES);
    return roots;
  }

  private static byte[] root(GpuMachine machine, MsmVm vm) {
    byte[] bytes = new byte[PAGE];
    long base = ((TaskMmu) vm.mmu()).token().pagetableBase();
    machine.dram.copyOut(base, MemorySegment.ofArray(bytes), 0, PAGE);
    return bytes;
  }

  private static KernelBuffer make(GpuMachine machine) {
    KernelBuffer[] made = new KernelBuffer[1];
    var _ =
        machine.scheduler.spawnKernel(
            "kworker",
            () -> {
              try {
                made[0] = machine.gpu().allocKernel("later", PAGE, IommuProt.READ);
              } catch (ErrnoException e) {
                throw new IllegalStateException(e);
              }
            });
    machine.settle();
    return requireNonNull(made[0]);
  }

  @Test
  void aFilesAddressSpaceIsThePersistentRangeAndItsOwn() throws Exception {
    try (GpuMachine machine = new GpuMachine()) {
      GpuClient client = machine.client("client");
      long _ = client.info(client.gemNew(PAGE), GemInfo.GET_IOVA);
      MsmVm vm = machine.driver().buffers().all().getFirst().places().getFirst().vm();

      assertThat(vm.ranges().stream().map(VmRange::policy))
          .containsExactly(VmRange.Policy.PERSISTENT, VmRange.Policy.DRIVER_CHOSEN)
          .inOrder();
      assertThat(vm.ranges().getFirst())
          .isSameInstanceAs(machine.gpu().kernelVm().ranges().getFirst());
      assertThat(vm.ranges().getFirst().start()).isEqualTo(1L << 48);
      assertThat(vm.ranges().getLast().start()).isEqualTo(1L << 32);
    }
  }
}
