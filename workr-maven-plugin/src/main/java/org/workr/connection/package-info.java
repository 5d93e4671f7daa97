/** What the engine needs of a connection to a host, without knowing a library that provides it. */
@NullMarked
package org.workr.connection;

import org.jspecify.annotations.NullMarked;
