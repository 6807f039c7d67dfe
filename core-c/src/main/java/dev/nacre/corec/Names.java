package dev.nacre.corec;

/** Names of C as names of Java. */
final class Names {
    private Names() {}

    /** The method that stands for a function: {@code memory_read} is {@code memoryRead}. */
    static String method(String field) {
        StringBuilder name = new StringBuilder();
        boolean capital = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '_') {
                capital = true;
            } else {
                name.append(capital ? Character.toUpperCase(c) : c);
                capital = false;
            }
        }
        return name.toString();
    }
}
