package org.smmulator.architecture.planted.userspace;

import org.smmulator.architecture.planted.drm.msm.MsmDriver;

/** A driver's job in a room for every driver. */
public record MsmJob(MsmDriver driver) {}
