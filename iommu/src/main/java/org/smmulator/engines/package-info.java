/**
 * Drivers of the engines on board {@code virt}, one for each way in which a driver can come to an
 * address that its device understands.
 *
 * <p>Start at {@link org.smmulator.engines.CopyDriver}. A driver has a probe and a device node;
 * what it can do for other kernel code is in its controller, which hangs on the device.
 *
 * <table>
 *   <caption>Who uses what</caption>
 *   <tr><th>Engine</th><th>Memory</th><th>Node</th></tr>
 *   <tr><td>{@link org.smmulator.engines.CopyController}</td><td>coherent buffers; any
 *       address in any substream: a process's own, or a table of the file's that its client
 *       lays out</td><td>{@code /dev/copyN}</td></tr>
 *   <tr><td>{@link org.smmulator.engines.UsbController}</td><td>DMA API, scatter lists of
 *       pages that lie apart</td><td>{@code /dev/sgusbN}</td></tr>
 *   <tr><td>{@link org.smmulator.engines.VideoController}</td><td>a carve-out, mapped by the
 *       driver into a domain of its own</td><td>{@code /dev/videoN}</td></tr>
 *   <tr><td>{@link org.smmulator.engines.SdController}</td><td>DMA API, single pages and
 *       lists, 32 address bits</td><td>{@code /dev/mmcblkN}</td></tr>
 *   <tr><td>{@link org.smmulator.engines.MsiController}</td><td>a doorbell</td><td>{@code
 *       /dev/msiN}</td></tr>
 * </table>
 *
 * <p>None has a counterpart in Linux; {@link org.smmulator.kernel.msi} has what the last of them
 * interrupts through.
 *
 * <p>Left out: a block layer and a USB stack between the nodes and the drivers; each call does its
 * work at once.
 *
 * <p>Threads: files are used by tasks, which wait in interruptible sleeps; completions come from
 * hard interrupts. Two tasks may share a file: a mutex guards what it has.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.engines;

import org.jspecify.annotations.NullMarked;
