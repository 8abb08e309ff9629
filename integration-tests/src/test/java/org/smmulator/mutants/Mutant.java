package org.smmulator.mutants;

import com.google.common.collect.ImmutableSet;
import java.util.EnumSet;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.fs.Node;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.MachineBuilder;
import org.smmulator.machine.faults.Fault;
import org.smmulator.machine.faults.Fault.Invalidation;
import org.smmulator.machine.faults.Fault.LostInvalidation;
import org.smmulator.machine.faults.Fault.Occurrences;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;

/** A machine with one thing wrong, and the contracts that see it. */
enum Mutant {
  /** Page tables: the leaf of each second page says read-only. */
  ONE_PTE_BIT_FLIPPED(Contract.A_JOB_READS_AND_WRITES_EVERY_PAGE_OF_ITS_BUFFERS) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.kernel(MutantKernel.flippingPteBits());
    }
  },

  /** The first invalidation that the SMMU driver asks for never reaches the hardware. */
  ONE_TLB_INVALIDATION_SKIPPED(Contract.A_CLOSED_BUFFER_IS_OUT_OF_REACH) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.inject(lost(Invalidation.TLB, Occurrences.FIRST));
    }
  },

  /** The command processor writes the new table's address and does not invalidate. */
  THE_COMMAND_PROCESSOR_DOES_NOT_INVALIDATE(Contract.EACH_PROCESS_SEES_ITS_OWN_MEMORY) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.interpose(new CommandProcessorWires(0, false));
    }
  },

  /** The command processor's wires lead to bank 1, the GPU's domain is in bank 0. */
  THE_GPU_ON_BANK_1(Contract.EACH_PROCESS_SEES_ITS_OWN_MEMORY) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.interpose(new CommandProcessorWires(1, true));
    }
  },

  /** The kernel says ENOENT where Linux says EINVAL. */
  A_WRONG_ERRNO(Contract.EACH_MISTAKE_HAS_ITS_ERRNO) {
    @Override
    void alter(Machine machine) {
      String path = "/dev/dri/renderD128";
      if (machine.nodes().mkdir("/dev/dri", 0755).find("renderD128")
          instanceof Node.DeviceFile sound) {
        machine.nodes().remove(path);
        machine
            .nodes()
            .add(
                path,
                new Node.DeviceFile(
                    sound.mode(),
                    sound.major(),
                    sound.minor(),
                    (caller, flags) -> new WrongErrno(sound.device().open(caller, flags))));
      }
    }
  },

  /** A task's table is not given back when the task is unbound. */
  A_LEAKED_PAGE(Contract.A_PROCESS_THAT_ENDS_LEAVES_NOTHING) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.kernel(MutantKernel.keepingTables());
    }
  },

  /** Commands that invalidate translations of stage 1 never reach the SMMUv3. */
  TLB_INVALIDATIONS_LOST(
      Contract.A_PAGE_THAT_WAS_UNMAPPED_IS_OUT_OF_THE_ENGINES_REACH,
      Contract.A_PASID_THAT_COMES_BACK_LEADS_TO_ITS_NEW_PROCESS) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.inject(lost(Invalidation.TLB, Occurrences.ALL));
    }
  },

  /** The SMMUv3 invalidates, and an engine that caches translations itself is not told to. */
  DEVICE_INVALIDATIONS_LOST(Contract.A_PAGE_THAT_WAS_UNMAPPED_IS_FORGOTTEN_BY_AN_ENGINE_WITH_ATS) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.inject(lost(Invalidation.DEVICE_TLB, Occurrences.ALL));
    }
  },

  /** Commands that invalidate a PASID's context descriptor never reach the SMMUv3. */
  PASID_INVALIDATIONS_LOST(Contract.A_PASID_THAT_COMES_BACK_LEADS_TO_ITS_NEW_PROCESS) {
    @Override
    MachineBuilder plant(MachineBuilder machine) {
      return machine.inject(lost(Invalidation.PASID, Occurrences.ALL));
    }
  };

  private final ImmutableSet<Contract> noticedBy;

  Mutant(Contract first, Contract... others) {
    this.noticedBy = ImmutableSet.copyOf(EnumSet.of(first, others));
  }

  /** The contracts that must fail on this machine. */
  ImmutableSet<Contract> noticedBy() {
    return noticedBy;
  }

  /** Boots the mutant of a board. */
  Machine boot(String board) throws BadInputException {
    return boot(Machine.on(new Boards().load(board)));
  }

  Machine boot(MachineBuilder builder) throws BadInputException {
    Machine machine = plant(builder).boot();
    alter(machine);
    return machine;
  }

  /** Plants what is wrong from the start. */
  MachineBuilder plant(MachineBuilder machine) {
    return machine;
  }

  /** Breaks the booted machine. */
  void alter(Machine machine) {}

  /**
   * Wires from the command processor to the context banks.
   *
   * @param offset added to the number of the bank
   * @param invalidates whether invalidations arrive
   */
  private record CommandProcessorWires(int offset, boolean invalidates) implements Interposer {
    @Override
    public ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
      return new ContextBankPort() {
        @Override
        public void switchTable(int bank, long ttbr0, int contextIdr) {
          port.switchTable(bank + offset, ttbr0, contextIdr);
        }

        @Override
        public void invalidateAsid(int bank, int asid) {
          if (invalidates) {
            port.invalidateAsid(bank + offset, asid);
          }
        }

        @Override
        public boolean isStalled(int bank) {
          return port.isStalled(bank + offset);
        }
      };
    }
  }

  private static Fault lost(Invalidation of, Occurrences when) {
    return new LostInvalidation(null, of, when);
  }
}
