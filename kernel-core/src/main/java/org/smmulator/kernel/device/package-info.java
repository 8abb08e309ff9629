/**
 * Devices, drivers, and how they find each other.
 *
 * <p>Start at {@link org.smmulator.kernel.device.PlatformDriver}, what a driver implements.
 */
@NullMarked
package org.smmulator.kernel.device;

import org.jspecify.annotations.NullMarked;
