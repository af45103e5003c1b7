// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.util.OptionalLong;

/**
 * How the files of one type are named: a fixed name, or one with a number or word in it. Source:
 * criu/image-desc.c, whose printf patterns these are.
 *
 * @param prefix what stands before the variable part, or the whole of a fixed name
 * @param variable what the variable part is
 * @param suffix what stands after the variable part
 */
public record FileNamePattern(String prefix, Variable variable, String suffix) {

  /** The variable part of a file name. */
  public enum Variable {
    /** There is none. */
    NONE,
    /** An unsigned number to base 10. */
    DECIMAL,
    /** An unsigned number to base 16. */
    HEXADECIMAL,
    /** Lower-case letters. */
    WORD
  }

  /** Reads a printf pattern with at most one conversion: {@code core-%u.img}. */
  static FileNamePattern of(String printf) {
    int start = printf.indexOf('%');
    if (start < 0) {
      return new FileNamePattern(printf, Variable.NONE, "");
    }
    int conversion = printf.charAt(start + 1) == 'l' ? start + 2 : start + 1;
    Variable variable =
        switch (printf.charAt(conversion)) {
          case 'u', 'd' -> Variable.DECIMAL;
          case 'x' -> Variable.HEXADECIMAL;
          case 's' -> Variable.WORD;
          default -> throw new IllegalArgumentException(printf);
        };
    return new FileNamePattern(
        printf.substring(0, start), variable, printf.substring(conversion + 1));
  }

  /**
   * The fixed name.
   *
   * @throws IllegalStateException if the name has a variable part
   */
  public String name() {
    require(variable == Variable.NONE);
    return prefix;
  }

  /**
   * The name with a number in it.
   *
   * @param number a pid, a namespace's id, or the like; read as unsigned
   * @throws IllegalStateException if the name holds no number
   */
  public String name(long number) {
    require(isNumbered());
    return prefix + Long.toUnsignedString(number, radix()) + suffix;
  }

  /**
   * The name with a word in it.
   *
   * @throws IllegalStateException if the name holds no word
   */
  public String name(String word) {
    require(variable == Variable.WORD);
    return prefix + word + suffix;
  }

  /** The number in a name; none if the name is not of this pattern or the pattern holds none. */
  public OptionalLong numberIn(String name) {
    if (!isNumbered() || !isAround(name)) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseUnsignedLong(variablePart(name), radix());
      // Only the form CRIU writes: no sign, no leading zero, no upper case.
      return name(number).equals(name) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException notANumber) {
      return OptionalLong.empty();
    }
  }

  /** Whether a name is of this pattern. */
  public boolean matches(String name) {
    return switch (variable) {
      case NONE -> name.equals(prefix);
      case DECIMAL, HEXADECIMAL -> numberIn(name).isPresent();
      case WORD ->
          isAround(name)
              && !variablePart(name).isEmpty()
              && variablePart(name).chars().allMatch(c -> c >= 'a' && c <= 'z');
    };
  }

  private boolean isNumbered() {
    return variable == Variable.DECIMAL || variable == Variable.HEXADECIMAL;
  }

  private int radix() {
    return variable == Variable.HEXADECIMAL ? 16 : 10;
  }

  private boolean isAround(String name) {
    return name.length() >= prefix.length() + suffix.length()
        && name.startsWith(prefix)
        && name.endsWith(suffix);
  }

  private String variablePart(String name) {
    return name.substring(prefix.length(), name.length() - suffix.length());
  }

  private void require(boolean fits) {
    if (!fits) {
      throw new IllegalStateException("file name with variable part " + variable + ": " + this);
    }
  }
}
