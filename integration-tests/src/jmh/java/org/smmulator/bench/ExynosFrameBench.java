package org.smmulator.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.exynos.ExynosDevice;
import org.smmulator.userspace.exynos.ExynosIpp;
import org.smmulator.userspace.exynos.G2dList;
import org.smmulator.userspace.exynos.G2dList.Image;
import org.smmulator.userspace.exynos.IppPicture;
import org.smmulator.userspace.exynos.IppPicture.Format;
import org.smmulator.userspace.exynos.IppRequest;

/**
 * A frame of 1920 by 1080 pixels through a sysmmu, from the system call to its end: filled, blended
 * over another, and converted. Sixty of them should cost less than a second: 16.7 ms each.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@NullUnmarked // JMH fills the state
public class ExynosFrameBench {
  private static final int WIDTH = 1920;
  private static final int HEIGHT = 1080;
  private static final int NONCONTIG = 1;

  private Machine machine;
  private ExynosDevice device;
  private ExynosIpp ipp;
  private Image over;
  private Image frame;
  private IppRequest conversion;

  /** Boots a board, and makes frames whose memory is in pieces. */
  @Setup(Level.Trial)
  public void boot() throws Exception {
    machine = Machine.on(new Boards().load("tm2")).boot();
    machine.settle();
    Client client = machine.host("client");
    device = new ExynosDevice(client, client.open("/dev/dri/renderD128"));
    ipp = new ExynosIpp(device);
    over = new Image(device.newBuffer(4L * WIDTH * HEIGHT, NONCONTIG), WIDTH);
    frame = new Image(device.newBuffer(4L * WIDTH * HEIGHT, NONCONTIG), WIDTH);
    IppPicture nv12 =
        new IppPicture(
            device.newBuffer(3L * WIDTH * HEIGHT / 2, NONCONTIG), Format.NV12, WIDTH, HEIGHT);
    conversion =
        new IppRequest()
            .from(nv12)
            .to(new IppPicture(frame.buffer(), Format.XRGB8888, WIDTH, HEIGHT));
    G2dList.fill(over, 0, 0, WIDTH, HEIGHT, 0x8040_2010).submit(device);
    device.exec(false);
  }

  @TearDown(Level.Trial)
  public void close() {
    machine.close();
  }

  @Benchmark
  public void fill() throws ErrnoException {
    G2dList.fill(frame, 0, 0, WIDTH, HEIGHT, 0xff33_66cc).submit(device);
    device.exec(false);
  }

  @Benchmark
  public void blend() throws ErrnoException {
    G2dList.over(over, frame, WIDTH, HEIGHT).submit(device);
    device.exec(false);
  }

  @Benchmark
  public void convert() throws ErrnoException {
    ipp.commit(0, 0, conversion, 0);
  }
}
