/**
 * The structs, constants and ioctl numbers of {@code include/uapi/drm/msm_drm.h}, version 1.13.
 *
 * <p>Start at {@link org.smmulator.uapi.msm.MsmIoctl}: each number and the struct that it carries.
 * A record's {@code read} and {@code write} are the two directions; its {@code ..._OFFSET}
 * constants are for a handler that answers in one field only. Reserved fields are kept, so that a
 * handler can refuse what is not zero.
 *
 * <p>Left out: PERFCNTR_CONFIG, which is younger than the release that is told here.
 *
 * <p>Public API: {@link org.smmulator.uapi.msm.GemSubmitSyncobj} and {@link
 * org.smmulator.uapi.msm.VmBindOp}; what else is here may change with any release.
 */
@NullMarked
package org.smmulator.uapi.msm;

import org.jspecify.annotations.NullMarked;
