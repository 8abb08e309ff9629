/**
 * Scenarios in Java: one file that {@code smmulator run story.java} compiles in memory and tells.
 *
 * <p>Start at {@link org.smmulator.story.Story}; then read {@link
 * org.smmulator.story.StoryMachine}. The library that a story calls is the one that the steps of a
 * scenario file call, {@link org.smmulator.userspace} and its rooms.
 *
 * <pre>
 * import static org.smmulator.userspace.msm.JobPart.write;
 * import org.smmulator.story.*;
 *
 * class Painting implements Story {
 *   public String about() {
 *     return "One process paints";
 *   }
 *
 *   public void tell(StoryMachine machine) throws Exception {
 *     var gpu = machine.spawn("painter").openGpu();
 *     var canvas = gpu.buffer(64 * KIB);
 *     gpu.submit(write(canvas, 0x10, 0xcafe)).await();
 *     machine.expect(canvas.load32(0x10)).is(0xcafe);
 *   }
 * }
 * </pre>
 *
 * <p>Left out: lessons, debates and several boards, which are a scenario file's. A story runs with
 * the rights of who runs it, as every Java program does; run no other's unread.
 *
 * <p>Threads: a story is told in the thread that booted the machine. What its actors call runs the
 * machine until it is done.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.story;

import org.jspecify.annotations.NullMarked;
