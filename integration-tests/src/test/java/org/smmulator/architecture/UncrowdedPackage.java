package org.smmulator.architecture;

import com.google.common.collect.ImmutableMultiset;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;

/** A package that is read in one sitting: it has at most so many top-level types. */
final class UncrowdedPackage extends ArchCondition<JavaClass> {
  private final int most;
  private ImmutableMultiset<String> typesByPackage = ImmutableMultiset.of();

  UncrowdedPackage(int most) {
    super("live in a package of at most " + most + " types");
    this.most = most;
  }

  @Override
  public void init(Collection<JavaClass> all) {
    typesByPackage =
        all.stream()
            .map(JavaClass::getPackageName)
            .collect(ImmutableMultiset.toImmutableMultiset());
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    String room = type.getPackageName();
    int types = typesByPackage.count(room);
    events.add(
        new SimpleConditionEvent(
            type,
            types <= most,
            "%s has %d types: split it by role, or nest what belongs together"
                .formatted(room, types)));
  }
}
