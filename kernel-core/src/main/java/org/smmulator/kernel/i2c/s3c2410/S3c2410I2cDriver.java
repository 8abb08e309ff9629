package org.smmulator.kernel.i2c.s3c2410;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.i2c.I2cAdapter;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.regs.i2c.S3c2410I2cRegs;

/** The driver of Samsung's I2C controllers. Kernel: {@code i2c-s3c2410.c}. */
public final class S3c2410I2cDriver implements PlatformDriver {
  private static final String PLAIN = "samsung,s3c2440-i2c";
  private static final String HDMI_PHY = "samsung,s3c2440-hdmiphy-i2c";

  /** In kHz: the clock of an Exynos's peripherals, whose clock driver is not modelled. */
  private static final int CLOCK_KHZ = 66_000;

  /** {@code I2C_MAX_STANDARD_MODE_FREQ}. */
  private static final int STANDARD_HZ = 100_000;

  private static final int LONGEST_SDA_DELAY = 3;

  private final KernelServices kernel;

  @Inject
  public S3c2410I2cDriver(KernelServices kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "s3c-i2c";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of(PLAIN, HDMI_PHY);
  }

  /**
   * {@inheritDoc} ENOENT without its clock; EINVAL for a frequency that it cannot reach; ENXIO
   * without an interrupt. Kernel: {@code s3c24xx_i2c_probe()}.
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    Supply clock = device.clock("i2c");
    if (clock == null) {
      device.err("cannot get clock");
      throw ENOENT.because("no clock 'i2c'");
    }
    Mmio registers = device.registers(0);
    initialize(device, registers, clock);
    S3c24xxI2c bus =
        new S3c24xxI2c(
            device, registers, clock, kernel.scheduler(), device.node().isCompatible(HDMI_PHY));
    IrqLine.Registration irq = device.irq(0).request(device.name(), bus::interrupt);
    device.devres().add("free the interrupt", irq::close);
    device.attach(
        I2cAdapter.class, new I2cAdapter("s3c2410-i2c", bus, S3c24xxI2c.RETRIES, kernel.lockdep()));
    device.devres().add("delete the adapter", () -> device.detach(I2cAdapter.class));
    device.info("S3C I2C adapter");
  }

  /** Kernel: {@code s3c24xx_i2c_init()}. */
  private static void initialize(PlatformDevice device, Mmio registers, Supply clock)
      throws ErrnoException {
    int slave = device.node().cell("samsung,i2c-slave-addr", 0);
    clock.enable();
    try {
      registers.write(S3c2410I2cRegs.IICADD, slave);
      device.info("slave address 0x%02x", slave);
      registers.write(S3c2410I2cRegs.IICCON, 0);
      registers.write(S3c2410I2cRegs.IICSTAT, 0);
      int gotKhz = setRate(device, registers);
      device.info("bus frequency set to %d KHz", gotKhz);
    } finally {
      clock.disable();
    }
  }

  /**
   * Sets the divisors, and the data line's delay. Kernel: {@code s3c24xx_i2c_clockrate()}, {@code
   * s3c24xx_i2c_calcdivisor()}.
   */
  private static int setRate(PlatformDevice device, Mmio registers) throws ErrnoException {
    int wantedKhz = device.node().cell("samsung,i2c-max-bus-freq", STANDARD_HZ) / 1000;
    int ratio = wantedKhz <= 0 ? CLOCK_KHZ : CLOCK_KHZ / wantedKhz;
    int first = ratio > 16 * 16 ? 512 : 16;
    int second = Math.clamp((ratio + first - 1) / first, 1, 17);
    int gotKhz = CLOCK_KHZ / (second * first);
    if (gotKhz > wantedKhz) {
      device.err(
          "Unable to achieve desired frequency %dKHz. Lowest achievable %dKHz", wantedKhz, gotKhz);
      device.err("cannot meet bus frequency required");
      throw EINVAL.because("a bus of %d kHz", wantedKhz);
    }
    registers.write(
        S3c2410I2cRegs.IICCON,
        S3c2410I2cRegs.IICCON_SCALE.of(second - 1 & 0xf)
            | S3c2410I2cRegs.IICCON_TXDIV_512.of(first == 512 ? 1 : 0));
    registers.write(S3c2410I2cRegs.IICLC, sdaDelay(device.node().cell("samsung,i2c-sda-delay", 0)));
    return gotKhz;
  }

  private static int sdaDelay(int wantedNs) {
    if (wantedNs == 0) {
      return 0;
    }
    long ticks = Math.ceilDiv((long) CLOCK_KHZ * Integer.toUnsignedLong(wantedNs), 1_000_000L);
    long steps = Math.min(Math.ceilDiv(ticks, 5L), LONGEST_SDA_DELAY);
    return (int) steps | S3c2410I2cRegs.IICLC_FILTER_ON.mask();
  }
}
