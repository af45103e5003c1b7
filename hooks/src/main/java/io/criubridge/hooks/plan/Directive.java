// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.plan;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** One thing that the plugin tells CRIU. The words are those of {@code plan.h}. */
public sealed interface Directive {

  /** The directive's word and arguments, not yet escaped. */
  List<String> words();

  /**
   * The directive of these words.
   *
   * @throws IOException if there is none
   */
  static Directive of(List<String> words) throws IOException {
    try {
      return switch (words.get(0)) {
        case "external" -> new External(words.get(1));
        case "skip-mount" -> new SkipMount(words.get(1));
        case "inherit-fd" -> new InheritFd(words.get(1), words.get(2));
        case "inherit-file" ->
            new InheritFile(
                "f" + words.get(1),
                words.get(2),
                Integer.parseInt(words.get(3)),
                words.get(4).equals("end")
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(words.get(4))));
        case "restore-mount" -> new RestoreMount(Integer.parseInt(words.get(1)), words.get(2));
        case "take-mount" -> new TakeMount(words.get(1), words.get(2).equals("d"), words.get(3));
        case "take-fd" -> new TakeFd(words.get(1), Integer.parseInt(words.get(2)));
        default -> throw new IOException("no directive: " + words);
      };
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IOException("no directive: " + words, e);
    }
  }

  /**
   * Declares a resource external, as {@code criu --external} does.
   *
   * @param key such as {@code mnt[/etc/hosts]:/etc/hosts}, {@code file[1b:20c223]}
   */
  record External(String key) implements Directive {
    @Override
    public List<String> words() {
      return List.of("external", key);
    }
  }

  /**
   * Leaves a mount out of the dump, as {@code criu --skip-mnt} does.
   *
   * @param path the mount point in the container
   */
  record SkipMount(String path) implements Directive {
    @Override
    public List<String> words() {
      return List.of("skip-mount", path);
    }
  }

  /**
   * Gives the restored processes a namespace of this machine, as {@code criu --inherit-fd} does.
   *
   * @param name the name of the dump, such as {@code extNetNs}
   * @param path the namespace's file on this machine
   */
  record InheritFd(String name, String path) implements Directive {
    @Override
    public List<String> words() {
      return List.of("inherit-fd", name, path);
    }
  }

  /**
   * Gives the restored processes an open file of this machine, used as it is. CRIU would open a
   * file that is known by its key {@code file[...]} anew and refuse one of another size, which a
   * log is; it does neither with what it finds under the file's path without its first character.
   *
   * @param key the key of the dump, such as {@code file[1b:20c223]}
   * @param path the file on this machine
   * @param flags of open(2)
   * @param offset where to go on; empty for the end
   */
  record InheritFile(String key, String path, int flags, OptionalLong offset) implements Directive {

    /** The name by which CRIU looks for it. */
    public String inheritKey() {
      return key.substring(1);
    }

    @Override
    public List<String> words() {
      return List.of(
          "inherit-file",
          inheritKey(),
          path,
          Integer.toString(flags),
          offset.isPresent() ? Long.toString(offset.getAsLong()) : "end");
    }
  }

  /**
   * Has CRIU find a mount of the container that is restored into, without what is mounted below it.
   * Only where criu-bridge drives CRIU itself; so is the next one.
   *
   * @param name by which it is in the run's stage
   * @param isDirectory or else a file
   * @param path in the container, without links
   */
  record TakeMount(String name, boolean isDirectory, String path) implements Directive {
    @Override
    public List<String> words() {
      return List.of("take-mount", name, isDirectory ? "d" : "f", path);
    }
  }

  /**
   * Gives the restored processes what the first process of the container has open that is restored
   * into.
   *
   * @param key the name by which CRIU looks for it, such as {@code pipe:[4711]}
   * @param number the file descriptor there
   */
  record TakeFd(String key, int number) implements Directive {
    @Override
    public List<String> words() {
      return List.of("take-fd", key, Integer.toString(number));
    }
  }

  /**
   * Says what to mount where CRIU asks its plugins (only when CRIU lacks the functions behind the
   * others).
   *
   * @param mountId the mount's id in the images
   * @param source the path on this machine
   */
  record RestoreMount(int mountId, String source) implements Directive {
    @Override
    public List<String> words() {
      return List.of("restore-mount", Integer.toString(mountId), source);
    }
  }
}
