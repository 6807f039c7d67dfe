/** Tools of the package's build. */
@org.jspecify.annotations.NullMarked
package dev.nacre.packaging;
