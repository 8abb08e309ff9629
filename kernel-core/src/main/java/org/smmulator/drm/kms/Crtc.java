package org.smmulator.drm.kms;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.drm.kms.vblank.Vblank;
import org.smmulator.kernel.task.Workqueue;

/**
 * A maker of pictures out of planes, frame by frame. Kernel: {@code struct drm_crtc}.
 *
 * <p>{@link #commits} are those that have not ended, the newest first.
 */
public final class Crtc extends ModeObject {
  private final int index;
  private final Plane primary;
  private final @Nullable Plane cursor;
  private final CrtcDriver driver;
  private final DrmDevice device;
  private final Vblank vblank;
  private final Workqueue commitWork;
  private final long fenceContext;
  private final GammaRamp gamma;
  private final ImmutableList<StateProperty<CrtcState>> properties;
  private CrtcState state;
  private long fenceSeqno;
  final ArrayDeque<CrtcCommit> commits = new ArrayDeque<>();

  private int cursorX;
  private int cursorY;

  Crtc(ModeConfig config, int index, Planes planes, CrtcDriver driver, int gammaSize) {
    super(ObjectType.CRTC);
    this.index = index;
    this.primary = planes.primary();
    this.cursor = planes.cursor();
    this.driver = driver;
    this.device = config.device();
    this.vblank = new Vblank(device.core().kernel(), name(), driver);
    this.commitWork = new Workqueue(device.core().kernel().scheduler(), "kworker/" + name());
    this.fenceContext = fences().alloc(1);
    this.gamma = new GammaRamp(gammaSize);
    this.state = new CrtcState(this);
    this.properties = CrtcProperties.of(config, this);
  }

  /**
   * The planes that clients of the old ioctls mean.
   *
   * @param cursor null if there is none
   */
  public record Planes(Plane primary, @Nullable Plane cursor) {}

  public int index() {
    return index;
  }

  int mask() {
    return 1 << index;
  }

  /** Such as {@code crtc-0}. */
  public String name() {
    return "crtc-" + index;
  }

  /** The plane that clients of the old ioctls draw on. */
  public Plane primary() {
    return primary;
  }

  /** The plane of the cursor; null if it has none. */
  public @Nullable Plane cursor() {
    return cursor;
  }

  /** The cursor's place, for clients that set its picture without moving it. */
  public int cursorX() {
    return cursorX;
  }

  public int cursorY() {
    return cursorY;
  }

  /** Notes where the cursor is. */
  public void setCursor(int x, int y) {
    cursorX = x;
    cursorY = y;
  }

  CrtcDriver driver() {
    return driver;
  }

  public Vblank vblank() {
    return vblank;
  }

  /** Runs commits that nobody waits for. */
  Workqueue commitWork() {
    return commitWork;
  }

  /** The gamma ramp of the old ioctls. */
  public GammaRamp gamma() {
    return gamma;
  }

  public CrtcState state() {
    return state;
  }

  void setState(CrtcState next) {
    state = next;
  }

  private FenceContexts fences() {
    return device.core().fences();
  }

  /** A fence that signals with the event of a commit. Kernel: {@code drm_crtc_create_fence()}. */
  Fence newFence() {
    String timeline = "CRTC:%d-%s".formatted(id(), name());
    return new Fence(fences(), device.driver().name(), timeline, fenceContext, ++fenceSeqno);
  }

  @Override
  public ImmutableList<StateProperty<CrtcState>> properties() {
    return properties;
  }
}
