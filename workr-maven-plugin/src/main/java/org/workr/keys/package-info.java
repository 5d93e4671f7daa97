/**
 * Public keys that a pom names by file or web address: read, fetched once, pinned, and put into the
 * spec, so that nothing behind it has to know where they came from.
 */
@NullMarked
package org.workr.keys;

import org.jspecify.annotations.NullMarked;
