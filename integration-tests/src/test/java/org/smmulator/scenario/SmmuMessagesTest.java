package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Joiner;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.trace.Dmesg;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.userspace.Client;

/** An SMMUv3 that interrupts, and says that it is done, by stores. */
class SmmuMessagesTest {
  private static final int PAGE = 4096;
  private static final int PROT_READ_WRITE = 3;
  private static final String BY_MESSAGE = "&smmu3 { smmulator,msi; msi-parent = <&v2m>; };";
  private static final String WITHOUT_WIRES =
      "&smmu3 { /delete-property/ interrupts; /delete-property/ interrupt-names; };";

  /** Counts what the driver reads of one register of the SMMU, and can spoil a command. */
  private final class Counter implements Interposer {
    private static final int COMMAND_BYTES = 16;
    private static final int BASE_LOW = 0xffff_ffe0;
    private static final int SIZE = 0x1f;
    private static final long NO_SUCH_COMMAND = 0xff;

    int reads;
    boolean spoilsNext;
    private int queue;
    private int next;

    @Override
    public MmioTarget registers(DtNode device, MmioTarget found) {
      return device.compatible().contains("arm,smmu-v3") ? counting(found) : found;
    }

    private MmioTarget counting(MmioTarget model) {
      return new MmioTarget() {
        @Override
        public int read32(int offset) {
          reads += offset == SmmuV3Regs.CMDQ_CONS.offset() ? 1 : 0;
          return model.read32(offset);
        }

        @Override
        public void write32(int offset, int value) {
          if (offset == SmmuV3Regs.CMDQ_BASE.offset()) {
            queue = value;
          } else if (offset == SmmuV3Regs.CMDQ_PROD.offset()) {
            if (spoilsNext) {
              spoilsNext = false;
              spoil();
            }
            next = value;
          }
          model.write32(offset, value);
        }
      };
    }

    /** The first of the commands that the driver is about to hand over is none. */
    private void spoil() {
      int index = next & (1 << (queue & SIZE)) - 1;
      long place = Integer.toUnsignedLong(queue & BASE_LOW) + (long) index * COMMAND_BYTES;
      requireNonNull(machine).dram().putLong(place, NO_SUCH_COMMAND);
    }
  }

  private final Counter counter = new Counter();
  private @Nullable Machine machine;

  @AfterEach
  void close() {
    if (machine != null) {
      machine.close();
    }
  }

  /** One stalls for its pages, the other asks for them: events, and page requests. */
  @ParameterizedTest
  @ValueSource(strings = {"/dev/copy0", "/dev/copy2"})
  void withoutAWireEventsAndPageRequestsArrive(String node, @TempDir Path folder) throws Exception {
    Machine booted = boot(folder, BY_MESSAGE + WITHOUT_WIRES);

    copyIntoPagesThatNobodyHasTouched(booted, node);

    assertThat(log(booted)).doesNotContain("falling back to wired irqs");
    assertThat(log(booted)).doesNotContain("no evtq irq");
  }

  @Test
  void withoutAWireErrorsArriveAndTheDriverGoesOn(@TempDir Path folder) throws Exception {
    Machine booted = boot(folder, BY_MESSAGE + WITHOUT_WIRES);
    counter.spoilsNext = true;

    copyIntoPagesThatNobodyHasTouched(booted, "/dev/copy2");

    assertThat(counter.spoilsNext).isFalse();
    assertThat(log(booted)).containsMatch("CMDQ error \\(cons 0x[0-9a-f]+\\): Illegal command");
  }

  @Test
  void whoeverWaitsForAnInvalidationLooksAtMemory(@TempDir Path folder) throws Exception {
    Machine booted = boot(folder, BY_MESSAGE);
    counter.reads = 0;

    copyIntoPagesThatNobodyHasTouched(booted, "/dev/copy2");

    assertThat(counter.reads).isEqualTo(0);
  }

  @Test
  void withoutMessagesItLooksAtTheQueuesRegister(@TempDir Path folder) throws Exception {
    Machine booted = boot(folder, "");
    counter.reads = 0;

    copyIntoPagesThatNobodyHasTouched(booted, "/dev/copy2");

    assertThat(counter.reads).isGreaterThan(0);
  }

  @Test
  void withNobodyToGiveOutMessagesTheWiresDo(@TempDir Path folder) throws Exception {
    Machine booted = boot(folder, "&smmu3 { smmulator,msi; };");

    copyIntoPagesThatNobodyHasTouched(booted, "/dev/copy0");

    assertThat(log(booted)).contains("msi_domain absent - falling back to wired irqs");
  }

  @Test
  void withNoMessageLeftTheWiresDo(@TempDir Path folder) throws Exception {
    Machine booted = boot(folder, BY_MESSAGE + "&v2m { smmulator,msi-num-spis = <2>; };");

    copyIntoPagesThatNobodyHasTouched(booted, "/dev/copy0");
    copyIntoPagesThatNobodyHasTouched(booted, "/dev/copy2");

    assertThat(log(booted)).contains("failed to allocate MSIs - falling back to wired irqs");
  }

  private Machine boot(Path folder, String changes) throws Exception {
    Path board =
        Files.writeString(
            folder.resolve("board.dts"), "/dts-v1/;\n#include \"virt.dts\"\n" + changes + "\n");
    Machine booted = Machine.on(new Boards().load(board.toString())).interpose(counter).boot();
    machine = booted;
    return booted;
  }

  private static void copyIntoPagesThatNobodyHasTouched(Machine booted, String node)
      throws Exception {
    Client client = booted.host("copier");
    CopyNode engine = CopyNode.open(client, node);
    long from = client.mmapAnonymous(PAGE, PROT_READ_WRITE);
    long to = client.mmapAnonymous(2 * PAGE, PROT_READ_WRITE);
    client.store32(from, 0xcafe);

    engine.copy(from, to + PAGE, 4, CopyRun.PROCESS);

    assertThat(client.load32(to + PAGE)).isEqualTo(0xcafe);
    client.munmap(to, 2 * PAGE);
    client.exit();
    booted.settle();
  }

  private static String log(Machine booted) {
    return Joiner.on('\n').join(booted.dmesg().lines().stream().map(Dmesg.Line::text).toList());
  }
}
