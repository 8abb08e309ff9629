package org.smmulator.iommu.task.adreno;

import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.task.PagetableBase;
import org.smmulator.iommu.task.TaskBinder;

/** The designs that give each open file of a GPU a pagetable: the switch {@code msm.pagetables}. */
public enum GpuPagetables {
  ADRENO_SMMU {
    @Override
    public TaskBinder binder(IommuServices services, PagetableBase base) {
      return new AdrenoSmmuBinder(services);
    }
  },
  BIND_TASK {
    @Override
    public TaskBinder binder(IommuServices services, PagetableBase base) {
      return new BindTaskBinder(services, base);
    }
  },
  DYNAMIC_DOMAINS {
    @Override
    public TaskBinder binder(IommuServices services, PagetableBase base) {
      return new DynamicDomainBinder(services);
    }
  },
  AUX_DOMAINS {
    @Override
    public TaskBinder binder(IommuServices services, PagetableBase base) {
      return new AuxDomainBinder(services);
    }
  },
  SHARED {
    @Override
    public TaskBinder binder(IommuServices services, PagetableBase base) {
      return new SharedTableBinder();
    }
  };

  /**
   * Makes the design's binder.
   *
   * @param base the value of {@code bind-task.base}, which one of them has
   */
  public abstract TaskBinder binder(IommuServices services, PagetableBase base);
}
