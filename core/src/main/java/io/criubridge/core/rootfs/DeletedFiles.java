// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.DirectoryNames;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files that the image has and the container deleted, as a list and as JSON. */
public final class DeletedFiles {

  /** How the JSON writes a path. */
  public enum Form {
    /** {@code etc/conf}, as in deleted-files.json. */
    RELATIVE,
    /** {@code /etc/conf}, as podman and CRI-O have it in deleted.files. */
    ABSOLUTE
  }

  private DeletedFiles() {}

  /**
   * Lists what was deleted, without an archive; {@link RootfsDiff#capture} tells it too. Only
   * overlayfs's whiteouts count, and sockets, which no archive can put in a file's place. The Go
   * code takes names that start with {@code .wh.} for deletions: any workload could make such
   * files, and overlayfs never does.
   *
   * <p>Seed: CaptureDeletedFiles
   */
  public static List<BytePath> capture(ScopedRoot upper, ScopedRoot merged, CaptureOptions options)
      throws IOException {
    DiffWalk walk = new DiffWalk(upper, merged, options, new Nobody());
    walk.run();
    return List.copyOf(walk.deleted());
  }

  /** Who only asks for what is gone. */
  private static final class Nobody implements DiffVisitor {
    @Override
    public void directory(WalkDirectory directory, @Nullable WalkDirectory above) {}

    @Override
    public void file(WalkEntry entry) {}
  }

  /**
   * Lists what was deleted by names, as the Go code does, from an upper directory of AUFS or an
   * unpacked OCI layer: an empty file {@code .wh.x} stands for {@code x}, beside overlayfs's
   * whiteouts. Never to be used on the upperdir of an overlay, where the workload makes such names.
   *
   * <p>Seed: CaptureDeletedFiles
   *
   * @throws TarFormatException if a name stands for {@code .}, {@code ..} or nothing
   */
  public static List<BytePath> captureByName(ScopedRoot upper) throws IOException {
    List<BytePath> deleted = new ArrayList<>();
    ArrayDeque<BytePath> pending = new ArrayDeque<>(List.of(BytePath.ROOT));
    while (!pending.isEmpty()) {
      BytePath directory = pending.removeFirst();
      try (Fd dir = upper.openStrict(directory)) {
        for (byte[] name : DirectoryNames.list(dir)) {
          try (Fd file = Syscalls.openat(dir, name, Syscalls.O_PATH, 0)) {
            BytePath path = directory.resolve(name);
            if (Syscalls.fstat(file).isDirectory()) {
              pending.add(path);
            } else {
              deletedBy(path, file).ifPresent(deleted::add);
            }
          }
        }
      }
    }
    deleted.sort(null);
    return deleted;
  }

  private static Optional<BytePath> deletedBy(BytePath path, Fd file) throws IOException {
    if (OverlayMarks.isWhiteout(file)) {
      return Optional.of(path);
    }
    FileStat stat = Syscalls.fstat(file);
    if (stat.type() != FileType.REGULAR || stat.size() != 0) {
      return Optional.empty();
    }
    return WhiteoutName.ofChecked(path)
        .filter(whiteout -> whiteout.kind() == WhiteoutName.Kind.DELETED)
        .map(WhiteoutName::path);
  }

  /**
   * Deletes the files, to be done after the archive was applied. One that is not there is deleted
   * already. The time of the directory that held it stays, as that came with the archive.
   *
   * <p>Seed: ApplyDeletedFiles
   *
   * @throws IOException if the list holds the root, before anything is deleted
   * @throws ApplyException naming the path that failed (ELOOP if a parent is a link, EXDEV at a
   *     mount) and how many were deleted before
   */
  public static void apply(List<BytePath> deleted, ScopedRoot target) throws IOException {
    if (deleted.contains(BytePath.ROOT)) {
      throw new IOException("the list of deleted files holds the root");
    }
    for (int done = 0; done < deleted.size(); done++) {
      BytePath path = deleted.get(done);
      try {
        delete(path, target);
      } catch (IOException e) {
        throw ApplyException.ofPath("delete", path, done, e);
      }
    }
  }

  private static void delete(BytePath path, ScopedRoot target) throws IOException {
    Optional<Fd> found = target.findStrict(path.parent());
    if (found.isPresent()) {
      try (Fd parent = found.get()) {
        FileStat.Time modified = Syscalls.fstat(parent).modified();
        if (target.remove(path)) {
          Syscalls.setModified(parent, modified);
        }
      }
    }
  }

  /** Writes a JSON array of strings; bytes that are not UTF-8 as {@link BytePath#text} has them. */
  public static byte[] toJson(List<BytePath> deleted, Form form) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginArray();
      for (BytePath path : deleted) {
        json.value(form == Form.ABSOLUTE ? path.text() : path.text().substring(1));
      }
      json.endArray();
    }
    return escapeLoneSurrogates(text.toString()).getBytes(UTF_8);
  }

  /** UTF-8 cannot hold them. */
  private static String escapeLoneSurrogates(String json) {
    StringBuilder out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /**
   * Reads a list of either form.
   *
   * @throws IOException naming the file, and the entry that is empty, the root, or has a {@code ..}
   *     component
   */
  public static List<BytePath> read(Path file) throws IOException {
    List<BytePath> deleted = new ArrayList<>();
    try (Reader text = Files.newBufferedReader(file);
        JsonReader json = new JsonReader(text)) {
      json.beginArray();
      while (json.hasNext()) {
        deleted.add(path(json.nextString()));
      }
      json.endArray();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("more than one list");
      }
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return deleted;
  }

  private static BytePath path(String text) {
    BytePath path = BytePath.of(text);
    if (path.isRoot()) {
      throw new IllegalArgumentException("deleted file '" + text + "' is the root");
    }
    return path;
  }
}
