package org.smmulator.architecture;

import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A call with many positional booleans cannot be read without its declaration. */
final class FewBooleans extends ArchCondition<JavaConstructor> {
  private final int most;

  FewBooleans(int most) {
    super("take at most " + most + " booleans");
    this.most = most;
  }

  @Override
  public void check(JavaConstructor constructor, ConditionEvents events) {
    long booleans =
        constructor.getRawParameterTypes().stream()
            .filter(type -> type.isEquivalentTo(boolean.class))
            .count();
    events.add(
        new SimpleConditionEvent(
            constructor,
            booleans <= most,
            "%s takes %d booleans: use enums, a set of them, or a builder with named defaults"
                .formatted(constructor.getOwner().getName(), booleans)));
  }
}
