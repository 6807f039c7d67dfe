package dev.nacre.daemon.api;

import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.server.Request;

/** What types of answer a request takes. */
final class Accept {
    private Accept() {}

    /**
     * Refuses a request that does not take a type.
     *
     * @param produced without parameters; {@link Route#ANY} for one that every request takes
     * @throws ProblemException if it does not
     */
    static void require(Request request, String produced) {
        QuotedQualityCSV accepted = new QuotedQualityCSV();
        for (String value : request.getHeaders().getValuesList(HttpHeader.ACCEPT)) {
            accepted.addValue(value);
        }
        List<String> ranges = accepted.getValues();
        boolean said = request.getHeaders().contains(HttpHeader.ACCEPT);
        if (said && !produced.equals(Route.ANY) && ranges.stream().noneMatch(range -> takes(range, produced))) {
            throw ProblemException.of(
                    ProblemCode.NOT_ACCEPTABLE,
                    "The answer is " + produced + ", which is not accepted",
                    List.of(produced));
        }
    }

    private static boolean takes(String range, String produced) {
        int parameters = range.indexOf(';');
        String bare = (parameters < 0 ? range : range.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return bare.equals("*/*")
                || bare.equals(produced)
                || (bare.endsWith("/*") && produced.startsWith(bare.substring(0, bare.length() - 1)));
    }
}
