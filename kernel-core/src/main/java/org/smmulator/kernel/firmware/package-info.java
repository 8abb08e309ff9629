/**
 * The device tree: what the board says of itself.
 *
 * <p>Start at {@link org.smmulator.kernel.firmware.DtNode}; {@link
 * org.smmulator.kernel.firmware.DtsParser} makes a {@link org.smmulator.kernel.firmware.DeviceTree}
 * from text. Names and meanings are those of the Devicetree Specification, release 0.4.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/of/base.c}, {@code struct device_node}</td><td>{@link
 *       org.smmulator.kernel.firmware.DtNode}</td></tr>
 *   <tr><td>{@code of_parse_phandle_with_args()}</td><td>{@link
 *       org.smmulator.kernel.firmware.DtNode#references}</td></tr>
 *   <tr><td>{@code drivers/of/address.c}, {@code of_translate_address()}</td><td>{@link
 *       org.smmulator.kernel.firmware.DtNode#reg}</td></tr>
 *   <tr><td>{@code scripts/dtc}</td><td>{@link org.smmulator.kernel.firmware.DtsParser}</td></tr>
 * </table>
 *
 * <p>Left out: blobs ({@code .dtb}), overlays as fragments, and the C preprocessor but for {@code
 * #include} of another tree.
 *
 * <p>Threads: a tree is immutable once it is parsed, and can be read in any context.
 */
@NullMarked
package org.smmulator.kernel.firmware;

import org.jspecify.annotations.NullMarked;
