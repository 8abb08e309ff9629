/**
 * I2C: buses, and the messages that go over them.
 *
 * <p>Start at {@link org.smmulator.kernel.i2c.I2cAdapter}, a bus; its driver brings an {@link
 * org.smmulator.kernel.i2c.I2cAlgorithm}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/i2c/i2c-core-base.c}</th><th>Here</th></tr>
 *   <tr><td>{@code struct i2c_adapter}, {@code i2c_transfer()}</td><td>{@link
 *       org.smmulator.kernel.i2c.I2cAdapter}</td></tr>
 *   <tr><td>{@code struct i2c_msg}</td><td>{@link org.smmulator.kernel.i2c.I2cMessage}</td></tr>
 *   <tr><td>{@code struct i2c_client}</td><td>{@link
 *       org.smmulator.kernel.i2c.I2cClient}</td></tr>
 * </table>
 *
 * <p>Left out: drivers that bind to slaves, because a slave here belongs to the device that names
 * it; SMBus, ten-bit addresses, {@code /dev/i2c-*}, and the flags of messages but the direction.
 *
 * <p>Threads: a transfer holds the bus's lock, and blocks.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.i2c;

import org.jspecify.annotations.NullMarked;
