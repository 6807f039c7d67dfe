package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.BindRequest;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.MemoryObject;
import java.lang.foreign.MemorySegment;

/** The operations of address spaces and memory objects for C. C calls every method, by its name in the table. */
final class AddressSpaceExports {
    private final Exports exports;

    AddressSpaceExports(Exports exports) {
        this.exports = exports;
    }

    int addressSpaceCreate(long attachment, MemorySegment out, MemorySegment addressBits) {
        MemorySegment bits = Exports.at(addressBits, Integer.BYTES);
        Exports.at(out, Long.BYTES);
        AddressSpace space = exports.attachment(attachment).createAddressSpace();
        bits.set(JAVA_INT, 0, space.addressBits());
        return exports.give(exports.handles().add(attachment, space), out);
    }

    int addressSpaceFree(long space) throws Exception {
        return exports.free(space, space(space));
    }

    int bind(long space, MemorySegment request) {
        MemorySegment in = Exports.at(request, Abi.BIND_REQUEST.byteSize());
        space(space)
                .bind(new BindRequest(
                        in.get(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "address")),
                        memory(in.get(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "memory"))),
                        in.get(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "offset")),
                        in.get(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "bytes")),
                        in.get(JAVA_INT, Abi.offset(Abi.BIND_REQUEST, "writable")) != 0,
                        in.get(JAVA_INT, Abi.offset(Abi.BIND_REQUEST, "page_kind"))));
        return 0;
    }

    int bindSparse(long space, long address, long bytes) {
        space(space).bindSparse(address, bytes);
        return 0;
    }

    int unbind(long space, long address, long bytes) {
        space(space).unbind(address, bytes);
        return 0;
    }

    int memoryCreate(long attachment, long bytes, int placement, MemorySegment out) {
        Exports.at(out, Long.BYTES);
        MemoryObject memory = exports.attachment(attachment)
                .createMemory(
                        bytes,
                        Numbers.placement(placement)
                                .orElseThrow(() -> new CoreException(
                                        CoreError.INVALID_ARGUMENT,
                                        "There is no such placement: placement=" + placement)));
        return exports.give(exports.handles().add(attachment, memory), out);
    }

    int memoryFree(long memory) throws Exception {
        return exports.free(memory, memory(memory));
    }

    int memoryFd(long memory) {
        return memory(memory)
                .file()
                .orElseThrow(() -> new CoreException(CoreError.INVALID_ARGUMENT, "The memory is not of this host"))
                .number();
    }

    int memoryRead(long memory, long offset, MemorySegment to, long bytes) {
        int count = Exports.count(bytes);
        memory(memory).read(offset, Exports.at(to, bytes), 0, count);
        return 0;
    }

    int memoryWrite(long memory, long offset, MemorySegment from, long bytes) {
        int count = Exports.count(bytes);
        memory(memory).write(offset, Exports.at(from, bytes), 0, count);
        return 0;
    }

    private AddressSpace space(long handle) {
        return exports.handles().find(handle, AddressSpace.class);
    }

    private MemoryObject memory(long handle) {
        return exports.handles().find(handle, MemoryObject.class);
    }
}
