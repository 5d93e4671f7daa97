/**
 * From an XML tree to records: what stands under {@code <cluster>} is bound by the names and types
 * of record components, and every problem is collected on the way.
 */
@NullMarked
package org.workr.binding;

import org.jspecify.annotations.NullMarked;
