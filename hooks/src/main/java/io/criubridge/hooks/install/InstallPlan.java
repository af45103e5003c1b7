// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.sys.Sha256;
import io.criubridge.hooks.config.ConfigurationTemplate;
import io.criubridge.hooks.install.InstallRecord.ConfChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what an installation will make, before it makes anything. What is there already, as it
 * has to be and not by us, is neither made nor later removed: so a package whose files dpkg places
 * installs the rest by the same means.
 */
final class InstallPlan {
  private final InstallRequest request;
  private final NodeRoot root;
  private final Optional<InstallRecord> before;
  private final Set<String> directories = new LinkedHashSet<>();
  private final Map<String, String> links = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, ConfChange> confs = new LinkedHashMap<>();

  private InstallPlan(InstallRequest request, Optional<InstallRecord> before) {
    this.request = request;
    this.root = request.root();
    this.before = before;
    before.ifPresent(record -> directories.addAll(record.directories()));
  }

  /**
   * The record of an installation to come.
   *
   * @param before that of an earlier one at the same prefix
   * @throws InstallException naming what is in the way
   */
  static InstallRecord of(InstallRequest request, Optional<InstallRecord> before)
      throws IOException {
    return new InstallPlan(request, before).record();
  }

  private InstallRecord record() throws IOException {
    boolean inPlace = request.isInPlace();
    if (!inPlace) {
      requireOurs(request.program(), before.isPresent() && before.get().copied());
      directoriesOf(request.program());
    }
    for (Map.Entry<Path, Path> link : request.links().entrySet()) {
      link(link.getKey(), link.getValue());
    }
    config();
    link(request.pluginLink(), request.plugin());
    runcConf();
    return new InstallRecord(
        InstallRecord.FORMAT,
        false,
        request.version(),
        request.owner(),
        request.prefix().toString(),
        request.program().toString(),
        !inPlace || (before.isPresent() && before.get().copied()),
        new ProgramTree(request.source()).digest(),
        List.copyOf(directories),
        links,
        files,
        confs);
  }

  private void requireOurs(Path path, boolean ours) throws IOException {
    if (!ours && root.exists(path)) {
      throw new InstallException(
          root.entry(path)
              + ": is there, and not from an installation of criu-bridge; move it away or choose"
              + " another --prefix");
    }
  }

  private void link(Path link, Path target) throws IOException {
    boolean ours = before.isPresent() && before.get().links().containsKey(link.toString());
    if (!ours && root.followed(link).equals(root.followed(target))) {
      return;
    }
    requireOurs(link, ours);
    directoriesOf(link);
    links.put(link.toString(), target.toString());
  }

  /** An edited file is the user's. */
  private void config() throws IOException {
    Path path = InstallRequest.CONFIG;
    String recorded =
        before.map(record -> record.files().getOrDefault(path.toString(), "")).orElse("");
    Path file = root.followed(path);
    boolean there = Files.exists(file);
    byte[] template = ConfigurationTemplate.text().getBytes(UTF_8);
    if (there && recorded.isEmpty()) {
      return;
    }
    directoriesOf(path);
    boolean edited = there && !Sha256.of(Files.readAllBytes(file)).equals(recorded);
    files.put(path.toString(), edited ? recorded : Sha256.of(template));
  }

  private void runcConf() throws IOException {
    Path path = InstallRequest.RUNC_CONF;
    ConfFile conf = ConfFile.of(root, path);
    String launcher = request.launcher().toString();
    Optional<ConfChange> recorded = before.map(record -> record.confs().get(path.toString()));
    List<String> others = new ArrayList<>(RuncConf.launchers(conf.text().orElse("")));
    others.remove(launcher);
    if (!others.isEmpty()) {
      throw new InstallException(
          conf.file() + ": has '" + RuncConf.line(others.get(0)) + "' already; remove that line");
    }
    directoriesOf(path);
    Optional<ConfChange> change = conf.planned(launcher).or(() -> recorded);
    change.ifPresent(c -> confs.put(path.toString(), c));
  }

  /** Notes the directories above a path that are to be made. */
  private void directoriesOf(Path path) throws IOException {
    directories.addAll(missingAbove(root, path));
  }

  static List<String> missingAbove(NodeRoot root, Path path) throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (Files.exists(root.followed(above), LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
      missing.add(0, above.toString());
    }
    return missing;
  }
}
