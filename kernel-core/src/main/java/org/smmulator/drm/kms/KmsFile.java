package org.smmulator.drm.kms;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.drm.kms.object.PropertyBlob;

/**
 * An open file's part of mode setting: what it may see, and the framebuffers and blobs that go with
 * it. Kernel: the fields of {@code struct drm_file} for mode setting.
 */
public final class KmsFile {
  private final ModeConfig config;
  private final DrmFile file;
  private final List<Framebuffer> framebuffers = new ArrayList<>();
  private final List<PropertyBlob> blobs = new ArrayList<>();

  /** Stereo modes are shown. */
  public boolean stereoAllowed;

  /** Primary and cursor planes are shown, too. */
  public boolean universalPlanes;

  /** Atomic properties are shown, and atomic commits taken. */
  public boolean atomic;

  /** Modes come with aspect ratios. */
  public boolean aspectRatioAllowed;

  /** Writeback connectors would be shown. */
  public boolean writebackConnectors;

  /** Makes the part of {@code file}, which has asked for nothing yet. */
  public KmsFile(ModeConfig config, DrmFile file) {
    this.config = config;
    this.file = file;
  }

  /** The part of {@code file}. */
  public static KmsFile of(DrmFile file) {
    return (KmsFile) file.modeSetting();
  }

  public DrmFile drm() {
    return file;
  }

  // ---- what it may name

  /**
   * Finds an object that the file may name, and takes a reference. Kernel: {@code
   * drm_mode_object_find()}.
   *
   * @param type a number of {@code OBJECT_*}; 0 for any
   * @return null if there is none
   */
  public @Nullable ModeObject find(int id, int type) {
    ModeObject found = config.objects().find(id, null);
    if (found == null) {
      return null;
    }
    boolean fits = type == 0 || found.type().number() == type;
    if (!fits || (found.type().isLeased() && !holds(found))) {
      found.put();
      return null;
    }
    return found;
  }

  private <T extends ModeObject> @Nullable T find(int id, ObjectType type, Class<T> as) {
    ModeObject found = find(id, type.number());
    return found == null ? null : as.cast(found);
  }

  /** Returns whether the file's lease, if it has one, has the object. */
  public boolean holds(ModeObject object) {
    return file.holdsLease(object.id());
  }

  /** Finds a CRTC; null if there is none. So are the next ones. */
  public @Nullable Crtc findCrtc(int id) {
    return uncounted(find(id, ObjectType.CRTC, Crtc.class));
  }

  public @Nullable Plane findPlane(int id) {
    return uncounted(find(id, ObjectType.PLANE, Plane.class));
  }

  public @Nullable Encoder findEncoder(int id) {
    return uncounted(find(id, ObjectType.ENCODER, Encoder.class));
  }

  public @Nullable Connector findConnector(int id) {
    return uncounted(find(id, ObjectType.CONNECTOR, Connector.class));
  }

  private static <T extends ModeObject> @Nullable T uncounted(@Nullable T found) {
    if (found != null) {
      found.put();
    }
    return found;
  }

  /** Finds a framebuffer, whosever it is, and takes a reference; null if there is none. */
  public @Nullable Framebuffer findFramebuffer(int id) {
    return find(id, ObjectType.FRAMEBUFFER, Framebuffer.class);
  }

  // ---- what goes with it

  /** Takes over the caller's reference. */
  public void add(Framebuffer made) {
    framebuffers.addFirst(made);
  }

  /** Returns whether the file made it; then it is the file's no more, and the caller's to put. */
  public boolean take(Framebuffer fb) {
    return framebuffers.remove(fb);
  }

  /** The file's own, the newest first. */
  public List<Framebuffer> framebuffers() {
    return framebuffers;
  }

  /** Takes over the caller's reference. */
  public void add(PropertyBlob made) {
    blobs.add(made);
  }

  /** Returns whether the file made it; then it is the file's no more, and the caller's to put. */
  public boolean take(PropertyBlob blob) {
    return blobs.remove(blob);
  }

  /**
   * The file is closed: what it shows goes dark. Kernel: {@code drm_fb_release()}, {@code
   * drm_property_destroy_user_blobs()}.
   */
  public void release() {
    while (!framebuffers.isEmpty()) {
      LegacyChanges.remove(config, framebuffers.removeFirst());
    }
    blobs.forEach(PropertyBlob::put);
    blobs.clear();
  }
}
