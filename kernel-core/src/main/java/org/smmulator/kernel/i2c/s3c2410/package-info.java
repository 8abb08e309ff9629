/**
 * The driver of the I2C controllers of Samsung's chips, from the S3C2410 to the Exynos 5250.
 *
 * <p>Start at {@link org.smmulator.kernel.i2c.s3c2410.S3c2410I2cDriver}; {@code S3c24xxI2c} is one
 * controller.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/i2c/busses/i2c-s3c2410.c}</th><th>Here</th></tr>
 *   <tr><td>{@code s3c24xx_i2c_driver}</td><td>{@link
 *       org.smmulator.kernel.i2c.s3c2410.S3c2410I2cDriver}</td></tr>
 *   <tr><td>{@code struct s3c24xx_i2c}</td><td>{@code S3c24xxI2c}</td></tr>
 * </table>
 *
 * <p>Left out: polling, for buses without an interrupt; transfers while interrupts are off; pins;
 * the switch in SYSREG between two controllers; sleep.
 *
 * <p>Threads: bytes come in hard interrupts; a transfer blocks under the adapter's lock.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.i2c.s3c2410;

import org.jspecify.annotations.NullMarked;
