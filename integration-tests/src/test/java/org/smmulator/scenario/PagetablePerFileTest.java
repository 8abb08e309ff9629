package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.report.msm.GpuEvent;
import org.smmulator.report.msm.GpuProbe;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.Pm4Stream;

/** Each open file has a pagetable; whoever shares the file shares it. Seen from the GPU's wires. */
class PagetablePerFileTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final int READ_WRITE = GemSubmitBo.READ | GemSubmitBo.WRITE;
  private static final long SECOND_NS = 1_000_000_000;

  private final Set<Long> tablesSeen = new LinkedHashSet<>();
  private Machine machine;

  @BeforeEach
  void boot() throws Exception {
    GpuProbe probe = new GpuProbe(this::seen);
    machine = Machine.on(new Boards().load("db845c")).interpose(probe.wires()).boot();
  }

  private void seen(GpuEvent event) {
    if (event instanceof GpuEvent.TableSwitch table) {
      tablesSeen.add(table.ttbr0());
    }
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aProcessThatOpensTheNodeTwiceHasTwoPagetables() throws Exception {
    Client client = machine.host("twice");
    MsmDevice first = new MsmDevice(client, client.open(NODE));
    MsmDevice second = new MsmDevice(client, client.open(NODE));
    MsmBuffer a = first.newBuffer(4096, GemNew.WC);
    MsmBuffer b = second.newBuffer(4096, GemNew.WC);

    write(first, a, 0xa);
    write(second, b, 0xb);

    assertThat(a.iova()).isEqualTo(b.iova());
    assertThat(a.load32(0)).isEqualTo(0xa);
    assertThat(b.load32(0)).isEqualTo(0xb);
    assertThat(tablesSeen).hasSize(2);
  }

  @Test
  void aDuplicatedDescriptorSharesItsFilesPagetable() throws Exception {
    Client client = machine.host("dup");
    MsmDevice gpu = new MsmDevice(client, client.open(NODE));
    MsmDevice copy = new MsmDevice(client, client.dup(gpu.fd()));
    MsmBuffer a = gpu.newBuffer(4096, GemNew.WC);
    MsmBuffer b = copy.newBuffer(4096, GemNew.WC);

    write(gpu, a, 0xa);
    write(copy, b, 0xb);

    assertThat(a.iova()).isNotEqualTo(b.iova());
    assertThat(tablesSeen).hasSize(1);
  }

  @Test
  void aChildThatInheritsADescriptorSharesItsFilesPagetable() throws Exception {
    Client parent = machine.host("parent");
    MsmDevice gpu = new MsmDevice(parent, parent.open(NODE));
    write(gpu, gpu.newBuffer(4096, GemNew.WC), 1);
    int[] found = new int[1];

    int child =
        parent.fork(own -> {
          try {
            MsmDevice inherited = new MsmDevice(own, gpu.fd());
            MsmBuffer buffer = inherited.newBuffer(4096, GemNew.WC);
            write(inherited, buffer, 0xc);
            found[0] = buffer.load32(0);
          } catch (ErrnoException e) {
            throw new IllegalStateException(e);
          }
        });
    var _ = machine.run(() -> machine.processes().find(child) == null);

    assertThat(found[0]).isEqualTo(0xc);
    assertThat(tablesSeen).hasSize(1);
  }

  /** Kernel: {@code msm_context_vm()}: the address space is the file's, whoever opened it. */
  @Test
  void whenTheTaskThatOpenedTheFileIsDeadItsChildGoesOnWithTheSamePagetable() throws Exception {
    Client parent = machine.host("parent");
    MsmDevice gpu = new MsmDevice(parent, parent.open(NODE));
    write(gpu, gpu.newBuffer(4096, GemNew.WC), 1);
    int[] found = new int[1];
    boolean[] parentIsDead = new boolean[1];

    int child =
        parent.fork(own -> {
          MsmDevice inherited = new MsmDevice(own, gpu.fd());
          while (!parentIsDead[0]) {
            machine.scheduler().sleep(1000);
          }
          try {
            MsmBuffer buffer = inherited.newBuffer(4096, GemNew.WC);
            write(inherited, buffer, 0xc);
            found[0] = buffer.load32(0);
          } catch (ErrnoException e) {
            throw new IllegalStateException(e);
          }
        });
    parent.exit();
    parentIsDead[0] = true;
    var _ = machine.run(() -> machine.processes().find(child) == null);
    machine.settle();

    assertThat(found[0]).isEqualTo(0xc);
    assertThat(tablesSeen).hasSize(1);
    assertThat(machine.leakedPages()).isEmpty();
  }

  private static void write(MsmDevice gpu, MsmBuffer page, int value) throws ErrnoException {
    gpu.submit(
            MsmDevice.DEFAULT_QUEUE,
            List.of(new MsmDevice.Use(page, READ_WRITE)),
            new Pm4Stream().memWrite(page.iova(), value))
        .await(SECOND_NS);
  }
}
