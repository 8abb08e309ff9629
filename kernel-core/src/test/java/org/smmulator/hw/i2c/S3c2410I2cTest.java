package org.smmulator.hw.i2c;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** The controller by its registers; offsets and bits are those of {@code i2c-s3c2410.c}. */
class S3c2410I2cTest {
  private static final int CON = 0x00;
  private static final int STAT = 0x04;
  private static final int DATA = 0x0c;
  private static final int ACK = 1 << 7;
  private static final int IRQ_ENABLE = 1 << 5;
  private static final int PENDING = 1 << 4;
  private static final int BUSY = 1 << 5;
  private static final int ENABLE = 1 << 4;
  private static final int NO_ACK = 1;
  private static final int SEND = 3 << 6;
  private static final int RECEIVE = 2 << 6;

  /** Divisors of 16 and 1: at 16 MHz a bit takes a microsecond. */
  private static final long CLOCK_HZ = 16_000_000;

  private static final long BYTE_NS = 9_000;

  private final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  private final List<String> heard = new ArrayList<>();
  private final I2cBus bus = new I2cBus();
  private boolean interrupt;
  private final S3c2410I2c controller =
      new S3c2410I2c(time, CLOCK_HZ, bus, level -> interrupt = level);

  /** A slave at 0x50 that takes two bytes and sends 7, 8, 9 and so on. */
  private final class Slave implements I2cSlave {
    private int taken;
    private int next = 7;

    @Override
    public boolean start(int address, boolean read) {
      heard.add((read ? "read " : "write ") + Integer.toHexString(address));
      return address == 0x50;
    }

    @Override
    public boolean write(int value) {
      heard.add("byte " + value);
      return ++taken <= 2;
    }

    @Override
    public int read() {
      return next++;
    }

    @Override
    public void stop() {
      heard.add("stop");
    }
  }

  @AfterEach
  void close() {
    time.close();
  }

  private void write(int register, int value) {
    controller.mmio().write32(register, value);
  }

  private int read(int register) {
    return controller.mmio().read32(register);
  }

  private void run() {
    boolean _ = time.run(() -> false);
  }

  private void start(int mode, int first) {
    write(STAT, mode | ENABLE);
    write(DATA, first);
    write(STAT, mode | ENABLE | BUSY);
  }

  private void goOn() {
    write(CON, read(CON) & ~PENDING);
    run();
  }

  @Test
  void aByteTakesNineBitsAndThenTheBusWaits() {
    bus.connect(new Slave());
    write(CON, ACK | IRQ_ENABLE);

    start(SEND, 0x50 << 1);
    assertThat(read(STAT) & BUSY).isEqualTo(BUSY);
    assertThat(interrupt).isFalse();
    run();

    assertThat(time.nowNs()).isEqualTo(BYTE_NS);
    assertThat(interrupt).isTrue();
    assertThat(read(CON) & PENDING).isEqualTo(PENDING);
    assertThat(read(STAT) & NO_ACK).isEqualTo(0);
    run();
    assertThat(time.nowNs()).isEqualTo(BYTE_NS);
    assertThat(heard).containsExactly("write 50");
  }

  @Test
  void writingOneToPendingChangesNothing() {
    bus.connect(new Slave());
    write(CON, ACK | IRQ_ENABLE);
    start(SEND, 0x50 << 1);
    run();

    write(CON, read(CON));
    run();

    assertThat(interrupt).isTrue();
    assertThat(heard).hasSize(1);
  }

  @Test
  void nobodyAcknowledgesAnAddressThatNobodyHas() {
    bus.connect(new Slave());
    start(SEND, 0x51 << 1);
    run();

    assertThat(read(STAT) & NO_ACK).isEqualTo(NO_ACK);
    assertThat(interrupt).isFalse(); // it is not enabled
  }

  @Test
  void aRepeatedStartTurnsTheDirection() {
    bus.connect(new Slave());
    write(CON, ACK);
    start(SEND, 0x50 << 1);
    run();
    write(DATA, 42);
    goOn();

    start(RECEIVE, 0x50 << 1 | 1);
    goOn();
    goOn();
    assertThat(read(DATA)).isEqualTo(7);
    goOn();
    assertThat(read(DATA)).isEqualTo(8);
    write(STAT, read(STAT) & ~BUSY);
    assertThat(read(STAT) & BUSY).isEqualTo(BUSY); // the stop comes when the bus goes on
    goOn();

    assertThat(read(STAT) & BUSY).isEqualTo(0);
    assertThat(heard).containsExactly("write 50", "byte 42", "read 50", "stop").inOrder();
    assertThat(time.nowNs()).isEqualTo(5 * BYTE_NS);
  }

  @Test
  void aSlaveThatWantsNoMoreSaysSo() {
    bus.connect(new Slave());
    start(SEND, 0x50 << 1);
    run();
    for (int i = 0; i < 2; i++) {
      goOn();
      assertThat(read(STAT) & NO_ACK).isEqualTo(0);
    }
    goOn();
    assertThat(read(STAT) & NO_ACK).isEqualTo(NO_ACK);
  }

  @Test
  void lettingGoOfTheWiresEndsTheTransfer() {
    bus.connect(new Slave());
    start(SEND, 0x50 << 1);
    run();

    write(STAT, read(STAT) & ~ENABLE);
    goOn();

    assertThat(read(STAT) & BUSY).isEqualTo(0);
    assertThat(heard).containsExactly("write 50", "stop").inOrder();
  }
}
