/**
 * Turns plans into machines: finds the hosts, probes them, applies plans, and says what became of
 * it.
 */
@NullMarked
package org.workr.engine;

import org.jspecify.annotations.NullMarked;
