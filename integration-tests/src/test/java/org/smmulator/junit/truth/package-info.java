/** The assertions themselves: where each holds and where it fails. */
@NullMarked
package org.smmulator.junit.truth;

import org.jspecify.annotations.NullMarked;
