package dev.nacre.linux;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.List;

/**
 * Structs and constants of the Linux user ABI, under their C names. A test compiles each of them against the host's
 * headers, so that none can drift.
 */
final class Abi {
    // HW: <sys/socket.h>, <bits/socket.h>
    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SCM_RIGHTS = 1;
    static final int MSG_CTRUNC = 0x8;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;
    static final int SHUT_RDWR = 2;
    static final int SO_TYPE = 3;
    static final int SO_SNDBUF = 7;
    static final int SO_PEERCRED = 17;
    static final int SO_RCVTIMEO = 20;
    static final int SO_SNDTIMEO = 21;
    static final int SO_ACCEPTCONN = 30;
    static final int SO_DOMAIN = 39;

    // HW: <fcntl.h>, <linux/fcntl.h>
    static final int O_ACCMODE = 3;
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int O_NOFOLLOW = 0x20000;
    static final int O_PATH = 0x200000;
    static final int O_NONBLOCK = 0x800;
    static final int FD_CLOEXEC = 1;
    static final int F_GETFD = 1;
    static final int F_SETFD = 2;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_ADD_SEALS = 1033;
    static final int F_GET_SEALS = 1034;
    static final int F_SEAL_SEAL = 0x1;
    static final int F_SEAL_SHRINK = 0x2;
    static final int F_SEAL_GROW = 0x4;
    static final int F_SEAL_WRITE = 0x8;
    static final int F_SEAL_FUTURE_WRITE = 0x10;
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;

    // HW: <sys/file.h>
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int LOCK_UN = 8;

    // HW: <linux/falloc.h>, <unistd.h>
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    // HW: <sys/mman.h>
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;

    // HW: <sys/eventfd.h>, <poll.h>
    static final int EFD_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = 0x800;
    static final short POLLIN = 0x1;
    static final short POLLERR = 0x8;
    static final short POLLHUP = 0x10;
    static final short POLLNVAL = 0x20;

    // HW: <sys/uio.h>, <linux/aio_abi.h>
    static final int RWF_NOWAIT = 8;
    static final int IOCB_CMD_PREAD = 0;
    static final int IOCB_FLAG_RESFD = 1;

    // HW: <sys/stat.h>, <linux/stat.h>
    static final int S_IFMT = 0xf000;
    static final int S_IFREG = 0x8000;
    static final int S_IFSOCK = 0xc000;
    static final int STATX_BASIC_STATS = 0x7ff;

    /** Address of a UNIX socket. */
    static final StructLayout SOCKADDR_UN = structLayout(
                    JAVA_SHORT.withName("sun_family"),
                    sequenceLayout(108, JAVA_BYTE).withName("sun_path"))
            .withName("sockaddr_un");

    /** One piece of a scattered transfer. */
    static final StructLayout IOVEC = structLayout(JAVA_LONG.withName("iov_base"), JAVA_LONG.withName("iov_len"))
            .withName("iovec");

    /** A message with its control data. */
    static final StructLayout MSGHDR = structLayout(
                    ADDRESS.withName("msg_name"),
                    JAVA_INT.withName("msg_namelen"),
                    paddingLayout(4),
                    ADDRESS.withName("msg_iov"),
                    JAVA_LONG.withName("msg_iovlen"),
                    ADDRESS.withName("msg_control"),
                    JAVA_LONG.withName("msg_controllen"),
                    JAVA_INT.withName("msg_flags"),
                    paddingLayout(4))
            .withName("msghdr");

    /** Header of one piece of control data; its data follows. */
    static final StructLayout CMSGHDR = structLayout(
                    JAVA_LONG.withName("cmsg_len"), JAVA_INT.withName("cmsg_level"), JAVA_INT.withName("cmsg_type"))
            .withName("cmsghdr");

