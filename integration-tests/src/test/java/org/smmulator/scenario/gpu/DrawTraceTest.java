package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.junit.Board;
import org.smmulator.junit.ExpectFault;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.AdrenoTrace;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.Pm4Stream;

/** Draws and dispatches do nothing, and the trace tells of them. Kernel: {@code adreno_pm4.xml}. */
class DrawTraceTest {
  private static final long SECOND = 1_000_000_000;

  private static List<String> traced(Machine machine) {
    return machine.tracer().events().stream()
        .filter(AdrenoTrace.class::isInstance)
        .map(event -> event.name() + ": " + event.print())
        .toList();
  }

  @Test
  void aDrawAndADispatchAreTracedWithTheirNumbers(@Board("db845c") Machine machine)
      throws Exception {
    Client client = machine.host("client");
    MsmDevice gpu = new MsmDevice(client, client.open("/dev/dri/renderD128"));
    MsmBuffer page = gpu.newBuffer(4096, GemNew.WC);
    for (int i = 0; i < 3; i++) {
      page.store32(4L * i, 11 + i);
    }
    long at = page.iova();
    Pm4Stream stream =
        gpu.stream()
            .raw(Pm4.packet(Pm4Opcode.DRAW_INDX_OFFSET, 3), 4, 2, 36)
            .raw(Pm4.packet(Pm4Opcode.DRAW_INDIRECT, 3), 4, (int) at, (int) (at >>> 32))
            .raw(Pm4.packet(Pm4Opcode.EXEC_CS, 4), 0, 8, 4, 1)
            .raw(Pm4.packet(Pm4Opcode.EXEC_CS_INDIRECT, 4), 0, (int) at, (int) (at >>> 32), 0);
    var use = ImmutableList.of(new MsmDevice.Use(page, GemSubmitBo.READ));

    gpu.submit(0, use, stream).await(SECOND);

    assertThat(traced(machine))
        .containsExactly(
            "adreno_draw: gpu=gpu@5000000 opcode=0x38 indices=36 instances=2",
            "adreno_draw: gpu=gpu@5000000 opcode=0x28 indices=11 instances=12",
            "adreno_dispatch: gpu=gpu@5000000 opcode=0x33 groups=8x4x1",
            "adreno_dispatch: gpu=gpu@5000000 opcode=0x41 groups=11x12x13")
        .inOrder();
  }

  /** The numbers of an indirect draw come through the client's table, as everything else. */
  @Test
  @ExpectFault(times = 2)
  void anIndirectDrawFromAStrayAddressFaults(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("client");
    MsmDevice gpu = new MsmDevice(client, client.open("/dev/dri/renderD128"));
    Pm4Stream stream = gpu.stream().raw(Pm4.packet(Pm4Opcode.DRAW_INDIRECT, 3), 4, 0xdead000, 1);

    gpu.submit(0, ImmutableList.of(), stream).await(SECOND);

    assertThat(
            machine.dmesg().lines().stream()
                .map(line -> line.text())
                .filter(text -> text.contains("iova=000000010dead000")))
        .isNotEmpty();
  }
}
