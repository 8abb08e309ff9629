package org.smmulator.junit.msm;

import java.util.Arrays;
import java.util.List;
import org.smmulator.junit.ProcessParameter;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;
import org.smmulator.userspace.msm.Pm4Stream;

/**
 * A process with the GPU of a Snapdragon board open, as a parameter of a test: {@code void
 * test(@Board("db845c") Machine machine, Gpu painter)}.
 *
 * @param client the process
 * @param device the open file, with all of drm/msm's calls
 */
public record Gpu(Client client, MsmDevice device) {
  private static final String NODE = "/dev/dri/renderD128";

  /**
   * Makes a buffer that the GPU may read and write.
   *
   * @throws ErrnoException what GEM_NEW gives
   */
  public MsmBuffer buffer(long sizeBytes) throws ErrnoException {
    return device.newBuffer(sizeBytes, GemNew.WC);
  }

  /** Starts a command stream in the dialect of this GPU. */
  public Pm4Stream stream() throws ErrnoException {
    return device.stream();
  }

  /**
   * Submits a job to the default queue.
   *
   * @param buffers those that the stream reads or writes
   * @throws ErrnoException what GEM_SUBMIT gives
   */
  public MsmJob submit(Pm4Stream stream, MsmBuffer... buffers) throws ErrnoException {
    List<MsmDevice.Use> uses =
        Arrays.stream(buffers)
            .map(buffer -> new MsmDevice.Use(buffer, GemSubmitBo.READ | GemSubmitBo.WRITE))
            .toList();
    return device.submit(MsmDevice.DEFAULT_QUEUE, uses, stream);
  }

  /** Opens the GPU in a process of the test's machine. */
  public static final class Kind implements ProcessParameter {
    @Override
    public Class<?> type() {
      return Gpu.class;
    }

    @Override
    public Object of(Client client) throws ErrnoException {
      return new Gpu(client, new MsmDevice(client, client.open(NODE)));
    }
  }
}
