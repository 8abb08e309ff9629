package org.smmulator.report.explain;

import com.google.common.base.VerifyException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the names that a class of constants has for a number. */
public final class Constants {
  private Constants() {}

  /** The public {@code int} constants of {@code holder} that are {@code value}, sorted. */
  public static List<String> named(Class<?> holder, int value) {
    List<String> names = new ArrayList<>();
    for (Field field : holder.getFields()) {
      if (field.getType() == int.class && get(field) == value) {
        names.add(field.getName());
      }
    }
    Collections.sort(names); // a class keeps no order of its own
    return names;
  }

  private static int get(Field field) {
    try {
      return field.getInt(null);
    } catch (IllegalAccessException e) {
      throw new VerifyException(e); // getFields() gives public ones only
    }
  }
}