    /** One descriptor to wait for. */
    static final StructLayout POLLFD = structLayout(
                    JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"))
            .withName("pollfd");

    /**
     * What {@code statx} answers. Unlike {@code struct stat} it is the same on every architecture, and unlike {@code
     * fstat} the function is exported by every C library that we may meet.
     */
    static final StructLayout STATX = structLayout(
                    JAVA_INT.withName("stx_mask"),
                    JAVA_INT.withName("stx_blksize"),
                    JAVA_LONG.withName("stx_attributes"),
                    JAVA_INT.withName("stx_nlink"),
                    JAVA_INT.withName("stx_uid"),
                    JAVA_INT.withName("stx_gid"),
                    JAVA_SHORT.withName("stx_mode"),
                    paddingLayout(2),
                    JAVA_LONG.withName("stx_ino"),
                    JAVA_LONG.withName("stx_size"),
                    JAVA_LONG.withName("stx_blocks"),
                    JAVA_LONG.withName("stx_attributes_mask"),
                    paddingLayout(4 * 16),
                    JAVA_INT.withName("stx_rdev_major"),
                    JAVA_INT.withName("stx_rdev_minor"),
                    JAVA_INT.withName("stx_dev_major"),
                    JAVA_INT.withName("stx_dev_minor"),
                    paddingLayout(14 * 8))
            .withName("statx");

    /** Span of time. */
    static final StructLayout TIMEVAL = structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_usec"))
            .withName("timeval");

    /** An asynchronous transfer to be started. */
    static final StructLayout IOCB = structLayout(
                    JAVA_LONG.withName("aio_data"),
                    JAVA_INT.withName("aio_key"),
                    JAVA_INT.withName("aio_rw_flags"),
                    JAVA_SHORT.withName("aio_lio_opcode"),
                    JAVA_SHORT.withName("aio_reqprio"),
                    JAVA_INT.withName("aio_fildes"),
                    JAVA_LONG.withName("aio_buf"),
                    JAVA_LONG.withName("aio_nbytes"),
                    JAVA_LONG.withName("aio_offset"),
                    JAVA_LONG.withName("aio_reserved2"),
                    JAVA_INT.withName("aio_flags"),
                    JAVA_INT.withName("aio_resfd"))
            .withName("iocb");

    /** An asynchronous transfer that has ended. */
    static final StructLayout IO_EVENT = structLayout(
                    JAVA_LONG.withName("data"),
                    JAVA_LONG.withName("obj"),
                    JAVA_LONG.withName("res"),
                    JAVA_LONG.withName("res2"))
            .withName("io_event");

    /** A user of the system. */
    static final StructLayout PASSWD = structLayout(
                    ADDRESS.withName("pw_name"),
                    ADDRESS.withName("pw_passwd"),
                    JAVA_INT.withName("pw_uid"),
                    JAVA_INT.withName("pw_gid"),
                    ADDRESS.withName("pw_gecos"),
                    ADDRESS.withName("pw_dir"),
                    ADDRESS.withName("pw_shell"))
            .withName("passwd");

    /** A group of users. */
    static final StructLayout GROUP = structLayout(
                    ADDRESS.withName("gr_name"),
                    ADDRESS.withName("gr_passwd"),
                    JAVA_INT.withName("gr_gid"),
                    paddingLayout(4),
                    ADDRESS.withName("gr_mem"))
            .withName("group");

    /** Who is at the other end of a UNIX socket. */
    static final StructLayout UCRED = structLayout(
                    JAVA_INT.withName("pid"), JAVA_INT.withName("uid"), JAVA_INT.withName("gid"))
            .withName("ucred");

    /** All structs, for the test that compares them with C. */
    static final List<StructLayout> STRUCTS =
            List.of(SOCKADDR_UN, IOVEC, MSGHDR, CMSGHDR, POLLFD, STATX, TIMEVAL, IOCB, IO_EVENT, PASSWD, GROUP, UCRED);

    static final long SUN_FAMILY = offset(SOCKADDR_UN, "sun_family");
    static final long SUN_PATH = offset(SOCKADDR_UN, "sun_path");

    /** Bytes of a socket's path, without its terminating zero. */
    static final int SUN_PATH_MAX = 107;

    static final long IOV_BASE = offset(IOVEC, "iov_base");
    static final long IOV_LEN = offset(IOVEC, "iov_len");
    static final long MSG_IOV = offset(MSGHDR, "msg_iov");
    static final long MSG_IOVLEN = offset(MSGHDR, "msg_iovlen");
    static final long MSG_CONTROL = offset(MSGHDR, "msg_control");
    static final long MSG_CONTROLLEN = offset(MSGHDR, "msg_controllen");
    static final long MSG_FLAGS = offset(MSGHDR, "msg_flags");
    static final long CMSG_LEN = offset(CMSGHDR, "cmsg_len");
    static final long CMSG_LEVEL = offset(CMSGHDR, "cmsg_level");
    static final long CMSG_TYPE = offset(CMSGHDR, "cmsg_type");
    static final long CMSG_DATA = CMSGHDR.byteSize();
    static final long IOCB_RESFD = offset(IOCB, "aio_resfd");
    static final long POLL_FD = offset(POLLFD, "fd");
    static final long POLL_EVENTS = offset(POLLFD, "events");
    static final long POLL_REVENTS = offset(POLLFD, "revents");

    private Abi() {}

    static long offset(MemoryLayout struct, String field) {
        return struct.byteOffset(PathElement.groupElement(field));
    }

    /** Room that one piece of control data with so many payload bytes takes: the header, the data, padding to 8. */
    static long cmsgSpace(long payloadBytes) {
        return CMSG_DATA + ((payloadBytes + 7) & ~7L);
    }
}
