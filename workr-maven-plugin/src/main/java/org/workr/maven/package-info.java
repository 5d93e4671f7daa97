/**
 * The goals, and everything else that knows Maven: no other package may use {@code
 * org.apache.maven} or {@code org.codehaus.plexus}.
 */
@NullMarked
package org.workr.maven;

import org.jspecify.annotations.NullMarked;
