package dev.nacre.daemon.api;

/** What a caller sent, in the text of an answer or a log: short, and without anything that a terminal could obey. */
final class Quoted {
    private static final int MOST = 64;

    private Quoted() {}

    static String of(String hostile) {
        String shown = hostile.length() > MOST ? hostile.substring(0, MOST) + "..." : hostile;
        StringBuilder text = new StringBuilder();
        shown.codePoints().forEach(c -> text.appendCodePoint(isPlain(c) ? c : '?'));
        return text.toString();
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
