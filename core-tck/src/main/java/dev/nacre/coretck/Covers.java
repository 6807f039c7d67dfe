package dev.nacre.coretck;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which operations a test is about: the rows of the report that its result goes into. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Covers {
    /** Their names; see {@link Operations}. */
    String[] value();
}
