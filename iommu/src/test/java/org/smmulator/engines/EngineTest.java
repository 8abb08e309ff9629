package org.smmulator.engines;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.Translator;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.engines.VideoRegs;

/** Each engine under its driver: real bytes arrive, and what is refused hurts nobody else. */
class EngineTest {
  private static final int PAGE = 4096;

  private EngineMachine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = new EngineMachine();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  // ---- copy

  @Test
  void aCopyMovesBytesWhateverTheirAlignment() throws Exception {
    long from = machine.memory(4);
    long to = machine.memory(4);
    byte[] bytes = machine.fill(from + 3, 3 * PAGE, 1);

    machine.kernel.run(
        () -> machine.copy().copy(from + 3, to + 1001, 3 * PAGE, CopyController.NO_PASID));

    assertThat(machine.bytes(to + 1001, 3 * PAGE)).isEqualTo(bytes);
    assertThat(machine.bytes(to + 1000, 1)[0]).isEqualTo(0);
    assertThat(machine.bytes(to + 1001 + 3 * PAGE, 1)[0]).isEqualTo(0);
  }

  @Test
  void eachChannelSaysAsWhichSubstreamItCopies() throws Exception {
    long memory = machine.memory(1);
    List<Integer> seen = new ArrayList<>();
    machine.wire =
        (s, substream, iova, access) -> {
          seen.add(substream);
          return iova;
        };

    machine.kernel.run(() -> {
      machine.copy().copy(memory, memory + 64, 64, 5);
      machine.copy().copy(memory, memory + 64, 64, CopyController.NO_PASID);
    });

    assertThat(seen).containsExactly(5, 5, Translator.NO_SUBSTREAM, Translator.NO_SUBSTREAM);
    assertErrno(EINVAL, () -> machine.copy().copy(memory, memory, 1, 256));
  }

  @Test
  void aRefusedCopyEndsWithAnErrorAndTheOtherChannelGoesOn() throws Exception {
    long from = machine.memory(2);
    long to = machine.memory(2);
    byte[] bytes = machine.fill(from, 2 * PAGE, 2);
    machine.wire = (s, ss, iova, access) -> iova < PAGE ? Translator.ABORT : iova;

    machine.kernel.run(() -> {
      CopyJob good = machine.copy().start(from, to, 2 * PAGE, CopyController.NO_PASID);
      CopyJob bad = machine.copy().start(from, 0x10, 2 * PAGE, CopyController.NO_PASID);
      ErrnoException refused = assertThrows(ErrnoException.class, bad::await);
      good.await();

      assertThat(refused.errno()).isEqualTo(EIO);
      assertThat(refused).hasMessageThat().contains("store");
    });

    assertThat(machine.bytes(to, 2 * PAGE)).isEqualTo(bytes);
  }

  @Test
  void aStalledChannelWaitsAloneAndGoesOnWhereItWas() throws Exception {
    long from = machine.memory(2);
    long to = machine.memory(2);
    byte[] bytes = machine.fill(from, PAGE, 3);
    Doorbell resume = machine.kernel.scheduler.doorbell("resume");
    boolean[] resolved = new boolean[1];
    machine.wire =
        (s, ss, iova, access) -> {
          while (iova < PAGE && !resolved[0]) {
            resume.await();
          }
          return iova < PAGE ? to + iova : iova;
        };

    machine.kernel.run(() -> {
      CopyJob stalled = machine.copy().start(from, 0, PAGE, CopyController.NO_PASID);
      machine.copy().copy(from, to + PAGE, PAGE, CopyController.NO_PASID);
      assertThat(stalled.isDone()).isFalse();

      resolved[0] = true;
      resume.ring();
      stalled.await();
    });

    assertThat(machine.bytes(to, PAGE)).isEqualTo(bytes);
    assertThat(machine.bytes(to + PAGE, PAGE)).isEqualTo(bytes);
  }

  @Test
  void aCopyThatNobodyResumesTimesOutAndItsChannelIsFreeOnceItIsAnswered() throws Exception {
    long from = machine.memory(2);
    Doorbell resume = machine.kernel.scheduler.doorbell("resume");
    boolean[] stuck = {true};
    machine.wire =
        (s, ss, iova, access) -> {
          while (stuck[0] && iova == from) {
            resume.await();
          }
          return iova;
        };

    machine.kernel.run(() -> {
      CopyJob one = machine.copy().start(from, from + PAGE, 8, CopyController.NO_PASID);
      assertThat(assertThrows(ErrnoException.class, one::await).errno()).isEqualTo(ETIMEDOUT);
      for (int i = 0; i < 2; i++) { // the other channel, and the same again
        CopyJob other = machine.copy().start(from + 8, from + PAGE, 8, CopyController.NO_PASID);
        assertThat(other.channel()).isNotEqualTo(one.channel());
        other.await();
      }

      stuck[0] = false;
      resume.ring();
      machine.kernel.scheduler.sleep(100_000);
      CopyJob next = machine.copy().start(from, from + PAGE, 8, CopyController.NO_PASID);
      assertThat(next.channel()).isEqualTo(one.channel());
      next.await();
    });
  }

  // ---- usb

  @Test
  void aListOfPagesThatLieApartGoesOutAndComesIn() throws Exception {
    ScatterList out = apart(3, 4);
    ScatterList in = apart(3, 0);

    machine.kernel.run(() -> {
      assertThat(machine.usb().out(out)).isEqualTo(3 * PAGE);
      assertThat(machine.usb().in(in)).isEqualTo(3 * PAGE);
      assertThat(machine.usb().in(apart(1, 0))).isEqualTo(0);
    });

    for (int i = 0; i < 3; i++) {
      assertThat(machine.bytes(in.pa(i), PAGE)).isEqualTo(machine.bytes(out.pa(i), PAGE));
    }
  }

