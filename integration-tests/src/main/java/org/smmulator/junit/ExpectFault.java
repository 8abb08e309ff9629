package org.smmulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says that an IOMMU has to refuse an access in a test; the test fails if none is refused. */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ExpectFault {
  /** Stands for one or more. */
  int ANY = -1;

  /** How many accesses; {@link #ANY} by default. */
  int times() default ANY;
}
