package org.smmulator.drm.kms;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.SyncFile;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileTable.ReservedFd;
import org.smmulator.uapi.CStruct;

/**
 * The sync files that a commit gives to its caller. Kernel: {@code struct drm_out_fence_state}.
 *
 * <p>Where the kernel writes the descriptor's number before the commit, here it is written when the
 * descriptor is installed, after it; that it can be written is known before.
 */
final class OutFences {
  private record Out(long userPtr, ReservedFd fd, Fence fence) {}

  private final Caller caller;
  private final List<Out> all = new ArrayList<>(1);

  OutFences(Caller caller) {
    this.caller = caller;
  }

  /** Writes -1, which is what a commit that fails leaves. */
  static void clear(Caller caller, long userPtr) throws ErrnoException {
    write(caller, userPtr, -1);
  }

  private static void write(Caller caller, long userPtr, int fd) throws ErrnoException {
    MemorySegment number = MemorySegment.ofArray(new long[1]);
    number.set(CStruct.S32, 0, fd);
    caller.memory().copyTo(userPtr, number, 0, Integer.BYTES);
  }

  /**
   * Reserves a descriptor for {@code fence}. Kernel: {@code setup_out_fence()}.
   *
   * @throws ErrnoException EMFILE; EFAULT
   */
  void add(long userPtr, Fence fence) throws ErrnoException {
    ReservedFd fd = caller.files().reserve();
    all.add(new Out(userPtr, fd, fence));
    clear(caller, userPtr);
  }

  /** The commit is made: the caller gets the descriptors. */
  void install() {
    for (Out out : all) {
      int fd = out.fd.install(SyncFile.open(out.fence));
      try {
        write(caller, out.userPtr, fd);
      } catch (ErrnoException gone) {
        // It could be written before; who unmaps it meanwhile does without.
      }
    }
  }

  /** The commit failed. */
  void cancel() {
    all.forEach(out -> out.fd.put());
  }
}
