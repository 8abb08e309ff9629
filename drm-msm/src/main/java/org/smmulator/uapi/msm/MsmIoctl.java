package org.smmulator.uapi.msm;

import static org.smmulator.uapi.drm.DrmIoctl.COMMAND_BASE;
import static org.smmulator.uapi.drm.DrmIoctl.TYPE;

import org.smmulator.uapi.Ioc;

/**
 * The ioctl numbers of {@code msm_drm.h}: what each carries is named in its line.
 *
 * <p>Not here: SVM_NEW, whose number was never used.
 */
public final class MsmIoctl {
  public static final int GET_PARAM = Ioc.iowr(TYPE, COMMAND_BASE + 0x00, MsmParam.LAYOUT);
  public static final int SET_PARAM = Ioc.iow(TYPE, COMMAND_BASE + 0x01, MsmParam.LAYOUT);
  public static final int GEM_NEW = Ioc.iowr(TYPE, COMMAND_BASE + 0x02, GemNew.LAYOUT);
  public static final int GEM_INFO = Ioc.iowr(TYPE, COMMAND_BASE + 0x03, GemInfo.LAYOUT);
  public static final int GEM_CPU_PREP = Ioc.iow(TYPE, COMMAND_BASE + 0x04, GemCpuPrep.LAYOUT);
  public static final int GEM_CPU_FINI = Ioc.iow(TYPE, COMMAND_BASE + 0x05, GemCpuFini.LAYOUT);
  public static final int GEM_SUBMIT = Ioc.iowr(TYPE, COMMAND_BASE + 0x06, GemSubmit.LAYOUT);
  public static final int WAIT_FENCE = Ioc.iow(TYPE, COMMAND_BASE + 0x07, WaitFence.LAYOUT);
  public static final int GEM_MADVISE = Ioc.iowr(TYPE, COMMAND_BASE + 0x08, GemMadvise.LAYOUT);
  public static final int SUBMITQUEUE_NEW = Ioc.iowr(TYPE, COMMAND_BASE + 0x0a, SubmitQueue.LAYOUT);

  /** The argument is one {@code __u32}, the queue's id. */
  public static final int SUBMITQUEUE_CLOSE =
      Ioc.ioc(Ioc.WRITE, TYPE, COMMAND_BASE + 0x0b, Integer.BYTES);

  public static final int SUBMITQUEUE_QUERY =
      Ioc.iow(TYPE, COMMAND_BASE + 0x0c, SubmitQueueQuery.LAYOUT);

  public static final int VM_BIND = Ioc.iowr(TYPE, COMMAND_BASE + 0x0d, VmBind.LAYOUT);

  private MsmIoctl() {}
}
