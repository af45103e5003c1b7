// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import com.google.protobuf.ByteString;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.plan.Directive;
import io.criubridge.hooks.plan.Plan;
import io.criubridge.images.proto.criu_opts;
import io.criubridge.images.proto.inherit_fd;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A plan as a part of CRIU's request. What the user has declared stays as it is, as with the
 * plugin.
 *
 * @param options the options that the plan adds
 * @param files the files that criu is to begin with, after its image directory
 * @param mounts the mounts that it takes from a container
 * @param applied the directives that are carried out
 */
record PlannedRequest(
    criu_opts options, List<BeginFrame> files, List<BeginFrame> mounts, List<Directive> applied) {

  /** Copies the lists. */
  PlannedRequest {
    files = List.copyOf(files);
    mounts = List.copyOf(mounts);
    applied = List.copyOf(applied);
  }

  /**
   * Puts a plan into a request.
   *
   * @param declared the user's {@code --external} values
   * @throws PhaseFailure if only the plugin could carry it out
   */
  static PlannedRequest of(Plan plan, List<String> declared) throws PhaseFailure {
    Set<String> keys = declared.stream().map(PlannedRequest::key).collect(Collectors.toSet());
    criu_opts.Builder options = criu_opts.newBuilder();
    List<BeginFrame> files = new ArrayList<>();
    List<BeginFrame> mounts = new ArrayList<>();
    List<Directive> applied = new ArrayList<>();
    for (Directive directive : plan.directives()) {
      if (directive instanceof Directive.External external) {
        if (keys.contains(key(external.key()))) {
          continue;
        }
        options.addExternalBytes(bytes(external.key()));
      } else if (directive instanceof Directive.SkipMount skip) {
        options.addSkipMntBytes(bytes(skip.path()));
      } else if (directive instanceof Directive.InheritFd namespace) {
        inherit(options, namespace.name(), BeginFrame.of(namespace), files);
      } else if (directive instanceof Directive.InheritFile file) {
        inherit(options, file.inheritKey(), BeginFrame.of(file), files);
      } else if (directive instanceof Directive.TakeFd stream) {
        inherit(options, stream.key(), BeginFrame.of(stream), files);
      } else if (directive instanceof Directive.TakeMount mount) {
        mounts.add(BeginFrame.of(mount));
      } else {
        throw new PhaseFailure(
            PhaseFailure.CONFIG,
            "the checkpoint was made by a CRIU that asks plugins for external mounts: restore it"
                + " with criu restore --libdir <criu-bridge>/lib/criu");
      }
      applied.add(directive);
    }
    return new PlannedRequest(options.buildPartial(), files, mounts, applied);
  }

  private static void inherit(
      criu_opts.Builder options, String key, BeginFrame frame, List<BeginFrame> files) {
    files.add(frame);
    options.addInheritFd(
        inherit_fd
            .newBuilder()
            .setKeyBytes(bytes(key))
            .setFd(BeginFrame.IMAGE_DIRECTORY + files.size()));
  }

  /** All up to and including the bracket; the whole for a file, which has no value. */
  private static String key(String external) {
    int end = external.indexOf("]:");
    return end < 0 ? external : external.substring(0, end + 1);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFrom(PathText.bytes(text));
  }
}
