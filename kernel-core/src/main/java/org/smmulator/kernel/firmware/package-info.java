/**
 * The device tree: what the board says of itself.
 *
 * <p>Start at {@link org.smmulator.kernel.firmware.DtNode}; {@link
 * org.smmulator.kernel.firmware.DtsParser} makes a {@link org.smmulator.kernel.firmware.DeviceTree}
 * from text, and {@link org.smmulator.kernel.firmware.FlatTreeReader} from a blob. Names and
 * meanings are those of the Devicetree Specification, release 0.4.
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
 *   <tr><td>{@code of_irq_parse_one()}</td><td>{@link
 *       org.smmulator.kernel.firmware.DtNode#interrupts}</td></tr>
 *   <tr><td>{@code drivers/of/fdt.c}</td><td>{@link
 *       org.smmulator.kernel.firmware.FlatTreeReader}</td></tr>
 *   <tr><td>{@code scripts/dtc}</td><td>{@link org.smmulator.kernel.firmware.DtsParser}</td></tr>
 * </table>
 *
 * <p>Whoever reads a property says what becomes of one that makes no sense: the kernel leaves its
 * device without what it says, the machine's wiring refuses the board.
 *
 * <p>Left out: overlays, because a board is a whole tree; {@code interrupt-map}, because nothing
 * that is modelled is behind one; and the C preprocessor but for {@code #include} of another tree
 * and its line markers.
 *
 * <p>Threads: a tree is immutable once it is parsed, and can be read in any context.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.firmware;

import org.jspecify.annotations.NullMarked;
