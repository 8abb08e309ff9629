package org.smmulator.drm.kms.object;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import java.util.stream.Stream;
import org.smmulator.uapi.drm.mode.ModeGetProperty;
import org.smmulator.uapi.drm.mode.ModePropertyEnum;

/**
 * A value of an object that a client can read and set, by name. Kernel: {@code struct
 * drm_property}.
 */
public final class Property extends ModeObject {
  /** Only clients with the atomic capability see it. */
  public static final int ATOMIC = ModeGetProperty.PROP_ATOMIC;

  /** Clients cannot set it. */
  public static final int IMMUTABLE = ModeGetProperty.PROP_IMMUTABLE;

  private final String name;
  private final int flags;
  private final ImmutableLongArray values;
  private final ImmutableList<ModePropertyEnum> names;

  private Property(
      String name, int flags, ImmutableLongArray values, ImmutableList<ModePropertyEnum> names) {
    super(ObjectType.PROPERTY);
    this.name = name;
    this.flags = flags;
    this.values = values;
    this.names = names;
  }

  /**
   * A number from {@code min} to {@code max}, both unsigned. Kernel: {@code
   * drm_property_create_range()}.
   *
   * @param flags a mask of {@link #ATOMIC} and {@link #IMMUTABLE}
   */
  public static Property range(ModeObjects in, int flags, String name, long min, long max) {
    return made(in, flags | ModeGetProperty.PROP_RANGE, name, ImmutableLongArray.of(min, max));
  }

  /** Kernel: {@code drm_property_create_bool()}. */
  public static Property bool(ModeObjects in, int flags, String name) {
    return range(in, flags, name, 0, 1);
  }

  /** Kernel: {@code drm_property_create_signed_range()}. */
  public static Property signedRange(ModeObjects in, int flags, String name, long min, long max) {
    return made(
        in, flags | ModeGetProperty.PROP_SIGNED_RANGE, name, ImmutableLongArray.of(min, max));
  }

  /** The number of an object. Kernel: {@code drm_property_create_object()}. */
  public static Property object(ModeObjects in, int flags, String name, ObjectType type) {
    ImmutableLongArray kind = ImmutableLongArray.of(Integer.toUnsignedLong(type.number()));
    return made(in, flags | ModeGetProperty.PROP_OBJECT, name, kind);
  }

  /** The number of a blob. */
  public static Property blob(ModeObjects in, int flags, String name) {
    return made(in, flags | ModeGetProperty.PROP_BLOB, name, ImmutableLongArray.of());
  }

  /** One of several values. Kernel: {@code drm_property_create_enum()}. */
  public static Property enumeration(
      ModeObjects in, int flags, String name, ModePropertyEnum... values) {
    return in.add(
        new Property(
            name,
            flags | ModeGetProperty.PROP_ENUM,
            ImmutableLongArray.copyOf(Stream.of(values).mapToLong(ModePropertyEnum::value)),
            Stream.of(values).collect(toImmutableList())));
  }

  private static Property made(ModeObjects in, int flags, String name, ImmutableLongArray values) {
    return in.add(new Property(name, flags, values, ImmutableList.of()));
  }

  public String name() {
    return name;
  }

  /** The kind and more: {@code DRM_MODE_PROP_*}. */
  public int flags() {
    return flags;
  }

  /** Limits, or the values of an enumeration, or the kind of object. */
  public ImmutableLongArray values() {
    return values;
  }

  /** The values of an enumeration with their names. */
  public ImmutableList<ModePropertyEnum> names() {
    return names;
  }

  /** Returns whether it is of the kind {@code PROP_*}. Kernel: {@code drm_property_type_is()}. */
  public boolean is(int kind) {
    return (flags & kind) == kind;
  }

  private boolean isSigned() {
    return (flags & 0xffc0) == ModeGetProperty.PROP_SIGNED_RANGE;
  }

  private boolean isObject() {
    return (flags & 0xffc0) == ModeGetProperty.PROP_OBJECT;
  }

  /**
   * Returns whether a client may set {@code value}. Kernel: {@code
   * drm_property_change_valid_get()}.
   */
  public boolean takes(long value, ModeObjects objects) {
    if (is(IMMUTABLE)) {
      return false;
    }
    if (isSigned()) {
      return value >= values.get(0) && value <= values.get(1);
    }
    if (isObject()) {
      return value == 0 || hasObject(objects, value, (int) values.get(0));
    }
    if (is(ModeGetProperty.PROP_RANGE)) {
      return Long.compareUnsigned(value, values.get(0)) >= 0
          && Long.compareUnsigned(value, values.get(1)) <= 0;
    }
    if (is(ModeGetProperty.PROP_BLOB)) {
      return value == 0 || hasObject(objects, value, ObjectType.BLOB.number());
    }
    return values.contains(value);
  }

  /** The value is cut to 32 bits as in the kernel's call. */
  private static boolean hasObject(ModeObjects objects, long value, int kind) {
    ModeObject found = objects.find((int) value, null);
    if (found == null) {
      return false;
    }
    boolean fits = found.type().number() == kind;
    found.put();
    return fits;
  }
}
