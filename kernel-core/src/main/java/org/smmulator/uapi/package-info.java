/**
 * The layouts that processes and the kernel share: C structs and ioctl numbers.
 *
 * <p>Start at {@link org.smmulator.uapi.CStruct}. A struct is a record with a {@code LAYOUT}, the
 * offsets of its members, and a {@code read}; see {@link org.smmulator.uapi.drm.DrmGemClose}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code include/uapi/asm-generic/ioctl.h}</td><td>{@link org.smmulator.uapi.Ioc}</td></tr>
 *   <tr><td>{@code struct}</td><td>{@link org.smmulator.uapi.CStruct#struct}</td></tr>
 * </table>
 *
 * <p>Left out: 32-bit callers and their compat layouts.
 *
 * <p>Public API: {@link org.smmulator.uapi.FileStat}; what else is here may change with any
 * release.
 */
@NullMarked
package org.smmulator.uapi;

import org.jspecify.annotations.NullMarked;
