// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

/**
 * A container that ran when its runtime was asked.
 *
 * @param id its id
 * @param pid its first process, as the host numbers it. It may have ended since: whoever uses it
 *     for long takes its {@link io.criubridge.core.proc.ProcessIdentity} and asks once more
 * @param spec what it was made from
 */
public record RunningContainer(ContainerId id, int pid, OciSpec spec) {}
