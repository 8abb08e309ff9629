package org.smmulator.architecture;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;

/** A simple name means one class, so that a name in a sentence or an import says which. */
final class NameOfItsOwn extends ArchCondition<JavaClass> {
  private ImmutableSetMultimap<String, String> packagesByName = ImmutableSetMultimap.of();

  NameOfItsOwn() {
    super("have a simple name that no other class has");
  }

  @Override
  public void init(Collection<JavaClass> all) {
    ImmutableSetMultimap.Builder<String, String> found = ImmutableSetMultimap.builder();
    all.forEach(type -> found.put(type.getSimpleName(), type.getPackageName()));
    packagesByName = found.build();
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    ImmutableSet<String> packages = packagesByName.get(type.getSimpleName());
    events.add(
        new SimpleConditionEvent(
            type,
            packages.size() == 1,
            "%s is in %s: the driver's instance bears the kernel's struct's name, the model the IP's"
                .formatted(type.getSimpleName(), String.join(" and in ", packages))));
  }
}
