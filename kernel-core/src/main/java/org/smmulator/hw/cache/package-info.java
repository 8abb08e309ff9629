/**
 * The way of a coherent device's accesses past the CPUs' caches.
 *
 * <p>Start at {@link org.smmulator.hw.cache.SnoopingTranslator}, which stands between an IOMMU and
 * memory and shows each access to a {@link org.smmulator.hw.cache.SnoopPort}. A machine that models
 * no caches has neither.
 *
 * <p>Not modelled: memory attributes, because a coherent device snoops whatever its tables say of
 * cacheability; cache lines, because ownership is kept by the page.
 *
 * <p>Threads: called in the context of the device that makes the access; nothing here blocks.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.cache;

import org.jspecify.annotations.NullMarked;
