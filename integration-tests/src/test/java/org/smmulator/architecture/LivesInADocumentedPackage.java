package org.smmulator.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A package has a door if it has a package-info, which this house also marks null-safe. */
final class LivesInADocumentedPackage extends ArchCondition<JavaClass> {
  LivesInADocumentedPackage() {
    super("live in a package with a package-info");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    boolean hasDoor = type.getPackage().tryGetPackageInfo().isPresent();
    events.add(
        new SimpleConditionEvent(
            type,
            hasDoor,
            type.getPackageName() + (hasDoor ? " has" : " has no") + " package-info"));
  }
}
