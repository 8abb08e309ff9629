/**
 * Hardware models of I2C: the bus, and Samsung's controller.
 *
 * <p>Start at {@link org.smmulator.hw.i2c.I2cBus}; {@link org.smmulator.hw.i2c.I2cSlave} is what
 * hangs on it, {@link org.smmulator.hw.i2c.S3c2410I2c} its master.
 *
 * <p>Not modelled: see the ends of both.
 *
 * <p>Threads: one context runs at a time; bytes are events.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.i2c;

import org.jspecify.annotations.NullMarked;
