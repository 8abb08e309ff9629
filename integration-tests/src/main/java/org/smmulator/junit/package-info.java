/** Boards inside JUnit tests. */
@NullMarked
package org.smmulator.junit;

import org.jspecify.annotations.NullMarked;
