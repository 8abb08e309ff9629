package org.smmulator.kernel.i2c.s3c2410;

import static org.smmulator.kernel.errno.Errno.ECONNREFUSED;
import static org.smmulator.kernel.errno.Errno.ENXIO;
import static org.smmulator.kernel.errno.Errno.EREMOTEIO;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.i2c.I2cAlgorithm;
import org.smmulator.kernel.i2c.I2cMessage;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.regs.i2c.S3c2410I2cRegs;

/**
 * One controller: it starts the first message of a transfer, and each interrupt, which comes after
 * each byte, decides what follows. Kernel: {@code struct s3c24xx_i2c}.
 *
 * <p>The bus's lock lets one transfer in at a time; its state is changed by the interrupt alone
 * while the transfer waits.
 */
final class S3c24xxI2c implements I2cAlgorithm {
  /** {@code i2c_adapter.retries} of the driver. */
  static final int RETRIES = 2;

  private static final long NS_A_MS = 1_000_000;
  private static final long TRANSFER_TIMEOUT_NS = 5_000 * NS_A_MS;
  private static final long IDLE_TIMEOUT_NS = 5 * NS_A_MS;
  private static final long IDLE_POLL_NS = 1_000;
  private static final long RETRY_DELAY_NS = 100_000;

  /** Polls of a bus that is busy, a millisecond each. */
  private static final int BUSY_POLLS = 400;

  /** Kernel: {@code enum s3c24xx_i2c_state}. */
  private enum State {
    IDLE,
    START,
    READ,
    WRITE,
    STOP
  }

  private final PlatformDevice device;
  private final Mmio registers;
  private final Supply clock;
  private final Scheduler scheduler;
  private final boolean isHdmiPhyBus;
  private final WaitQueue ended;
  private ImmutableList<I2cMessage> messages = ImmutableList.of();
  private State state = State.IDLE;
  private int index;
  private int at;
  private boolean running;
  private @Nullable Errno failed;

  /**
   * Takes a controller whose registers are in order.
   *
   * @param isHdmiPhyBus whether it is the one whose only slave is the PHY of HDMI: {@code
   *     QUIRK_HDMIPHY}
   */
  S3c24xxI2c(
      PlatformDevice device,
      Mmio registers,
      Supply clock,
      Scheduler scheduler,
      boolean isHdmiPhyBus) {
    this.device = device;
    this.registers = registers;
    this.clock = clock;
    this.scheduler = scheduler;
    this.isHdmiPhyBus = isHdmiPhyBus;
    this.ended = new WaitQueue(scheduler, device.name() + " to transfer");
  }

  // ---- a transfer

  /** {@inheritDoc} Kernel: {@code s3c24xx_i2c_xfer()}. */
  @Override
  public int transfer(ImmutableList<I2cMessage> wanted) throws ErrnoException {
    clock.enable();
    try {
      for (int retry = 0; retry < RETRIES; retry++) {
        if (awaitMaster()) {
          return once(wanted);
        }
        device.err("cannot get bus (error %d)", -Errno.ETIMEDOUT.number());
        scheduler.sleep(RETRY_DELAY_NS);
      }
    } finally {
      clock.disable();
    }
    throw EREMOTEIO.because("the bus of %s stays busy", device.name());
  }

  /** Kernel: {@code s3c24xx_i2c_set_master()}. */
  private boolean awaitMaster() {
    for (int poll = 0; poll < BUSY_POLLS; poll++) {
      if (!S3c2410I2cRegs.IICSTAT_START.isSet(registers.read(S3c2410I2cRegs.IICSTAT))) {
        return true;
      }
      scheduler.sleep(NS_A_MS);
    }
    return false;
  }

  /** Kernel: {@code s3c24xx_i2c_doxfer()}. */
  private int once(ImmutableList<I2cMessage> wanted) throws ErrnoException {
    messages = wanted;
    index = 0;
    at = 0;
    failed = null;
    running = true;
    state = State.START;
    setControl(S3c2410I2cRegs.IICCON_IRQEN.mask(), true);
    start(wanted.getFirst());
    var _ = ended.await(() -> !running, scheduler.nowNs() + TRANSFER_TIMEOUT_NS);
    running = false;
    if (!isHdmiPhyBus) { // which lets go of the wires instead of a stop
      awaitIdle();
      disableBus();
    }
    state = State.IDLE;
    Errno why = failed;
    if (why != null) {
      throw why.because("a transfer of %s", device.name());
    }
    return index;
  }

  /** Kernel: {@code s3c24xx_i2c_message_start()}. */
  private void start(I2cMessage message) {
    int mode = message.isRead() ? S3c2410I2cRegs.MODE_MASTER_RX : S3c2410I2cRegs.MODE_MASTER_TX;
    int status = S3c2410I2cRegs.IICSTAT_TXRXEN.mask() | S3c2410I2cRegs.IICSTAT_MODE.of(mode);
    setControl(S3c2410I2cRegs.IICCON_ACKEN.mask(), true);
    int control = registers.read(S3c2410I2cRegs.IICCON);
    registers.write(S3c2410I2cRegs.IICSTAT, status);
    registers.write(S3c2410I2cRegs.IICDS, message.address() << 1 | (message.isRead() ? 1 : 0));
    registers.write(S3c2410I2cRegs.IICCON, control);
    registers.write(S3c2410I2cRegs.IICSTAT, status | S3c2410I2cRegs.IICSTAT_START.mask());
  }

