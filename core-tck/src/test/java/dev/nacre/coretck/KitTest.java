package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of the kit itself. */
class KitTest {
    @Test
    void everyOperationHasATest() {
        Set<String> covered = tests().map(test -> test.getAnnotation(Covers.class))
                .filter(Objects::nonNull)
                .flatMap(covers -> Arrays.stream(covers.value()))
                .collect(Collectors.toSet());

        assertThat(covered).containsExactlyInAnyOrderElementsOf(Operations.all());
    }

    @Test
    void everyTestSaysWhatItCovers() {
        assertThat(tests()).isNotEmpty().allMatch(test -> test.isAnnotationPresent(Covers.class));
    }

    private static Stream<Method> tests() {
        return Arrays.stream(CoreTck.class.getDeclaredClasses())
                .map(Class::getSuperclass)
                .flatMap(group -> Arrays.stream(group.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class));
    }
}
