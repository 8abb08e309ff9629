package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.uapi.drm.mode.ModeCursor;
import org.smmulator.uapi.drm.mode.ModeCursor2;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmMode;

/** A cursor of a CRTC that gets another picture, another place, or both. */
abstract sealed class CursorStep extends CrtcStep {
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[bo, move]"),
          ImmutableList.of(Flag.BO, Flag.MOVE),
          "DRM_MODE_CURSOR_*.");
  private final FormField<Ref<GemBuffer>> buffer =
      optional(
          "buffer",
          Ref.own(DrmVocabulary.GEM),
          "The picture, in ARGB8888; left out, the cursor is hidden.");
  private final FormField<Long> width =
      optional("width", Scalar.between(0, 4096), 64L, "Pixels of a line.");
  private final FormField<Long> height = optional("height", Scalar.between(0, 4096), 64L, "Lines.");
  private final FormField<Long> x =
      optional("x", Scalar.between(-4096, 4096), 0L, "Where, in pixels from the left.");
  private final FormField<Long> y =
      optional("y", Scalar.between(-4096, 4096), 0L, "Where, in rows from the top.");

  private CursorStep(String keyword, String sentence) {
    super(keyword, sentence);
  }

  abstract void set(LibDrmCrtc library, ModeCursor asked, Step step) throws ErrnoException;

  @Override
  @Nullable Object run(Step step, LibDrmMode card, int crtcId, ProcessRun process)
      throws ErrnoException {
    Ref<GemBuffer> picture = step.find(buffer);
    ModeCursor asked =
        new ModeCursor(
            FieldType.mask(step.get(flags), flag -> flag.bit),
            crtcId,
            (int) (long) step.get(x),
            (int) (long) step.get(y),
            (int) (long) step.get(width),
            (int) (long) step.get(height),
            picture == null ? 0 : process.own(picture).handle());
    set(new LibDrmCrtc(card.drm()), asked, step);
    return null;
  }

  @Override
  protected String words(Step step) {
    return "sets the cursor of %s".formatted(crtcWords(step));
  }

  /** {@code DRM_MODE_CURSOR_*}. */
  private enum Flag {
    BO(ModeCursor.BO),
    MOVE(ModeCursor.MOVE);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }

  /** {@code cursor}: {@code DRM_IOCTL_MODE_CURSOR}. */
  static final class Plain extends CursorStep {
    Plain() {
      super("cursor", "Shows, moves or hides a cursor.");
    }

    @Override
    void set(LibDrmCrtc library, ModeCursor asked, Step step) throws ErrnoException {
      library.cursor(asked);
    }
  }

  /** {@code cursor2}: {@code DRM_IOCTL_MODE_CURSOR2}. */
  static final class WithHotSpot extends CursorStep {
    private final FormField<Long> hotX =
        optional("hot_x", Scalar.between(-4096, 4096), 0L, "The column that points.");
    private final FormField<Long> hotY =
        optional("hot_y", Scalar.between(-4096, 4096), 0L, "The row that points.");

    WithHotSpot() {
      super("cursor2", "Shows, moves or hides a cursor that has a hot spot.");
    }

    @Override
    void set(LibDrmCrtc library, ModeCursor asked, Step step) throws ErrnoException {
      library.cursor2(
          new ModeCursor2(
              asked.flags(),
              asked.crtcId(),
              asked.x(),
              asked.y(),
              asked.width(),
              asked.height(),
              asked.handle(),
              (int) (long) step.get(hotX),
              (int) (long) step.get(hotY)));
    }
  }
}
