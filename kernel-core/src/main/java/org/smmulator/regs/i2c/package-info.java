/**
 * The registers of I2C controllers.
 *
 * <p>Start at {@link org.smmulator.regs.i2c.S3c2410I2cRegs}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.i2c;

import org.jspecify.annotations.NullMarked;
