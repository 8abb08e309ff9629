package org.smmulator.drm.kms;

import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.object.AttachedProperty;
import org.smmulator.drm.kms.object.Property;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A property whose value is a part of an object's state.
 *
 * @param <S> the state
 */
final class StateProperty<S> implements AttachedProperty {
  /** Sets the value of a state that is to be. */
  @FunctionalInterface
  interface Setter<S> {
    void set(S state, long value, PropertyContext context) throws ErrnoException;
  }

  private final Property property;
  private final Supplier<S> now;
  private final ToLongFunction<S> getter;
  private final @Nullable Setter<S> setter;

  StateProperty(
      Property property, Supplier<S> now, ToLongFunction<S> getter, @Nullable Setter<S> setter) {
    this.property = property;
    this.now = now;
    this.getter = getter;
    this.setter = setter;
  }

  @Override
  public Property property() {
    return property;
  }

  @Override
  public long value() {
    return getter.applyAsLong(now.get());
  }

  void set(S state, long value, PropertyContext context) throws ErrnoException {
    if (setter != null) {
      setter.set(state, value, context);
    }
  }
}
