package org.smmulator.hw.adreno;

import org.jspecify.annotations.Nullable;

/** The packets that the command processor of a generation knows. */
interface PacketSet {
  /** The packet processor's place in its commands, as a packet sees and moves it. */
  interface Flow {
    /** Returns whether the packet stands in the ring, where only the kernel writes. */
    boolean inRing();

    /**
     * Runs a buffer, and then goes on here.
     *
     * @return false if buffers are nested too deep
     */
    boolean call(long iova, int dwords);

    /**
     * Runs a buffer instead of the rest of this one.
     *
     * @return false in the ring
     */
    boolean chain(long iova, int dwords);

    /**
     * Passes over the dwords that follow the packet.
     *
     * @return false if there are fewer
     */
    boolean skip(int dwords);

    /** The dwords of the ring that are taken. */
    int ringPosition();

    /**
     * Lets another ring run, if the driver asks for one and this is the ring.
     *
     * @param interrupts whether the driver is told when a switch is complete, this one or one of a
     *     drained ring
     */
    void yieldRing(boolean interrupts);

    /** Forgets what was fetched ahead: it came through another table. */
    void refetch();
  }

  /** {@link #payload} of a dword with which no packet begins. */
  int NO_PACKET = -1;

  /** The dwords that follow {@code header}, or {@link #NO_PACKET}. */
  int payload(int header);

  /** Returns whether the payload does not matter. */
  boolean isNop(int header);

  /** Returns the switch between rings; null where there is one only. */
  @Nullable ContextSwitch contextSwitch();

  /** The draws, dispatches and blits that packets started so far. */
  WorkLog work();

  /** The GPU was reset. */
  void reset();

  /** Carries a packet out; says whether it was well formed. */
  boolean execute(int header, int[] payload, int count, Flow flow);
}
