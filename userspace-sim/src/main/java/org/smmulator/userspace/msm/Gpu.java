package org.smmulator.userspace.msm;

import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;

/**
 * A process with the GPU of a Snapdragon board open.
 *
 * <pre>
 * Gpu gpu = Gpu.open(client);
 * MsmBuffer canvas = gpu.buffer(64 * KIB);
 * gpu.submit(write(canvas, 0x10, 0xcafe)).await();
 * </pre>
 *
 * @param client the process
 * @param device the open file, with all of drm/msm's calls
 */
public record Gpu(Client client, MsmDevice device) {
  private static final String NODE = "/dev/dri/renderD128";

  /**
   * Opens the render node.
   *
   * @throws ErrnoException what open gives, such as ENOENT on another board
   */
  public static Gpu open(Client client) throws ErrnoException {
    return new Gpu(client, new MsmDevice(client, client.open(NODE)));
  }

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
   * Submits a job to the default queue, with the buffers that its parts need.
   *
   * @throws ErrnoException what GEM_SUBMIT gives
   */
  public MsmJob submit(JobPart... parts) throws ErrnoException {
    ImmutableSet.Builder<MsmBuffer> buffers = ImmutableSet.builder();
    Pm4Stream stream = stream();
    for (JobPart part : parts) {
      part.addTo(stream);
      buffers.addAll(part.buffers());
    }
    return submit(stream, buffers.build().toArray(MsmBuffer[]::new));
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
}
