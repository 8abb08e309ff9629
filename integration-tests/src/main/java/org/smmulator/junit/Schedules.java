package org.smmulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the body of a test under many schedules: {@code @Schedules(count = 100)} in place of
 * {@code @Test}.
 *
 * <p>Each run has a seed of its own, from 0 up, which its name tells; the machines of its
 * parameters are booted with it. {@code -Dsmmulator.seed=17} repeats the run of seed 17 alone.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SchedulesExtension.class)
public @interface Schedules {
  /** How many seeds. */
  int count() default 20;

  /** A value of the switch {@code schedule} that draws lots: {@code random} or {@code pct}. */
  String schedule() default "random";
}
