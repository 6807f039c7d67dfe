package dev.nacre.coretck;

import dev.nacre.core.Capability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Without which capabilities of the core a test, or those of a group, is skipped. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface Needs {
    /** The capabilities. */
    Capability[] value();
}
