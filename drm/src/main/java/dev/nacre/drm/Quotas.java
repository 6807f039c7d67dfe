package dev.nacre.drm;

/**
 * What somebody may have of a device beside memory.
 *
 * @param backlog how much may wait for work that has not ended, ENOMEM beyond: points of timelines, jobs and what they are
 *     made of, syncobjs that calls wait for
 * @param descriptors how many fences and syncobjs may have descriptors; EMFILE beyond
 */
public record Quotas(Quota backlog, Quota descriptors) {}
