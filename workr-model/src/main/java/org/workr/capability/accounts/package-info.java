/** The account that workr logs in as: its password, its keys, and what it may do. */
@NullMarked
package org.workr.capability.accounts;

import org.jspecify.annotations.NullMarked;
