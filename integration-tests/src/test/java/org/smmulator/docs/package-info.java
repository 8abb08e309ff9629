/** The documents are part of the product: what they point at exists. */
@NullMarked
package org.smmulator.docs;

import org.jspecify.annotations.NullMarked;
