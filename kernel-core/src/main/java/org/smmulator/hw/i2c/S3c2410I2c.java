package org.smmulator.hw.i2c;

import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICADD;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICCON;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICCON_IRQEN;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICCON_IRQPEND;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICCON_SCALE;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICCON_TXDIV_512;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICDS;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICLC;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICSTAT;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICSTAT_LASTBIT;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICSTAT_MODE;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICSTAT_START;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.IICSTAT_TXRXEN;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.MODE_MASTER_RX;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.MODE_MASTER_TX;
import static org.smmulator.regs.i2c.S3c2410I2cRegs.WINDOW_BYTES;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;

/**
 * A model of Samsung's I2C controller as a master.
 *
 * <p>After each byte IRQPEND is set and the bus waits. What was written to IICSTAT meanwhile takes
 * effect when IRQPEND is cleared: START a further start condition with the byte in IICDS, its
 * absence a stop, TXRXEN's absence lets go of the wires; else the next byte follows.
 *
 * <p>Not modelled: the controller as a slave, arbitration, because the bus has one master.
 *
 * @implNote Unverified: that letting go of the wires ends the transfer for the slave as a stop
 *     does, and that BUSBUSY reads as zero then.
 */
public final class S3c2410I2c {
  private static final long NS_A_SECOND = 1_000_000_000;

  /** Eight bits and the acknowledge bit. */
  private static final int BITS_A_BYTE = 9;

  /** The next event on the bus when it goes on. */
  private enum Next {
    BYTE,
    START,
    STOP
  }

  private final Timebase timebase;
  private final I2cBus bus;
  private final IrqPin interrupt;
  private final long clockHz;
  private final RegisterFile registers;
  private Next next = Next.BYTE;
  private boolean busy;
  private boolean moving;
  private int generation;

  /**
   * Makes a controller that is idle.
   *
   * @param clockHz the clock that its divisors divide
   */
  public S3c2410I2c(Timebase timebase, long clockHz, I2cBus bus, IrqPin interrupt) {
    this.timebase = timebase;
    this.clockHz = clockHz;
    this.bus = bus;
    this.interrupt = interrupt;
    this.registers =
        RegisterFile.builder(WINDOW_BYTES)
            .indexed(IICCON, _ -> control(), (_, value) -> setControl(value))
            .indexed(IICSTAT, _ -> status(), (_, value) -> setStatus(value))
            .readWrite(IICADD)
            .readWrite(IICDS, 0xff)
            .readWrite(IICLC)
            .build();
  }

  /** The register window. */
  public MmioTarget mmio() {
    return registers;
  }

  // ---- from the CPU

  private int control() {
    return registers.get(IICCON);
  }

  private void setControl(int value) {
    int pending = registers.get(IICCON) & value & IICCON_IRQPEND.mask();
    boolean goesOn = IICCON_IRQPEND.isSet(registers.get(IICCON)) && pending == 0;
    registers.set(IICCON, (value & ~IICCON_IRQPEND.mask() & 0xff) | pending);
    drive();
    if (goesOn) {
      goOn();
    }
  }

  private int status() {
    int busBusy = busy ? IICSTAT_START.mask() : 0;
    return (registers.get(IICSTAT) & ~IICSTAT_START.mask()) | busBusy;
  }

  private void setStatus(int value) {
    int written = IICSTAT_MODE.mask() | IICSTAT_TXRXEN.mask();
    registers.set(IICSTAT, (registers.get(IICSTAT) & ~written) | (value & written));
    next = IICSTAT_START.isSet(value) ? Next.START : Next.STOP;
    if (!moving && !IICCON_IRQPEND.isSet(registers.get(IICCON))) {
      goOn();
    }
  }

  private void drive() {
    int control = registers.get(IICCON);
    interrupt.set(IICCON_IRQPEND.isSet(control) && IICCON_IRQEN.isSet(control));
  }

  // ---- the bus

  private void goOn() {
    Next now = next;
    next = Next.BYTE;
    if (!IICSTAT_TXRXEN.isSet(registers.get(IICSTAT)) || now == Next.STOP) {
      stop();
    } else if (now == Next.START && isMaster()) {
      busy = true;
      afterAByte(this::addressed);
    } else if (busy) {
      afterAByte(this::through);
    }
  }

  private boolean isMaster() {
    int mode = IICSTAT_MODE.get(registers.get(IICSTAT));
    return mode == MODE_MASTER_TX || mode == MODE_MASTER_RX;
  }

  private void stop() {
    if (busy) {
      busy = false;
      moving = false;
      generation++;
      bus.stop();
      registers.set(IICSTAT, registers.get(IICSTAT) & ~IICSTAT_MODE.mask());
    }
  }

  private void afterAByte(Runnable what) {
    int control = registers.get(IICCON);
    long divisor = (IICCON_TXDIV_512.isSet(control) ? 512L : 16L) * (IICCON_SCALE.get(control) + 1);
    int started = ++generation;
    moving = true;
    timebase.after(
        BITS_A_BYTE * NS_A_SECOND * divisor / clockHz,
        () -> {
          if (started == generation) {
            moving = false;
            what.run();
          }
        });
  }

  private void addressed() {
    acknowledged(bus.start(registers.get(IICDS)));
  }

  private void through() {
    if (IICSTAT_MODE.get(registers.get(IICSTAT)) == MODE_MASTER_TX) {
      acknowledged(bus.write(registers.get(IICDS)));
    } else {
      registers.set(IICDS, bus.read());
      pend();
    }
  }

  private void acknowledged(boolean acknowledged) {
    int rest = registers.get(IICSTAT) & ~IICSTAT_LASTBIT.mask();
    registers.set(IICSTAT, rest | IICSTAT_LASTBIT.of(acknowledged ? 0 : 1));
    pend();
  }

  private void pend() {
    registers.set(IICCON, registers.get(IICCON) | IICCON_IRQPEND.mask());
    drive();
  }
}
