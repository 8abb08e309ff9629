package org.smmulator.kernel.firmware;

/**
 * One entry of a map such as {@code iommu-map}: the ids of a bus's members as another node counts
 * them. Kernel: {@code of_map_id()}.
 *
 * @param first the first id on the bus, unsigned
 * @param mapped the id that {@code target} knows it by, unsigned
 * @param count how many ids follow each other, unsigned
 */
public record DtMapping(int first, DtNode target, int mapped, int count) {}