  private void setControl(int bits, boolean on) {
    int control = registers.read(S3c2410I2cRegs.IICCON);
    registers.write(S3c2410I2cRegs.IICCON, on ? control | bits : control & ~bits);
  }

  /** Kernel: {@code s3c24xx_i2c_wait_idle()}. */
  private void awaitIdle() {
    long deadlineNs = scheduler.nowNs() + IDLE_TIMEOUT_NS;
    while (S3c2410I2cRegs.IICSTAT_START.isSet(registers.read(S3c2410I2cRegs.IICSTAT))) {
      if (scheduler.nowNs() > deadlineNs) {
        device.warn("timeout waiting for bus idle");
        return;
      }
      scheduler.sleep(IDLE_POLL_NS);
    }
  }

  /** Kernel: {@code s3c24xx_i2c_disable_bus()}. */
  private void disableBus() {
    int status = registers.read(S3c2410I2cRegs.IICSTAT);
    registers.write(S3c2410I2cRegs.IICSTAT, status & ~S3c2410I2cRegs.IICSTAT_TXRXEN.mask());
    setControl(
        S3c2410I2cRegs.IICCON_IRQEN.mask()
            | S3c2410I2cRegs.IICCON_IRQPEND.mask()
            | S3c2410I2cRegs.IICCON_ACKEN.mask(),
        false);
  }

  // ---- the interrupt

  /** A byte is through. Kernel: {@code s3c24xx_i2c_irq()}. */
  IrqReturn interrupt() {
    int status = registers.read(S3c2410I2cRegs.IICSTAT);
    if (S3c2410I2cRegs.IICSTAT_ARBITR.isSet(status)) {
      device.err("deal with arbitration loss");
    }
    if (state != State.IDLE) {
      nextByte(S3c2410I2cRegs.IICSTAT_LASTBIT.isSet(status));
    }
    setControl(S3c2410I2cRegs.IICCON_IRQPEND.mask(), false);
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code i2c_s3c_irq_nextbyte()}. */
  private void nextByte(boolean refused) {
    switch (state) {
      case START -> started(refused);
      case WRITE -> written(refused);
      case READ -> {
        messages.get(index).bytes()[at++] = (byte) registers.read(S3c2410I2cRegs.IICDS);
        prepareRead();
      }
      case STOP -> {
        device.err("i2c_s3c_irq_nextbyte: called in STATE_STOP");
        setControl(S3c2410I2cRegs.IICCON_IRQEN.mask(), false);
      }
      case IDLE -> throw new IllegalStateException("nothing is transferred");
    }
  }

  private void started(boolean refused) {
    if (refused) {
      stop(ENXIO);
      return;
    }
    I2cMessage message = messages.get(index);
    state = message.isRead() ? State.READ : State.WRITE;
    if (isLastMessage() && message.bytes().length == 0) {
      stop(null);
    } else if (message.isRead()) {
      prepareRead();
    } else {
      written(false);
    }
  }

  private void written(boolean refused) {
    if (refused) {
      stop(ECONNREFUSED);
    } else if (at < messages.get(index).bytes().length) {
      registers.write(S3c2410I2cRegs.IICDS, messages.get(index).bytes()[at++] & 0xff);
    } else if (!isLastMessage()) {
      at = 0;
      index++;
      start(messages.get(index));
      state = State.START;
    } else {
      stop(null);
    }
  }

  /**
   * Has the last byte of the last message not acknowledged, and ends after it.
   *
   * <p>As upstream no start condition is sent between a message that reads and the next.
   */
  private void prepareRead() {
    int size = messages.get(index).bytes().length;
    if (at == size - 1 && isLastMessage()) {
      setControl(S3c2410I2cRegs.IICCON_ACKEN.mask(), false);
    } else if (at >= size && isLastMessage()) {
      stop(null);
    } else if (at >= size) {
      at = 0;
      index++;
    }
  }

  private boolean isLastMessage() {
    return index >= messages.size() - 1;
  }

  /** Kernel: {@code s3c24xx_i2c_stop()}, {@code s3c24xx_i2c_master_complete()}. */
  private void stop(@Nullable Errno why) {
    int status = registers.read(S3c2410I2cRegs.IICSTAT);
    int bit =
        isHdmiPhyBus ? S3c2410I2cRegs.IICSTAT_TXRXEN.mask() : S3c2410I2cRegs.IICSTAT_START.mask();
    registers.write(S3c2410I2cRegs.IICSTAT, status & ~bit);
    state = State.STOP;
    at = 0;
    index++;
    failed = why;
    running = false;
    ended.wakeAll();
    setControl(S3c2410I2cRegs.IICCON_IRQEN.mask(), false);
  }
}
