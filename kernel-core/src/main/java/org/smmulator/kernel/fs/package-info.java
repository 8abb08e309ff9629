/**
 * Open files, descriptor tables, and the one tree of nodes: {@code /dev}, {@code /sys}, debugfs,
 * {@code /proc}.
 *
 * <p>Start at {@link org.smmulator.kernel.fs.FileOperations}, what a driver implements.
 */
@NullMarked
package org.smmulator.kernel.fs;

import org.jspecify.annotations.NullMarked;
