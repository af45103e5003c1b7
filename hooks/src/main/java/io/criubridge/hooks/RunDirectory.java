// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.plan.Directive;
import io.criubridge.hooks.plan.Plan;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The directory of one CRIU run, {@code /run/criu-bridge/<criu pid>-<start time>}, shared with the
 * launcher and the plugin. The launcher makes it, the worker removes it. That of a run over CRIU's
 * RPC is named {@code rpc-<criu pid>-<start time>}: there a plugin does not look for a plan.
 *
 * @param path the directory
 * @param criu the criu process that it is named after
 */
public record RunDirectory(Path path, ProcessIdentity criu) {

  private static final String RPC = "rpc-";
  private static final Pattern NAME = Pattern.compile("(?:" + RPC + ")?([0-9]{1,9})-([0-9]{1,18})");

  private static final String IMAGE_DIRECTORY = "image-directory";
  private static final String PLAN = "plan";
  private static final String APPLIED = "plan.applied";
  private static final String APPLIED_LINE = "applied ";

  /**
   * Reads a run directory's name.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static RunDirectory of(Path path) {
    Matcher name = name(path);
    if (!name.matches()) {
      throw new IllegalArgumentException(path + " is not named [rpc-]<pid>-<start time>");
    }
    return new RunDirectory(
        path, new ProcessIdentity(Integer.parseInt(name.group(1)), Long.parseLong(name.group(2))));
  }

  /** The directory of a run over CRIU's RPC. */
  public static RunDirectory overRpc(Path base, ProcessIdentity criu) {
    return new RunDirectory(base.resolve(RPC + criu.pid() + "-" + criu.startTimeTicks()), criu);
  }

  private static Matcher name(Path path) {
    Path name = path.getFileName();
    return NAME.matcher(name == null ? "" : name.toString());
  }

  /** Where the worker listens. */
  public Path socket() {
    return path.resolve("socket");
  }

  /** Publishes the plan for the plugin. */
  public void publish(Plan plan) throws IOException {
    PublishedFile.write(path.resolve(PLAN), plan.encode(), 0600);
  }

  /** The plan; one without directives if none was published. */
  public Plan plan() throws IOException {
    try {
      return Plan.decode(Files.readAllBytes(path.resolve(PLAN)));
    } catch (NoSuchFileException e) {
      return new Plan(List.of());
    }
  }

  /** Records what became of each directive, as the plugin does where it carries out the plan. */
  public void recordApplied(List<Directive> applied) throws IOException {
    String text =
        applied.stream()
            .map(directive -> APPLIED_LINE + Plan.line(directive) + "\n")
            .collect(Collectors.joining());
    PublishedFile.write(path.resolve(APPLIED), text.getBytes(ISO_8859_1), 0600);
  }

  /** Whether the plugin has carried out the plan. */
  public boolean isPlanApplied() {
    return Files.exists(path.resolve(APPLIED));
  }

  /** Whether the plugin has told CRIU this, and the caller of CRIU had not told it otherwise. */
  public boolean isApplied(Directive directive) throws IOException {
    return isPlanApplied()
        && Files.readAllLines(path.resolve(APPLIED), ISO_8859_1)
            .contains(APPLIED_LINE + Plan.line(directive));
  }

  /** Tells the launcher how long each phase may take. */
  public void publishDeadlines(Map<Phase, Duration> deadlines) throws IOException {
    String text =
        deadlines.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue().toMillis() + "\n")
            .sorted()
            .collect(Collectors.joining());
    PublishedFile.write(path.resolve("deadlines"), text.getBytes(UTF_8), 0600);
  }

  /** Keeps the image directory's path for phases in which CRIU has closed it. */
  void rememberImageDirectory(Path directory) throws IOException {
    PublishedFile.write(path.resolve(IMAGE_DIRECTORY), directory.toString().getBytes(UTF_8), 0600);
  }

  /** The path that was remembered. */
  Optional<Path> imageDirectory() throws IOException {
    try {
      return Optional.of(Path.of(Files.readString(path.resolve(IMAGE_DIRECTORY), UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Removes the directory and what is in it; another may be doing the same. */
  public void remove() throws IOException {
    // The socket first: a launcher that comes now must not find it without its directory's files.
    Files.deleteIfExists(socket());
    removeTree(path);
  }

  private static void removeTree(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries(path)) {
        removeTree(entry);
      }
    }
    Files.deleteIfExists(path);
  }

  /** Removes the directories of runs whose criu process is gone, left behind by killed workers. */
  public void removeStaleSiblings(ProcFs proc) throws IOException {
    Path base = path.getParent();
    if (base == null) {
      return;
    }
    for (Path sibling : entries(base)) {
      if (!sibling.equals(path) && name(sibling).matches()) {
        RunDirectory other = of(sibling);
        if (!other.criu().isAlive(proc)) {
          other.remove();
        }
      }
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(paths::add);
    } catch (NoSuchFileException e) {
      // Removed since: nothing is in it.
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return paths;
  }
}
