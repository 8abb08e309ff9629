/**
 * Clients: what the C library and libdrm are to a real process. Public API.
 *
 * <p>Start at {@link org.smmulator.userspace.Client}. A client does system calls on UAPI structs
 * that it has written into its own simulated memory, and loads and stores; it holds no kernel
 * object. {@link org.smmulator.userspace.Programs} judges how programs end. What a driver's own
 * ioctls need stands in a room with the driver's name.
 *
 * <table>
 *   <caption>Where other names went</caption>
 *   <tr><th>C library, libdrm</th><th>Here</th></tr>
 *   <tr><td>{@code open()}, {@code ioctl()}, {@code mmap()}, {@code fork()}</td><td>{@link
 *       org.smmulator.userspace.Client}</td></tr>
 *   <tr><td>{@code alloca()}</td><td>{@link
 *       org.smmulator.userspace.Client.Scratch}</td></tr>
 *   <tr><td>{@code drmIoctl()}, {@code drmSyncobjCreate()}</td><td>{@link
 *       org.smmulator.userspace.LibDrm}</td></tr>
 *   <tr><td>{@code drmSyncobjWait()} and its siblings</td><td>{@link
 *       org.smmulator.userspace.LibSyncobj}</td></tr>
 *   <tr><td>{@code drmPrimeHandleToFD()}, and what can be done with the descriptor</td><td>{@link
 *       org.smmulator.userspace.LibDrm}, {@link org.smmulator.userspace.LibDmaBuf}</td></tr>
 *   <tr><td>{@code drmModeGetResources()}, {@code drmModeSetCrtc()}, {@code
 *       drmModeAtomicCommit()} and their siblings</td><td>{@link
 *       org.smmulator.userspace.LibDrmMode}</td></tr>
 *   <tr><td>{@code drmModeAddFB()}, {@code drmModeGetFB2()}, {@code drmModeCloseFB()}</td><td>{@link
 *       org.smmulator.userspace.LibDrmFramebuffers}</td></tr>
 *   <tr><td>{@code drmModeSetCursor()}, {@code drmModeCrtcSetGamma()}, {@code drmWaitVBlank()}, {@code
 *       drmCrtcQueueSequence()}</td><td>{@link org.smmulator.userspace.LibDrmCrtc}</td></tr>
 *   <tr><td>{@code drmModeCreateLease()} and its siblings</td><td>{@link
 *       org.smmulator.userspace.LibDrmLease}</td></tr>
 *   <tr><td>{@code sync_merge()}, {@code sync_file_info()}</td><td>{@link
 *       org.smmulator.userspace.LibSync}</td></tr>
 * </table>
 *
 * <p>Left out: threads of one process; each process has one.
 *
 * <p>Threads: a client is used by one thread at a time: its process's own, or, for a hosted
 * process, that of the caller.
 */
@NullMarked
package org.smmulator.userspace;

import org.jspecify.annotations.NullMarked;
