/**
 * The registers of I2C controllers.
 *
 * <p>Start at {@link org.smmulator.regs.i2c.S3c2410I2cRegs}.
 */
@NullMarked
package org.smmulator.regs.i2c;

import org.jspecify.annotations.NullMarked;
