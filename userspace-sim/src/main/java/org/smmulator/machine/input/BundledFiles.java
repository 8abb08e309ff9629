package org.smmulator.machine.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Text files that come with the program, in one folder of the class path. */
public final class BundledFiles {
  private final Class<?> neighbour;
  private final String folder;
  private final String suffix;

  /**
   * Names a folder.
   *
   * @param neighbour a class of the package that holds the folder
   * @param suffix the end of the files' names, such as {@code .dts}
   */
  public BundledFiles(Class<?> neighbour, String folder, String suffix) {
    this.neighbour = neighbour;
    this.folder = folder;
    this.suffix = suffix;
  }

  /** Returns the names of the files, without the suffix, sorted. */
  public ImmutableList<String> names() {
    String prefix = neighbour.getPackageName().replace('.', '/') + "/" + folder + "/";
    URL place = neighbour.getProtectionDomain().getCodeSource().getLocation();
    try {
      Path root = Path.of(place.toURI());
      return Files.isDirectory(root) ? inDirectory(root.resolve(prefix)) : inJar(root, prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private ImmutableList<String> inDirectory(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return sorted(files.map(file -> file.getFileName().toString()));
    }
  }

  private ImmutableList<String> inJar(Path jar, String prefix) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return sorted(
          file.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith(prefix))
              .map(name -> name.substring(prefix.length())));
    }
  }

  private ImmutableList<String> sorted(Stream<String> fileNames) {
    return fileNames
        .filter(name -> name.endsWith(suffix))
        .map(name -> name.substring(0, name.length() - suffix.length()))
        .collect(ImmutableSortedSet.toImmutableSortedSet(String::compareTo))
        .asList();
  }

  /** Returns the text of the file of that name; null if there is none. */
  public @Nullable String text(String name) {
    try (InputStream in = neighbour.getResourceAsStream(folder + "/" + name + suffix)) {
      return in == null ? null : new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
