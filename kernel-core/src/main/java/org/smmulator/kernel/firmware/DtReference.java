package org.smmulator.kernel.firmware;

import com.google.common.primitives.ImmutableIntArray;

/**
 * A node that a property refers to, with the arguments that follow: {@code <&smmu 0x0 0x401>}.
 *
 * @param args as many cells as the referred node's {@code #…-cells} says
 */
public record DtReference(DtNode node, ImmutableIntArray args) {}
