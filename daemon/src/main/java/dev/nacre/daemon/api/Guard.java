package dev.nacre.daemon.api;

import org.eclipse.jetty.server.Request;

/** Decides who may ask, per listener. */
interface Guard {
    /** Lets everybody in: the listener's file says who reaches it. */
    Guard NONE = new Guard() {
        @Override
        public void requireSite(Request request) {}

        @Override
        public void requireToken(Request request) {}
    };

    /**
     * Refuses what another site's page has a browser ask.
     *
     * @throws ProblemException if it is such a request
     */
    void requireSite(Request request);

    /**
     * Refuses who has no token.
     *
     * @throws ProblemException if he has none
     */
    void requireToken(Request request);
}
