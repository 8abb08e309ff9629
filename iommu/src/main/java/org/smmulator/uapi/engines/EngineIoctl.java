package org.smmulator.uapi.engines;

import org.smmulator.uapi.Ioc;

/** The ioctls of the engines. Type {@code 'E'}. */
public final class EngineIoctl {
  private static final int TYPE = 'E';

  /** {@code /dev/copyN}: memory that engine and process share, {@link CopyAlloc}. */
  public static final int COPY_ALLOC = Ioc.iowr(TYPE, 0x00, CopyAlloc.LAYOUT);

  /** {@code /dev/copyN}: copies and waits, {@link CopyRun}. */
  public static final int COPY_RUN = Ioc.iowr(TYPE, 0x01, CopyRun.LAYOUT);

  /** {@code /dev/copyN}: gives the engine an address space, {@link CopyBind}. */
  public static final int COPY_BIND = Ioc.iowr(TYPE, 0x02, CopyBind.LAYOUT);

  /** {@code /dev/copyN}: maps memory of a buffer into the file's table, {@link CopyMap}. */
  public static final int COPY_MAP = Ioc.iow(TYPE, 0x03, CopyMap.LAYOUT);

  /** {@code /dev/copyN}: undoes one {@link #COPY_MAP}, {@link CopyMap}. */
  public static final int COPY_UNMAP = Ioc.iow(TYPE, 0x04, CopyMap.LAYOUT);

  /** {@code /dev/videoN}: makes one frame from another and waits, {@link VideoRun}. */
  public static final int VIDEO_RUN = Ioc.iow(TYPE, 0x10, VideoRun.LAYOUT);

  private EngineIoctl() {}
}
