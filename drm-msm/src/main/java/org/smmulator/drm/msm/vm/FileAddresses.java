package org.smmulator.drm.msm.vm;

/** The iovas that a file may have, as far as its table reaches. */
public record FileAddresses(long start, long sizeBytes) {}
