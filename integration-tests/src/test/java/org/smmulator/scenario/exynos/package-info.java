/** Stories of Exynos boards: many engines, many sysmmus, one address for each buffer. */
@NullMarked
package org.smmulator.scenario.exynos;

import org.jspecify.annotations.NullMarked;
