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
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.DumbBuffer;
import org.smmulator.userspace.LibDrm;
import org.smmulator.userspace.LibDrmMode;

/** A compositor that flips between two pictures of 1920x1080: a time is for one frame on tm2. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@NullUnmarked // JMH fills the state
public class ScanOutBench {
  private static final int WIDTH = 1920;
  private static final int HEIGHT = 1080;

  /** CEA-861's 1920x1080 at 60 Hz. */
  private static final ModeInfo FULL_HD =
      new ModeInfo(
          148_500, WIDTH, 2008, 2052, 2200, 0, HEIGHT, 1084, 1089, 1125, 0, 60, 0, 0, "1920x1080");

  private Machine machine;
  private LibDrmMode mode;
  private int crtc;
  private final int[] pictures = new int[2];
  private int next;

  @Setup(Level.Trial)
  public void boot() throws Exception {
    machine = Machine.on(new Boards().load("tm2")).boot();
    machine.settle();
    Client client = machine.host("compositor");
    mode = new LibDrmMode(new LibDrm(client, client.open("/dev/dri/card0")));
    LibDrmMode.Resources has = mode.resources();
    crtc = has.crtcs().getFirst();
    for (int i = 0; i < pictures.length; i++) {
      DumbBuffer buffer = mode.createDumb(WIDTH, HEIGHT, 32);
      pictures[i] = mode.addFb(WIDTH, HEIGHT, LibDrmMode.XRGB8888, buffer.handle(), buffer.pitch());
    }
    mode.setCrtc(crtc, pictures[0], has.connectors().getFirst(), FULL_HD);
  }

  @TearDown(Level.Trial)
  public void close() {
    machine.close();
  }

  @Benchmark
  public int frame() throws ErrnoException {
    next ^= 1;
    mode.pageFlip(crtc, pictures[next], ModeCrtcPageFlip.EVENT, 0);
    return mode.readEvents().size();
  }
}
