package org.smmulator.iommu;

/** The answer to a device's page requests. Kernel: {@code enum iommu_page_response_code}. */
public enum PageResponse {
  /** The pages are there: try again. */
  SUCCESS,
  /** They will never be: give up. */
  INVALID,
  /** Something went wrong: give up, and ask no more. */
  FAILURE
}
