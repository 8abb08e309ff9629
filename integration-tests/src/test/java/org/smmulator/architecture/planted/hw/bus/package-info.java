/** Offenders against the rules of the house. */
@org.jspecify.annotations.NullMarked
package org.smmulator.architecture.planted.hw.bus;
