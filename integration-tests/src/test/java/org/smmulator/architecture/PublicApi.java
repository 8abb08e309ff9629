package org.smmulator.architecture;

import static com.google.common.collect.ImmutableSortedSet.toImmutableSortedSet;

import com.google.common.collect.ImmutableSortedSet;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;

/** The public types behind some doors, what their signatures name, and so on. */
final class PublicApi {
  private final JavaClasses all;
  private final String house;

  /** Looks at {@code all}, of which those below the package {@code house} can be public API. */
  PublicApi(JavaClasses all, String house) {
    this.all = all;
    this.house = house;
  }

  /** The names of top-level types, from those that are or lie below one of {@code doors}. */
  ImmutableSortedSet<String> behind(String... doors) {
    Set<JavaClass> reached = new LinkedHashSet<>();
    Queue<JavaClass> next = new ArrayDeque<>();
    all.stream()
        .filter(type -> Arrays.stream(doors).anyMatch(door -> isBelow(door, type)))
        .filter(PublicApi::isVisible)
        .sorted(Comparator.comparing(JavaClass::getName))
        .forEach(next::add);
    for (JavaClass type = next.poll(); type != null; type = next.poll()) {
      if (reached.add(type)) {
        named(type).filter(each -> isBelow(house, each)).forEach(next::add);
      }
    }
    return reached.stream()
        .map(type -> type.getName().replaceAll("\\$.*", ""))
        .collect(toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private static boolean isBelow(String name, JavaClass type) {
    return (type.getName() + ".").startsWith(name + ".");
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicApi::isVisible).orElse(true);
  }

  /** The types that a user of {@code type} comes by: its supertypes, and those of its members. */
  private static Stream<JavaClass> named(JavaClass type) {
    Stream<JavaClass> supertypes =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream());
    Stream<JavaClass> signatures =
        type.getMembers().stream()
            .filter(PublicApi::isVisible)
            .flatMap(PublicApi::typesOf)
            .flatMap(each -> each.getAllInvolvedRawTypes().stream());
    return Stream.concat(supertypes, signatures)
        .map(each -> each.isArray() ? each.getBaseComponentType() : each)
        .filter(PublicApi::isVisible);
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> typesOf(JavaMember member) {
    if (member instanceof JavaCodeUnit method) {
      return Stream.of(
              Stream.of(method.getReturnType()),
              method.getParameterTypes().stream(),
              method.getExceptionTypes().stream())
          .flatMap(each -> each);
    }
    return member instanceof JavaField field ? Stream.of(field.getType()) : Stream.empty();
  }
}
