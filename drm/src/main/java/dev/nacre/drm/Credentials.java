package dev.nacre.drm;

/**
 * Who a client is, as the kernel says.
 *
 * @param pid the process that connected
 * @param uid its user
 * @param gid its group
 */
public record Credentials(int pid, int uid, int gid) {
    /** Whether it may do what only root may. */
    public boolean isRoot() {
        return uid == 0;
    }
}
