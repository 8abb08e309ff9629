/**
 * The IOMMU core's calls as steps of a driver: domains made, attached, mapped and asked.
 *
 * <p>Start at {@link org.smmulator.script.kernel.iommu.OwnDomain}, the domain that a driver made;
 * then read {@link org.smmulator.script.kernel.iommu.IommuVocabulary}. Each step is one call of
 * {@link org.smmulator.iommu.Iommu}, with its errnos.
 *
 * <p>A process looks at the same from outside: {@link org.smmulator.script.kernel.iommu.Counted}.
 *
 * <p>Threads: a step runs in its driver's own kernel thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.NullMarked;
