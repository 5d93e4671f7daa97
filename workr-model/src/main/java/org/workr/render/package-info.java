/** Pure rendering that several capabilities share. */
@NullMarked
package org.workr.render;

import org.jspecify.annotations.NullMarked;
