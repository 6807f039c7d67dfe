package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.BindRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An address space, of a core in C. */
final class NativeAddressSpace extends NativeObject implements AddressSpace {
    private final int addressBits;

    NativeAddressSpace(CoreTable table, long handle, int addressBits) {
        super(table, handle, Op.ADDRESS_SPACE_FREE);
        this.addressBits = addressBits;
    }

    @Override
    public int addressBits() {
        return addressBits;
    }

    @Override
    public void bind(BindRequest request) {
        long memory = own(request.memory(), NativeMemory.class).pointer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Abi.BIND_REQUEST);
            in.set(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "address"), request.address());
            in.set(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "memory"), memory);
            in.set(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "offset"), request.offset());
            in.set(JAVA_LONG, Abi.offset(Abi.BIND_REQUEST, "bytes"), request.bytes());
            in.set(JAVA_INT, Abi.offset(Abi.BIND_REQUEST, "writable"), request.writable() ? 1 : 0);
            in.set(JAVA_INT, Abi.offset(Abi.BIND_REQUEST, "page_kind"), request.pageKind());
            table().call(Op.BIND, pointer(), in);
        }
    }

    @Override
    public void bindSparse(long address, long bytes) {
        table().call(Op.BIND_SPARSE, pointer(), address, bytes);
    }

    @Override
    public void unbind(long address, long bytes) {
        table().call(Op.UNBIND, pointer(), address, bytes);
    }
}
