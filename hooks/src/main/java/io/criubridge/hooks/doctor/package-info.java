/**
 * Tells why checkpoints would fail on a machine, or be slow: facts are collected, and judged apart.
 * Start at {@link io.criubridge.hooks.doctor.Diagnosis}.
 */
@NullMarked
package io.criubridge.hooks.doctor;

import org.jspecify.annotations.NullMarked;
