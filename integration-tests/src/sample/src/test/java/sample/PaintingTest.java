package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.smmulator.junit.Board;
import org.smmulator.junit.ExpectFault;
import org.smmulator.junit.ScenarioTest;
import org.smmulator.junit.Schedules;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.msm.Gpu;
import org.smmulator.userspace.msm.MsmBuffer;

@Board("db845c")
class PaintingTest {
  private static final long SECOND_NS = 1_000_000_000;

  @Test
  void neitherSeesTheOther(Gpu painter, Gpu reader) throws Exception {
    MsmBuffer canvas = painter.buffer(4096);
    MsmBuffer page = reader.buffer(4096);

    painter.submit(painter.stream().memWrite(canvas.iova(), 0xcafe), canvas).await(SECOND_NS);

    assertEquals(canvas.iova(), page.iova());
    assertEquals(0xcafe, canvas.load32(0));
    assertEquals(0, page.load32(0));
  }

  @Test
  @ExpectFault
  void strays(Gpu painter) throws Exception {
    painter.submit(painter.stream().memWrite(0x7000_0000L, 1)).await(SECOND_NS);
  }

  @Schedules(count = 3)
  void boots(Machine machine) {
    assertEquals(8, machine.cpuCount());
  }

  @ScenarioTest("two-processes")
  void scenarios() {}
}
