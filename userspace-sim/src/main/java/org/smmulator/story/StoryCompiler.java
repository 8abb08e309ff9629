package org.smmulator.story;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;

/** Compiles a story in memory: no file is written. */
public final class StoryCompiler {
  private final JavaCompiler compiler;

  /**
   * Makes one.
   *
   * @param compiler the JDK's; null where there is none
   * @throws BadInputException if there is none
   */
  public StoryCompiler(@Nullable JavaCompiler compiler) throws BadInputException {
    if (compiler == null) {
      throw new BadInputException(
          "this Java has no compiler, and a .java scenario needs one",
          "run it with a JDK, not with a JRE; scenarios in .yaml need neither");
    }
    this.compiler = compiler;
  }

  /**
   * Compiles the text of a file, and makes the one story in it.
   *
   * @throws BadInputException if it does not compile, naming the first place, or has not one story
   */
  public Story compile(Path file, String text) throws BadInputException {
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    Classes classes = new Classes(compiler.getStandardFileManager(told, Locale.ROOT, UTF_8));
    List<String> options =
        List.of("-proc:none", "-cp", System.getProperty("java.class.path", ""), "-Xlint:none");
    boolean compiled =
        compiler
            .getTask(null, classes, told, options, null, List.of(new Source(file, text)))
            .call();
    if (!compiled) {
      throw notJava(file, told.getDiagnostics());
    }
    return theOneOf(file, classes.load());
  }

  private static BadInputException notJava(
      Path file, List<Diagnostic<? extends JavaFileObject>> told) {
    for (Diagnostic<? extends JavaFileObject> each : told) {
      if (each.getKind() == Diagnostic.Kind.ERROR) {
        String problem = each.getMessage(Locale.ROOT).lines().findFirst().orElse("it is no Java");
        return new BadInputException(
            "%s:%d:%d: %s".formatted(file, each.getLineNumber(), each.getColumnNumber(), problem),
            "mend the Java there; the API is in the Javadoc of org.smmulator.story");
      }
    }
    return new BadInputException(file + " does not compile", "mend its Java");
  }

  private static Story theOneOf(Path file, ImmutableList<Class<?>> classes)
      throws BadInputException {
    ImmutableList<Class<? extends Story>> stories =
        classes.stream()
            .filter(each -> Story.class.isAssignableFrom(each) && !isAbstract(each))
            .<Class<? extends Story>>map(each -> each.asSubclass(Story.class))
            .collect(toImmutableList());
    if (stories.size() != 1) {
      throw new BadInputException(
          "%s has %d classes that are a story".formatted(file, stories.size()),
          "have one: class Painting implements org.smmulator.story.Story");
    }
    return make(file, stories.getFirst());
  }

  private static boolean isAbstract(Class<?> each) {
    return Modifier.isAbstract(each.getModifiers());
  }

  private static Story make(Path file, Class<? extends Story> story) throws BadInputException {
    try {
      var constructor = story.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
      throw new BadInputException(
          "%s: %s cannot be made: %s".formatted(file, story.getSimpleName(), e.getMessage()),
          "give it a constructor without parameters, or none");
    } catch (InvocationTargetException e) {
      throw new BadInputException(
          "%s: the constructor of %s threw %s".formatted(file, story.getSimpleName(), e.getCause()),
          "act in tell(), where there is a machine");
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Path file, String text) {
      super(file.toAbsolutePath().toUri(), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Classes as the compiler makes them, by name. */
  private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> made = new TreeMap<>();

    Classes(JavaFileManager known) {
      super(known);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      made.put(name, bytes);
      return new SimpleJavaFileObject(URI.create("class:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }

    ImmutableList<Class<?>> load() {
      try {
        close();
      } catch (IOException e) {
        throw new UncheckedIOException("files in memory", e);
      }
      Loader loader = new Loader(made);
      return made.keySet().stream().map(loader::require).collect(toImmutableList());
    }
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, ByteArrayOutputStream> made;

    Loader(Map<String, ByteArrayOutputStream> made) {
      super(Story.class.getClassLoader());
      this.made = made;
    }

    Class<?> require(String name) {
      try {
        return loadClass(name);
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("it was just made", e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      ByteArrayOutputStream bytes = made.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes.toByteArray(), 0, bytes.size());
    }
  }
}
