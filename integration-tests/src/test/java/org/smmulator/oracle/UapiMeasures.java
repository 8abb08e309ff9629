package org.smmulator.oracle;

import com.google.common.collect.ImmutableMap;
import com.google.common.reflect.ClassPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.drm.DrmEvent;

/**
 * The sizes and offsets of our structs, and our ioctl numbers, by the expression in C that has the
 * same value. All packages below {@code org.smmulator.uapi} are searched, so that none can be
 * forgotten, but for the engines', which are no kernel's.
 */
final class UapiMeasures {
  private static final String NOT_LINUX = "org.smmulator.uapi.engines";

  /** How the C names of a class's ioctl numbers begin, by the class. */
  private static final ImmutableMap<String, String> PREFIXES =
      ImmutableMap.of(
          "DrmIoctl", "DRM_IOCTL_",
          "ModeIoctl", "DRM_IOCTL_MODE_",
          "VblankIoctl", "DRM_IOCTL_",
          "MsmIoctl", "DRM_IOCTL_MSM_",
          "ExynosIoctl", "DRM_IOCTL_EXYNOS_",
          "DmaBufIoctl", "DMA_BUF_IOCTL_",
          "DmaHeapIoctl", "DMA_HEAP_IOCTL_",
          "SyncIoctl", "SYNC_IOC_");

  /** The fields of an event's header, which stand in a struct of their own in C. */
  private static final ImmutableMap<String, String> IN_HEADER =
      ImmutableMap.of("type", "base.type", "length", "base.length");

  private final Map<String, Long> measures = new TreeMap<>();

  private UapiMeasures() {}

  static ImmutableMap<String, Long> all() {
    UapiMeasures found = new UapiMeasures();
    try {
      ClassPath.from(CStruct.class.getClassLoader())
          .getTopLevelClassesRecursive(CStruct.class.getPackageName())
          .stream()
          .filter(each -> !each.getPackageName().equals(CStruct.class.getPackageName()))
          .filter(each -> !each.getPackageName().equals(NOT_LINUX))
          .map(ClassPath.ClassInfo::load)
          .forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ImmutableMap.copyOf(found.measures);
  }

  private void add(Class<?> type) {
    if (type.getSimpleName().endsWith("Ioctl") && !PREFIXES.containsKey(type.getSimpleName())) {
      throw new IllegalStateException("nobody says how the names of %s begin in C".formatted(type));
    }
    for (Field field : type.getDeclaredFields()) {
      if (field.getType().equals(StructLayout.class) && !Modifier.isPublic(field.getModifiers())) {
        throw new IllegalStateException("nobody outside of %s sees its layout".formatted(type));
      }
      if (!Modifier.isStatic(field.getModifiers()) || !Modifier.isPublic(field.getModifiers())) {
        continue;
      }
      try {
        if (field.get(null) instanceof StructLayout struct) {
          addStruct(struct);
        } else if (PREFIXES.containsKey(type.getSimpleName()) && isIoctl(field.getInt(null))) {
          measures.put(nameInC(type, field.getName()), Integer.toUnsignedLong(field.getInt(null)));
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static boolean isIoctl(int value) {
    return (value >>> 8 & 0xff) != 0; // a number alone has no type
  }

  private static String nameInC(Class<?> type, String name) {
    return type.equals(DmaBufIoctl.class) && name.startsWith("SET_NAME")
        ? "DMA_BUF_" + name
        : PREFIXES.get(type.getSimpleName()) + name;
  }

  private static String inC(StructLayout struct, String field) {
    boolean isEvent = !struct.equals(DrmEvent.LAYOUT) && beginsAs(struct, DrmEvent.LAYOUT);
    return isEvent ? IN_HEADER.getOrDefault(field, field) : field;
  }

  private static boolean beginsAs(StructLayout struct, StructLayout header) {
    List<MemoryLayout> members = struct.memberLayouts();
    int count = header.memberLayouts().size();
    return members.size() > count && members.subList(0, count).equals(header.memberLayouts());
  }

  private void addStruct(StructLayout struct) {
    String name = "struct " + struct.name().orElseThrow();
    measures.put("sizeof(%s)".formatted(name), struct.byteSize());
    for (MemoryLayout member : struct.memberLayouts()) {
      member
          .name()
          .ifPresent(field ->
              measures.put(
                  "offsetof(%s, %s)".formatted(name, inC(struct, field)),
                  struct.byteOffset(PathElement.groupElement(field))));
    }
  }
}
