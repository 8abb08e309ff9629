/**
 * Steps on properties and blobs, and atomic commits, which set many properties at once.
 *
 * <p>Start at {@link org.smmulator.script.kms.property.PropertyVocabulary}, then {@code
 * AtomicStep}. A property goes by its name, as libdrm's own tools take it; a name that an object
 * has not becomes number 0, which the kernel refuses.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code DRM_IOCTL_MODE_ATOMIC}</td><td>{@code atomic}</td></tr>
 *   <tr><td>{@code DRM_IOCTL_MODE_OBJ_SETPROPERTY} and its like</td><td>{@code obj_setproperty},
 *       {@code obj_getproperties}, {@code getproperty}, {@code setproperty}</td></tr>
 *   <tr><td>{@code DRM_IOCTL_MODE_CREATEPROPBLOB} and its like</td><td>{@code createpropblob},
 *       {@code getpropblob}, {@code destroypropblob}</td></tr>
 * </table>
 *
 * <p>Left out: commits whose arrays lie, which the generic {@code ioctl} step can say.
 *
 * <p>Threads: each step runs in its process.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kms.property;

import org.jspecify.annotations.NullMarked;
