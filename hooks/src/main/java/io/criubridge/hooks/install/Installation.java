// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.Sha256;
import io.criubridge.hooks.config.ConfigurationTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Installs criu-bridge on a node: the program, links to it, settings, CRIU's plugin, and last the
 * line in CRIU's configuration that makes all of it take part. The record comes before everything
 * and each step can be repeated: an installation that broke off is finished by the next one, or
 * undone by a {@link Removal}.
 */
public final class Installation {
  private static final int CONFIG_MODE = 0644;

  private final InstallRequest request;
  private final NodeRoot root;
  private final Consumer<String> progress;
  private final Preparation preparation;

  /** Prepares the start of the JVM in a directory of the program. */
  @FunctionalInterface
  public interface Preparation {
    /**
     * Prepares.
     *
     * @param program the directory, where it can be reached from here
     * @param wholly whether it is at its place, so that criu can be tried there
     */
    void prepare(Path program, boolean wholly) throws IOException;
  }

  /** What is done, to be done in order. */
  record Step(String what, Action action) {}

  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /**
   * Takes the request.
   *
   * @param progress gets a line for each step
   */
  public Installation(InstallRequest request, Preparation preparation, Consumer<String> progress) {
    this.request = request;
    this.root = request.root();
    this.preparation = preparation;
    this.progress = progress;
  }

  /**
   * Installs, over an earlier installation too.
   *
   * @throws InstallException if something is in the way; nothing was changed then
   */
  public void run() throws IOException {
    try (InstallLock lock = InstallLock.take(root)) {
      for (Step step : steps(lock)) {
        progress.accept(step.what());
        step.action().run();
      }
    }
  }

  List<Step> steps(InstallLock lock) throws IOException {
    Optional<InstallRecord> before = settled();
    InstallRecord record = lock.withDirectories(InstallPlan.of(request, before));
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("noting what is to be done", () -> record.publish(root)));
    addProgram(steps);
    record
        .links()
        .forEach(
            (link, target) -> {
              if (!isPlugin(link)) {
                steps.add(linkStep(link, target));
              }
            });
    if (!record.files().isEmpty()) {
      steps.add(new Step("settings " + InstallRequest.CONFIG, () -> writeConfig(before)));
    }
    record
        .links()
        .forEach(
            (link, target) -> {
              if (isPlugin(link)) {
                steps.add(linkStep(link, target));
              }
            });
    steps.add(new Step("action-script in " + InstallRequest.RUNC_CONF, this::addToRuncConf));
    before.ifPresent(old -> addStale(steps, old, record));
    steps.add(new Step("done", () -> record.completed().publish(root)));
    return steps;
  }

  /** The earlier installation; one at another prefix makes room first. */
  private Optional<InstallRecord> settled() throws IOException {
    Optional<InstallRecord> found = InstallRecord.find(root);
    if (found.isEmpty() || found.get().prefix().equals(request.prefix().toString())) {
      return found;
    }
    progress.accept("removing " + found.get().program());
    Removal.undo(root, found.get()).forEach(progress);
    return found.map(InstallRecord::undone);
  }

  private boolean isPlugin(String link) {
    return link.equals(request.pluginLink().toString());
  }

  private void addProgram(List<Step> steps) throws IOException {
    boolean inPlace = request.isInPlace();
    if (!inPlace) {
      steps.add(new Step("program " + request.program(), this::placeProgram));
    }
    if (root.isThisMachine()) {
      steps.add(
          new Step(
              "the JVM's start, by a dump and a restore of a process of its own",
              () -> preparation.prepare(root.followed(request.program()), true)));
    }
  }

  private void placeProgram() throws IOException {
    Path place = root.followed(request.program());
    makeDirectory(NodeRoot.parent(place));
    Path stage = place.resolveSibling("." + place.getFileName() + ".new");
    ProgramTree.remove(stage);
    new ProgramTree(request.source()).copyTo(stage);
    preparation.prepare(stage, false);
    ProgramTree.swap(stage, place);
    ProgramTree.remove(stage);
  }

  private Step linkStep(String link, String target) {
    return new Step("link " + link, () -> placeLink(Path.of(link), Path.of(target)));
  }

  private void placeLink(Path link, Path target) throws IOException {
    makeDirectory(root.followed(NodeRoot.parent(link)));
    Path place = root.entry(link);
    if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(target)) {
      return;
    }
    Path temporary = place.resolveSibling("." + place.getFileName() + ".criu-bridge.tmp");
    Files.deleteIfExists(temporary);
    Files.createSymbolicLink(temporary, target);
    Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
    PublishedFile.sync(NodeRoot.parent(place));
  }

  private void writeConfig(Optional<InstallRecord> before) throws IOException {
    Path file = root.followed(InstallRequest.CONFIG);
    String recorded =
        before
            .map(record -> record.files().getOrDefault(InstallRequest.CONFIG.toString(), ""))
            .orElse("");
    byte[] template = ConfigurationTemplate.text().getBytes(UTF_8);
    boolean edited = Files.exists(file) && !Sha256.of(Files.readAllBytes(file)).equals(recorded);
    if (!edited) {
      makeDirectory(NodeRoot.parent(file));
      PublishedFile.write(file, template, CONFIG_MODE);
    }
  }

  private void addToRuncConf() throws IOException {
    makeDirectory(root.followed(NodeRoot.parent(InstallRequest.RUNC_CONF)));
    ConfFile.of(root, InstallRequest.RUNC_CONF).add(request.launcher().toString());
  }

  private void addStale(List<Step> steps, InstallRecord old, InstallRecord now) {
    Map<String, String> stale = new HashMap<>(old.links());
    stale.keySet().removeAll(now.links().keySet());
    stale.forEach(
        (link, target) ->
            steps.add(new Step("removing " + link, () -> Removal.removeLink(root, link, target))));
  }

  /** Makes a directory and those above it, whatever the umask. */
  static void makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    makeDirectory(NodeRoot.parent(directory));
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new InstallException(directory + ": is not a directory");
    }
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    PublishedFile.sync(NodeRoot.parent(directory));
  }
}
