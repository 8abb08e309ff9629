package org.smmulator.oracle;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.reflect.ClassPath;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Field;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.smmulator.uapi.CStruct;

/** The oracle is asked about every struct and number that there is; here without the oracle. */
class UapiMeasuresTest {
  private final ImmutableMap<String, Long> all = UapiMeasures.all();

  @Test
  void everyStructOfEveryHeaderIsMeasured() throws Exception {
    ImmutableSet<Class<?>> structs =
        ClassPath.from(CStruct.class.getClassLoader())
            .getTopLevelClassesRecursive("org.smmulator.uapi")
            .stream()
            .filter(each -> !each.getPackageName().endsWith("uapi"))
            .filter(each -> !each.getPackageName().endsWith("engines"))
            .map(ClassPath.ClassInfo::load)
            .filter(each -> !each.isEnum() && !each.isInterface())
            .filter(each -> !each.getSimpleName().matches(".*(Ioctl|Test)"))
            .collect(ImmutableSet.toImmutableSet());

    assertThat(structs.size()).isAtLeast(90);
    for (Class<?> struct : structs) {
      assertWithMessage("%s has a layout", struct)
          .that(Arrays.stream(struct.getFields()).map(Field::getName))
          .contains("LAYOUT");
      MemoryLayout layout = (MemoryLayout) struct.getField("LAYOUT").get(null);
      assertWithMessage("%s", struct)
          .that(all)
          .containsEntry(
              "sizeof(struct %s)".formatted(layout.name().orElseThrow()), layout.byteSize());
    }
  }

  @Test
  void noHeaderIsForgotten() {
    for (String begin :
        new String[] {
          "sizeof(struct drm_msm_",
          "sizeof(struct drm_exynos_",
          "sizeof(struct drm_mode_",
          "sizeof(struct drm_syncobj_",
          "sizeof(struct sync_",
          "sizeof(struct dma_buf_",
          "sizeof(struct dma_heap_",
          "DRM_IOCTL_MSM_",
          "DRM_IOCTL_EXYNOS_",
          "DRM_IOCTL_MODE_",
          "DRM_IOCTL_SYNCOBJ_",
          "DMA_BUF_IOCTL_",
          "DMA_HEAP_IOCTL_",
          "SYNC_IOC_"
        }) {
      assertWithMessage(begin)
          .that(all.keySet().stream().anyMatch(each -> each.startsWith(begin)))
          .isTrue();
    }
  }
}
