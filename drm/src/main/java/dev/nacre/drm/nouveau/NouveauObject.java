package dev.nacre.drm.nouveau;

import dev.nacre.core.MemoryObject;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.sync.Fence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Graphics memory with what nouveau keeps beside: where it may be, its layout, and the work that uses it. Any thread. */
final class NouveauObject extends GemObject {
    private final MemoryBudget.Share share;
    private final int validDomains;
    private final boolean isShareable;
    private final int tileMode;
    private final int kind;

    // Guarded by this.
    private final Map<GpuVm, Integer> vms = new HashMap<>();

    /**
     * Makes one.
     *
     * @param share what it takes of the memory that there is
     * @param domains where its client said that it may be, and whether it is passed on
     */
    NouveauObject(MemoryObject memory, MemoryBudget.Share share, int domains, int tileMode, int kind) {
        super(memory);
        this.share = share;
        this.validDomains = domains & (Uapi.DOMAIN_VRAM | Uapi.DOMAIN_GART);
        this.isShareable = isMappable() && (domains & Uapi.DOMAIN_NO_SHARE) == 0;
        this.tileMode = tileMode;
        this.kind = kind;
    }

    @Override
    public boolean isShareable() {
        return isShareable;
    }

    /** Where it may be: VRAM, GART or both. */
    int validDomains() {
        return validDomains;
    }

    /** Where it is: one of those where it may be. */
    int domain() {
        if (Integer.bitCount(validDomains) == 1) {
            return validDomains;
        }
        return isMappable() ? Uapi.DOMAIN_GART : Uapi.DOMAIN_VRAM;
    }

    int tileMode() {
        return tileMode;
    }

    int kind() {
        return kind;
    }

    @Override
    public List<Fence> users(boolean forWrite) {
        List<Fence> users = super.users(forWrite);
        List<GpuVm> spaces;
        synchronized (this) {
            spaces = List.copyOf(vms.keySet());
        }
        // Work in a space that its client manages may write whatever is bound there.
        spaces.forEach(space -> users.addAll(space.work()));
        return users;
    }

    /** It has one place more, or less, in a space. */
    synchronized void bound(GpuVm vm, int change) {
        vms.merge(vm, change, (a, b) -> a + b == 0 ? null : a + b);
    }

    @Override
    protected void freed() {
        share.close();
    }
}
