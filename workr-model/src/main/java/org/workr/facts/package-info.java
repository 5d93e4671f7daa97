/**
 * What a host is like: read-only probes, all sent as one script, and pure parsers of what they
 * print.
 */
@NullMarked
package org.workr.facts;

import org.jspecify.annotations.NullMarked;