  @Test
  void aPieceThatIsRefusedIsAnErrorAndTheNextTransferWorks() throws Exception {
    ScatterList bad = apart(2, 5);
    ScatterList good = apart(2, 6);
    machine.wire =
        (s, ss, iova, access) ->
            iova >= bad.pa(1) && iova < bad.pa(1) + PAGE ? Translator.ABORT : iova;

    assertErrno(EIO, () -> machine.usb().out(bad));
    machine.kernel.run(() -> assertThat(machine.usb().out(good)).isEqualTo(2 * PAGE));
  }

  @Test
  void aRingThatCannotBeReachedHaltsTheControllerUntilTheDriverRestartsIt() throws Exception {
    machine.wire = (s, ss, iova, access) -> Translator.ABORT;
    assertErrno(EIO, () -> machine.usb().out(apart(1, 7)));

    machine.wire = Translator.none();
    machine.kernel.run(() -> assertThat(machine.usb().out(apart(1, 7))).isEqualTo(PAGE));
  }

  private ScatterList apart(int pages, long seed) throws Exception {
    ScatterList list = new ScatterList();
    for (int i = 0; i < pages; i++) {
      long pa = machine.memory(2);
      if (seed != 0) {
        byte[] _ = machine.fill(pa, PAGE, seed + i);
      }
      list.add(pa, PAGE);
    }
    return list;
  }

  // ---- video

  @Test
  void aFrameIsReadFromTheCarveOutAndItsNegativeWrittenBesideIt() throws Exception {
    byte[] frame = machine.fill(machine.video().sourcePa(), 1000, 8);

    machine.kernel.run(() -> machine.video().run(96, 10, 100, VideoRegs.INVERT));

    byte[] made = machine.bytes(machine.video().resultPa(), 1000);
    for (int i = 0; i < 1000; i++) {
      int expected = i % 100 < 96 ? 255 - (frame[i] & 0xff) : 0; // nothing between the lines
      assertThat(made[i] & 0xff).isEqualTo(expected);
    }
    assertErrno(EINVAL, () -> machine.video().run(100, 10_000, 100, VideoRegs.COPY));
  }

  @Test
  void aFrameThatCannotBeWrittenIsAnError() throws Exception {
    machine.wire = (s, ss, iova, access) -> access == BusMaster.WRITE ? Translator.ABORT : iova;

    assertErrno(EIO, () -> machine.video().run(64, 4, 64, VideoRegs.COPY));
  }

  // ---- card

  @Test
  void blocksAreWrittenFromOneRunAndReadBackInPieces() throws Exception {
    long from = machine.memory(2);
    ScatterList to = apart(2, 0);
    byte[] bytes = machine.fill(from, 2 * PAGE, 9);

    machine.kernel.run(() -> {
      machine.sd().transferSingle(7, from, 2 * PAGE, true);
      machine.sd().transfer(7, to, false);
    });

    assertThat(machine.bytes(to.pa(0), PAGE)).isEqualTo(java.util.Arrays.copyOf(bytes, PAGE));
    assertThat(machine.bytes(to.pa(1), PAGE))
        .isEqualTo(java.util.Arrays.copyOfRange(bytes, PAGE, 2 * PAGE));
  }

  @Test
  void aRunLongerThanOneDescriptorTakesSeveral() throws Exception {
    long from = machine.memory(32);
    long to = machine.memory(32);
    byte[] bytes = machine.fill(from, 256 * 512, 10);

    machine.kernel.run(() -> {
      machine.sd().transferSingle(0, from, 256 * 512, true);
      machine.sd().transferSingle(0, to, 256 * 512, false);
    });

    assertThat(machine.bytes(to, 256 * 512)).isEqualTo(bytes);
  }

  @Test
  void aBlockThatIsNotThereAndMemoryThatIsRefusedAreErrors() throws Exception {
    long memory = machine.memory(1);

    assertErrno(EIO, () -> machine.sd().transferSingle(256, memory, 512, false));
    assertErrno(EINVAL, () -> machine.sd().transferSingle(0, memory, 100, false));
    machine.wire = (s, ss, iova, access) -> iova == memory ? Translator.ABORT : iova;
    assertErrno(EIO, () -> machine.sd().transferSingle(0, memory, 512, false));
    machine.wire = Translator.none();
    machine.kernel.run(() -> machine.sd().transferSingle(0, memory, 512, false));
  }

  // ---- msi

  @Test
  void aStoreToTheDoorbellIsAnInterruptAndNoneIsLost() throws Exception {
    machine.kernel.run(() -> {
      machine.msi().trigger();
      machine.msi().await(1, 1_000_000);
      machine.msi().trigger();
      machine.msi().await(2, 1_000_000);
    });

    assertThat(machine.msi().vector().data()).isEqualTo(EngineMachine.FIRST_SPI);
    assertThat(machine.msi().vector().doorbellPa()).isEqualTo(0x100_0040L);
    assertThat(machine.msi().sent()).isEqualTo(2);
    assertThat(machine.msi().lost()).isEqualTo(0);
  }

  @Test
  void aStoreThatIsRefusedInterruptsNobody() throws Exception {
    machine.wire = (s, ss, iova, access) -> Translator.ABORT;

    assertErrno(
        ETIMEDOUT,
        () -> {
          machine.msi().trigger();
          machine.msi().await(1, 1_000_000);
        });

    assertThat(machine.msi().lost()).isEqualTo(1);
    assertThat(machine.msi().interrupts()).isEqualTo(0);
  }

  private interface Call {
    void run() throws Exception;
  }

  private void assertErrno(Errno errno, Call call) throws Exception {
    machine.kernel.run(
        () -> assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno));
  }
}
