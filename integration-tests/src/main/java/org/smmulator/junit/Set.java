package org.smmulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Switches for the machines of a test, or of all tests of a class:
 * {@code @Set("iommu.strict=false")}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Set {
  /** Each as {@code key=value}; {@code smmulator switches} lists them. */
  String[] value();
}
