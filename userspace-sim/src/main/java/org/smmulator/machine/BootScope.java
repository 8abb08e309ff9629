package org.smmulator.machine;

import jakarta.inject.Scope;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** One of it in each boot of a machine. */
@Scope
@Retention(RetentionPolicy.RUNTIME)
@interface BootScope {}
