// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import io.criubridge.core.container.ContainerdRuntime;
import io.criubridge.core.container.RpcDeadlines;
import io.criubridge.core.rootfs.ArchiveLimits;
import io.criubridge.core.rootfs.Existing;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the settings: the node's file, overridden by {@code criu-bridge.yaml} in the image
 * directory, overridden by {@code CRIU_BRIDGE_*} variables. A later source replaces a key whole.
 */
public final class ConfigurationReader {

  /** The node's file, unless {@code CRIU_BRIDGE_CONFIG} names another. */
  public static final Path NODE_FILE = Path.of("/etc/criu-bridge/config.yaml");

  /** The file in the image directory. */
  public static final String IMAGE_FILE = "criu-bridge.yaml";

  /** How long a phase may take unless a setting says otherwise. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(2);

  private static final Set<String> STANDARD_STREAMS = Set.of("stdin", "stdout", "stderr");

  /** Source: {@code identifiers/validate.go} of containerd. */
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*");

  private final Map<Key, List<Setting>> settings;

  private ConfigurationReader(Map<Key, List<Setting>> settings) {
    this.settings = settings;
  }

  /**
   * Reads all three sources.
   *
   * @param operation what CRIU does: at a restore the image directory may come from elsewhere, and
   *     must not say what of this machine is mounted or written
   * @param imageDirectory CRIU's image directory, empty if it is not known
   * @param environment of the criu process
   * @throws ConfigurationException naming file and line, or variable, of what is wrong
   */
  public static Configuration read(
      Operation operation, Optional<Path> imageDirectory, Map<String, String> environment)
      throws IOException {
    String named = environment.getOrDefault("CRIU_BRIDGE_CONFIG", "");
    Path nodeFile = named.isEmpty() ? NODE_FILE : Path.of(named);
    Map<Key, List<Setting>> settings = new EnumMap<>(Key.class);
    settings.putAll(YamlSettings.read(nodeFile));
    if (imageDirectory.isPresent()) {
      Map<Key, List<Setting>> ofImages =
          YamlSettings.read(imageDirectory.get().resolve(IMAGE_FILE));
      if (operation != Operation.DUMP) {
        refuseMattersOfThisMachine(ofImages);
      }
      settings.putAll(ofImages);
    }
    settings.putAll(EnvironmentSettings.read(environment));
    return new ConfigurationReader(settings).configuration();
  }

  private static void refuseMattersOfThisMachine(Map<Key, List<Setting>> ofImages)
      throws ConfigurationException {
    for (Key key : List.of(Key.MAP, Key.NETNS, Key.ROOT, Key.DIFF_LIMITS)) {
      if (ofImages.containsKey(key)) {
        String origin =
            ofImages.get(key).stream().map(Setting::origin).findFirst().orElse(IMAGE_FILE);
        throw new ConfigurationException(
            origin
                + ": '"
                + key.yamlName()
                + "' is not taken from an image directory at restore, since it is for this machine"
                + " to say; set "
                + key.variable());
      }
    }
  }

  private Configuration configuration() throws ConfigurationException {
    return new Configuration(
        choice(Key.PARTICIPATION, Configuration.Participation.AUTO),
        choice(Key.POLICY, Configuration.Policy.MINIMAL),
        containerPaths(Key.EXCLUDE),
        choice(Key.TWO_PASS, Configuration.TwoPass.AUTO),
        containerPaths(Key.CONTROL_DIR).stream().findFirst(),
        deadlines(),
        mountMap(),
        text(Key.EXTERNAL_NETNS).map(Setting::value),
        hostPaths(Key.NETNS).stream().findFirst(),
        hostPaths(Key.UPPERDIR).stream().findFirst(),
        hostPaths(Key.RUNTIME_ROOTS),
        runtime(),
        hostPaths(Key.ROOT).stream().findFirst(),
        choice(Key.EXISTING, Existing.REPLACE),
        diffLimits(),
        choice(Key.CRIU_VERSION, Configuration.CriuVersionCheck.CHECK));
  }

  private List<Setting> values(Key key) {
    return settings.getOrDefault(key, List.of());
  }

  private Optional<Setting> text(Key key) {
    return values(key).stream().filter(setting -> !setting.value().isEmpty()).findFirst();
  }

  private <E extends Enum<E>> E choice(Key key, E otherwise) throws ConfigurationException {
    Optional<Setting> setting = text(key);
    if (setting.isEmpty()) {
      return otherwise;
    }
    E[] choices = otherwise.getDeclaringClass().getEnumConstants();
    for (E choice : choices) {
      if (yamlName(choice).equals(setting.get().value())) {
        return choice;
      }
    }
    List<String> names = Arrays.stream(choices).map(choice -> yamlName(choice)).sorted().toList();
    throw setting.get().wrong("one of " + String.join(", ", names));
  }

