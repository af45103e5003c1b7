/**
 * CRIU's images as JSON, as CRIU's own {@code crit} writes it, and back. It works on the bytes of
 * messages and on the schema that protoc leaves as a resource, and loads no message class: a
 * command that lives for a fifth of a second cannot afford them. Start at {@link
 * io.criubridge.images.json.CritJson}.
 */
@NullMarked
package io.criubridge.images.json;

import org.jspecify.annotations.NullMarked;
