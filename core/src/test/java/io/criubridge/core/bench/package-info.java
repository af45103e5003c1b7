/** Measurements with JMH, run by scripts/bench core and by no test. */
package io.criubridge.core.bench;
