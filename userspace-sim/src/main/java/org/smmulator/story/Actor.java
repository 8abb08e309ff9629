package org.smmulator.story;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.msm.Gpu;

/**
 * A process of a story.
 *
 * @param client its system calls, and its memory
 */
public record Actor(Client client) {
  /**
   * Opens the GPU of a Snapdragon board.
   *
   * @throws ErrnoException what opening gives, such as ENOENT on another board
   */
  public Gpu openGpu() throws ErrnoException {
    return Gpu.open(client);
  }

  /**
   * Opens the card of an Exynos board.
   *
   * @throws ErrnoException what opening gives, such as ENOENT on another board
   */
  public ExynosDevice openExynos() throws ErrnoException {
    return new ExynosDevice(client, client.open("/dev/dri/card0"));
  }

  /** Ends the process: the kernel takes back all that it has. */
  public void exit() {
    client.exit();
  }
}
