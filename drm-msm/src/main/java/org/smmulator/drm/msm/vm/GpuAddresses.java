package org.smmulator.drm.msm.vm;

/** A range of iovas. */
public record GpuAddresses(long start, long sizeBytes) {}
