package org.smmulator.script.kernel.iommu;

import java.util.Objects;
import java.util.stream.Stream;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.machine.Machine;

/** Things of a machine that can be counted at a moment. */
public enum Counted {
  /** Domains with a table that something is attached to. */
  DOMAINS {
    @Override
    public long in(Machine machine) {
      return attached(machine).count();
    }
  },
  /** Context banks of SMMUs in which such a domain is. */
  CONTEXT_BANKS {
    @Override
    public long in(Machine machine) {
      return attached(machine).filter(each -> each.place().startsWith("context bank")).count();
    }
  },
  /** Address spaces of tasks that a driver has bound. */
  TASKS {
    @Override
    public long in(Machine machine) {
      return machine.tasks().bound().size();
    }
  },
  /** Pages that hold the tables of IOMMUs. */
  TABLE_PAGES {
    @Override
    public long in(Machine machine) {
      return machine.pages().owners().stream()
          .filter(owner -> owner.what().equals("pagetable"))
          .mapToLong(PageOwner::pagesInUse)
          .sum();
    }
  },
  /** Pages of anybody's. */
  PAGES {
    @Override
    public long in(Machine machine) {
      return machine.pages().pagesInUse();
    }
  },
  /** Calls of IOMMUs' drivers to map and unmap since power on. */
  DRIVER_CALLS {
    @Override
    public long in(Machine machine) {
      return machine.iommu().driverCalls();
    }
  },
  /** References to groups that were taken since power on. */
  GROUP_REFERENCES {
    @Override
    public long in(Machine machine) {
      return machine.iommu().groups().stream().mapToLong(IommuGroup::referencesTaken).sum();
    }
  };

  /** Counts them now. */
  public abstract long in(Machine machine);

  private static Stream<IommuDomain.Paging> attached(Machine machine) {
    return machine.iommu().groups().stream()
        .map(IommuGroup::domain)
        .filter(Objects::nonNull)
        .filter(IommuDomain.Paging.class::isInstance)
        .map(IommuDomain.Paging.class::cast)
        .distinct();
  }
}
