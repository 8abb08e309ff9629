package org.smmulator.hw.smmuv3;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tlb;

/**
 * Which address space of the TLB belongs to which VMID and ASID, and what each kind of invalidation
 * reaches. Arm IHI 0070, 4.4.
 *
 * <p>Pointers to tables are kept with the leaves of their stage, and an invalidation for leaves
 * only leaves them. A translation of both stages is kept under the ASID, as one of stage 1; what
 * stage 2 made of an IPA is kept beside it, under the VMID alone. So an invalidation by IPA leaves
 * the former, and software must invalidate stage 1 too.
 */
final class Spaces {
  /**
   * What an invalidation by address reaches.
   *
   * @param largestShift the size of the largest leaf that it is about
   * @param leaf whether it is about leaves only, so that pointers to tables stay
   */
  record Range(long first, long last, int largestShift, boolean leaf) {}

  /** The stage-1 spaces of one VMID, or of EL2. */
  final class Regime {
    private final Map<Integer, Space> byAsid = new HashMap<>(); // looked up, never iterated
    private final List<Space> all = new ArrayList<>();
    private final Space global = tlb.newSpace();

    /** Where entries of {@code asid} are kept. */
    Space of(int asid) {
      Space space = byAsid.get(asid);
      if (space == null) {
        space = tlb.newSpace();
        byAsid.put(asid, space);
        all.add(space);
      }
      return space;
    }

    /** Where entries are kept that hold under every ASID. */
    Space global() {
      return global;
    }

    void forgetAll() {
      for (Space space : all) {
        tlb.forget(space);
      }
      tlb.forget(global);
    }

    /** Forgets an ASID, but not what holds under every ASID. */
    void forget(int asid) {
      tlb.forget(of(asid));
    }

    /** Forgets a range under one ASID, and where it holds under every ASID. */
    void drop(int asid, Range range) {
      Spaces.this.drop(of(asid), range);
      Spaces.this.drop(global, range);
    }

    /** Forgets a range under all ASIDs. */
    void dropOfAll(Range range) {
      for (Space space : all) {
        Spaces.this.drop(space, range);
      }
      Spaces.this.drop(global, range);
    }
  }

  /** What is kept for one VMID. */
  final class Machine {
    final Regime el1 = new Regime();
    final Space stage2 = tlb.newSpace();
  }

  private final Tlb tlb;
  private final Map<Integer, Machine> byVmid = new HashMap<>(); // looked up, never iterated
  private final List<Machine> machines = new ArrayList<>();
  private final Regime el2;

  Spaces(Tlb tlb) {
    this.tlb = tlb;
    this.el2 = new Regime();
  }

  Machine of(int vmid) {
    Machine machine = byVmid.get(vmid);
    if (machine == null) {
      machine = new Machine();
      byVmid.put(vmid, machine);
      machines.add(machine);
    }
    return machine;
  }

  Regime el2() {
    return el2;
  }

  /** Forgets both stages of {@code vmid}. */
  void forgetMachine(int vmid) {
    forget(of(vmid));
  }

  /** Forgets an IPA range of {@code vmid}; what was translated through both stages stays. */
  void dropStage2(int vmid, Range range) {
    drop(of(vmid).stage2, range);
  }

  private void drop(Space space, Range range) {
    tlb.dropRange(space, range.first(), range.last(), range.largestShift());
    if (!range.leaf()) {
      tlb.dropTables(space, range.first(), range.last());
    }
  }

  /** Forgets everything but EL2. */
  void forgetMachines() {
    for (Machine machine : machines) {
      forget(machine);
    }
  }

  private void forget(Machine machine) {
    machine.el1.forgetAll();
    tlb.forget(machine.stage2);
  }
}
