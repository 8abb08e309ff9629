package org.smmulator.architecture;

import com.google.common.collect.Iterables;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * The interface that a switch chooses an implementation of has all of them nested in it, so that an
 * argument is one file. The interface is the last type argument of the switch: {@code
 * Switch<Function<Timebase, DomainLookup>>} chooses a {@code DomainLookup}.
 */
final class ValuesInOneFile extends ArchCondition<JavaField> {
  ValuesInOneFile() {
    super("choose between classes that are nested in their interface");
  }

  @Override
  public void check(JavaField field, ConditionEvents events) {
    JavaClass argument = lastArgument(field.getType());
    for (JavaClass value : argument.getAllSubclasses()) {
      boolean nested = value.getName().startsWith(argument.getName() + "$");
      events.add(
          new SimpleConditionEvent(
              field,
              nested,
              "%s, a value of %s, is nested %s"
                  .formatted(
                      value.getName(), field.getName(), nested ? "in it" : "nowhere: move it in")));
    }
  }

  private static JavaClass lastArgument(JavaType type) {
    return type instanceof JavaParameterizedType generic
        ? lastArgument(Iterables.getLast(generic.getActualTypeArguments()))
        : type.toErasure();
  }
}
