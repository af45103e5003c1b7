// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

/** What the command exits with, apart from 0. Source: sysexits.h, but for {@link #DIFFERENT}. */
public final class ExitCode {
  /** Two things compared differ, or a check found something wrong. */
  public static final int DIFFERENT = 1;

  /** The command line is wrong. */
  public static final int USAGE = 64;

  /** An image, a manifest or an archive is damaged. */
  public static final int DATA = 65;

  /** A container runtime cannot be reached. */
  public static final int UNAVAILABLE = 69;

  /** A bug of this program. */
  public static final int SOFTWARE = 70;

  /** The kernel or CRIU refused something. */
  public static final int OS_ERROR = 71;

  /** A file could not be read or written. */
  public static final int IO = 74;

  /** A setting is wrong. */
  public static final int CONFIG = 78;

  private ExitCode() {}
}
