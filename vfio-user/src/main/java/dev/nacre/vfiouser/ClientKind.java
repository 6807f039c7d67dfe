package dev.nacre.vfiouser;

import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DeviceInfo;
import dev.nacre.vfiouser.wire.DmaUnmap;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.RegionInfo;
import java.util.Optional;
import java.util.Set;

/**
 * The clients that this server treats unlike others, each by what it cannot cope with. Everything that depends on who the
 * client is, and how it is recognised, is here.
 *
 * <p>What holds for all of them needs no distinction, though one of them is the reason: the minor version of the answer
 * is never above the client's (QEMU refuses it), DMA_UNMAP's reply repeats the request (rust-vmm waits for it), a new
 * connection resets the function (rust-vmm asks for a reset only if there is none), nothing is fetched by message (QEMU
 * would deadlock, rust-vmm would take it for a reply).
 */
public enum ClientKind {
    /**
     * QEMU's {@code vfio-user-pci}. It takes error replies as the specification means them, and seals the guest's memory
     * if it is told to share it.
     */
    QEMU,

    /**
     * The {@code vfio_user} crate of rust-vmm, in cloud-hypervisor. It takes no notice of the error flag and reads a fixed
     * number of bytes per reply: an error reply to a command that has a longer one makes a virtual CPU wait for ever.
     */
    RUST_VMM,

    /** Any other client; it is served as the specification says. */
    OTHER;

    // HW: QEMU hw/vfio-user/proxy.c, the capabilities of its version message; all versions so far propose minor 0.
    private static final Set<String> QEMU_KEYS = Set.of(
            "max_msg_fds",
            "max_data_xfer_size",
            "max_dma_maps",
            "pgsizes",
            "migration.max_bitmap_size",
            "migration.pgsize",
            "write_multiple");

    // HW: rust-vmm/vfio vfio-user/src/lib.rs: struct Capabilities and its defaults; it proposes minor 1 and takes one
    // descriptor.
    private static final Set<String> RUST_VMM_KEYS =
            Set.of("max_msg_fds", "max_data_xfer_size", "migration", "migration.pgsize");

    private static final int RUST_VMM_MINOR = 1;

    /**
     * Recognises a client by its VERSION message. Taking somebody else for rust-vmm would hide errors from him, so that
     * one must match exactly; a newer QEMU may say more.
     */
    static ClientKind of(int minor, Capabilities offer) {
        if (minor == RUST_VMM_MINOR && offer.maxFds() == 1 && offer.keys().equals(RUST_VMM_KEYS)) {
            return RUST_VMM;
        }
        return minor == 0 && offer.keys().containsAll(QEMU_KEYS) ? QEMU : OTHER;
    }

    /** Whether an access outside every region is to be answered as hardware does: all-ones, and dropped writes. */
    boolean wantsHardwareAnswers() {
        return this == RUST_VMM;
    }

    /**
     * Whether it can be asked for memory that it did not share. QEMU answers only while it is not itself waiting for a
     * reply, so that asking inside a register access would end the connection; rust-vmm would read the message as a reply.
     */
    boolean answersDmaMessages() {
        return this == OTHER;
    }

    /** Bytes of zeros that answer a failed command instead of an error reply; 0 if the client takes an error reply. */
    int sizeInsteadOfError(Command command) {
        if (this != RUST_VMM) {
            return 0;
        }
        // REGION_READ and REGION_WRITE do not come here but when malformed; the others have replies without a body.
        return switch (command) {
            case DMA_UNMAP -> DmaUnmap.SIZE;
            case DEVICE_GET_INFO -> DeviceInfo.SIZE;
            case DEVICE_GET_REGION_INFO -> RegionInfo.SIZE;
            case DEVICE_GET_IRQ_INFO -> IndexedInfo.SIZE;
            default -> 0;
        };
    }

    /** What the user can do if the guest's memory comes without a file. */
    String sharedMemoryAdvice() {
        return switch (this) {
            case QEMU -> "QEMU needs -object memory-backend-memfd,id=mem,size=...,share=on -machine memory-backend=mem";
            case RUST_VMM -> "cloud-hypervisor needs --memory size=...,shared=on";
            case OTHER -> "the VMM must back it with a file that it passes";
        };
    }

    /** What the user can do if the guest's memory comes in a file that could be made shorter; empty if nothing. */
    Optional<String> sealAdvice() {
        return switch (this) {
            case QEMU -> Optional.of("QEMU seals it by default (seal=on)");
            // It never seals, and has no option for it.
            case RUST_VMM -> Optional.empty();
            case OTHER -> Optional.of("the VMM should seal it (F_SEAL_SHRINK)");
        };
    }
}