  private static String yamlName(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private List<BytePath> containerPaths(Key key) throws ConfigurationException {
    List<BytePath> paths = new ArrayList<>();
    for (Setting setting : values(key)) {
      if (setting.value().isEmpty()) {
        continue;
      }
      paths.add(containerPath(setting, setting.value()));
    }
    return paths;
  }

  private static BytePath containerPath(Setting setting, String text)
      throws ConfigurationException {
    if (!text.startsWith("/")) {
      throw setting.wrong("an absolute path in the container");
    }
    try {
      BytePath path = BytePath.of(text);
      if (path.isRoot()) {
        throw setting.wrong("a path below the container's root");
      }
      return path;
    } catch (IllegalArgumentException e) {
      throw setting.wrong("a path without '..'");
    }
  }

  private List<Path> hostPaths(Key key) throws ConfigurationException {
    List<Path> paths = new ArrayList<>();
    for (Setting setting : values(key)) {
      if (!setting.value().isEmpty()) {
        paths.add(hostPath(setting));
      }
    }
    return paths;
  }

  private static Path hostPath(Setting setting) throws ConfigurationException {
    try {
      if (setting.value().startsWith("/")) {
        return Path.of(setting.value());
      }
    } catch (InvalidPathException e) {
      throw setting.wrong("a path of this machine that Java can name");
    }
    throw setting.wrong("an absolute path of this machine");
  }

  private Map<String, Path> mountMap() throws ConfigurationException {
    Map<String, Path> map = new LinkedHashMap<>();
    for (Setting setting : values(Key.MAP)) {
      if (setting.name().isEmpty()) {
        throw setting.wrong("of the form /in/container=/on/host");
      }
      String name =
          STANDARD_STREAMS.contains(setting.name())
              ? setting.name()
              : containerPath(setting, setting.name()).text();
      map.put(name, hostPath(setting));
    }
    return map;
  }

  private Map<Phase, Duration> deadlines() throws ConfigurationException {
    Map<Phase, Duration> deadlines = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      deadlines.put(phase, DEFAULT_DEADLINE);
    }
    for (Setting setting : values(Key.DEADLINE)) {
      if (setting.name().isEmpty()) {
        Duration deadline = seconds(setting);
        deadlines.replaceAll((phase, before) -> deadline);
      }
    }
    for (Setting setting : values(Key.DEADLINE)) {
      if (!setting.name().isEmpty()) {
        Phase phase =
            Phase.ofAction(setting.name()).orElseThrow(() -> setting.wrong("for a known phase"));
        deadlines.put(phase, seconds(setting));
      }
    }
    return deadlines;
  }

  private RuntimeSettings runtime() throws ConfigurationException {
    return new RuntimeSettings(
        choice(Key.RUNTIME, RuntimeSettings.Source.AUTO),
        hostPaths(Key.RUNTIME_SOCKET).stream().findFirst(),
        namespace(),
        runtimeDeadlines());
  }

  private String namespace() throws ConfigurationException {
    Optional<Setting> setting = text(Key.RUNTIME_NAMESPACE);
    if (setting.isPresent() && !NAMESPACE.matcher(setting.get().value()).matches()) {
      throw setting.get().wrong("a namespace of containerd");
    }
    return setting.map(Setting::value).orElse(ContainerdRuntime.KUBERNETES);
  }

  private RpcDeadlines runtimeDeadlines() throws ConfigurationException {
    Duration connect = RpcDeadlines.DEFAULT.connect();
    Duration call = RpcDeadlines.DEFAULT.call();
    for (Setting setting : values(Key.RUNTIME_DEADLINE)) {
      switch (setting.name()) {
        case "connect" -> connect = seconds(setting);
        case "", "call" -> call = seconds(setting);
        default -> throw setting.wrong("for connect or call");
      }
    }
    return new RpcDeadlines(connect, call);
  }

  private ArchiveLimits diffLimits() throws ConfigurationException {
    long entries = ArchiveLimits.DEFAULT.entries();
    long bytes = ArchiveLimits.DEFAULT.bytes();
    for (Setting setting : values(Key.DIFF_LIMITS)) {
      switch (setting.name()) {
        case "entries" -> entries = count(setting);
        case "bytes" -> bytes = count(setting);
        default -> throw setting.wrong("for entries or bytes");
      }
    }
    return new ArchiveLimits(entries, bytes);
  }

  private static long count(Setting setting) throws ConfigurationException {
    if (setting.value().matches("[1-9][0-9]{0,17}")) {
      return Long.parseLong(setting.value());
    }
    throw setting.wrong("a number from 1 on");
  }

  private static Duration seconds(Setting setting) throws ConfigurationException {
    try {
      int seconds = Integer.parseInt(setting.value());
      if (seconds >= 1 && seconds <= 86_400) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      throw setting.wrong("a number of seconds from 1 to 86400");
    }
    throw setting.wrong("a number of seconds from 1 to 86400");
  }
}
