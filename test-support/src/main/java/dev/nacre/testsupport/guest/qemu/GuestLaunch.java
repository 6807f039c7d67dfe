package dev.nacre.testsupport.guest.qemu;

import io.avaje.json.mapper.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that decides how a guest starts.
 *
 * @param qemu the program
 * @param kernel the kernel image
 * @param initramfs the initramfs
 * @param gpus the vfio-user devices
 * @param jobs what the init script does, in order; it powers off afterwards
 * @param driverOptions arguments of nouveau.ko, such as {@code debug=debug}
 * @param ramMib guest memory, at least 768
 * @param processors guest processors
 * @param restarts whether the guest may reboot; otherwise QEMU ends when it tries
 * @param kernelOptions more words for the kernel's command line
 * @param qemuOptions more words for QEMU's command line
 * @param serialLog a file that receives the serial line too
 */
public record GuestLaunch(
        QemuProgram qemu,
        Path kernel,
        Path initramfs,
        List<GpuSlot> gpus,
        List<String> jobs,
        List<String> driverOptions,
        int ramMib,
        int processors,
        boolean restarts,
        List<String> kernelOptions,
        List<String> qemuOptions,
        Optional<Path> serialLog) {
    private static final int DEFAULT_RAM_MIB = 1024;

    /** The least memory with which a guest with a driver boots, in MiB. */
    public static final int MIN_RAM_MIB = 768;

    /** Checks the memory size and copies the lists. */
    public GuestLaunch {
        if (ramMib < MIN_RAM_MIB) {
            throw new IllegalArgumentException("A guest needs at least %d MiB, not %d".formatted(MIN_RAM_MIB, ramMib));
        }
        gpus = List.copyOf(gpus);
        jobs = List.copyOf(jobs);
        driverOptions = List.copyOf(driverOptions);
        kernelOptions = List.copyOf(kernelOptions);
        qemuOptions = List.copyOf(qemuOptions);
    }

    /**
     * Starts a description with one processor, 1 GiB of memory and no device.
     *
     * @param qemu the program
     * @param kernel the kernel image
     * @param initramfs the initramfs
     */
    public static Builder of(QemuProgram qemu, Path kernel, Path initramfs) {
        return new Builder(qemu, kernel, initramfs);
    }

    /**
     * QEMU's command line.
     *
     * @param monitor the path for QEMU's monitor socket
     */
    public List<String> commandLine(Path monitor) {
        List<String> line = new ArrayList<>(qemu.command());
        String memory = ramMib + "M";
        // Guest memory is a shared memfd, because the server maps it.
        line.addAll(List.of("-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max"));
        line.addAll(List.of("-smp", Integer.toString(processors), "-m", memory));
        line.addAll(List.of("-object", "memory-backend-memfd,id=mem,share=on,size=" + memory));
        line.addAll(List.of("-machine", "memory-backend=mem"));
        line.addAll(List.of("-nographic", "-nodefaults", "-vga", "none", "-no-user-config"));
        line.addAll(List.of("-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial"));
        line.addAll(List.of("-qmp", "unix:" + monitor + ",server=on,wait=off"));
        if (!restarts) {
            line.add("-no-reboot");
        }
        JsonMapper json = JsonMapper.builder().build();
        for (GpuSlot gpu : gpus) {
            if (gpu.rootPort()) {
                line.addAll(List.of("-device", json.toJson(rootPort(gpu))));
            }
            line.addAll(List.of("-device", json.toJson(gpu.properties(qemu))));
        }
        line.addAll(List.of("-kernel", kernel.toString(), "-initrd", initramfs.toString()));
        line.addAll(List.of("-append", kernelCommandLine()));
        line.addAll(qemuOptions);
        return line;
    }

    private static Map<String, Object> rootPort(GpuSlot gpu) {
        return Map.of(
                "driver",
                "pcie-root-port",
                "id",
                gpu.portIdentifier(),
                "bus",
                "pcie.0",
                "addr",
                gpu.address(),
                "chassis",
                gpu.identifier().hashCode() & 0xff);
    }

    /** The kernel's command line. */
    public String kernelCommandLine() {
        List<String> words = new ArrayList<>(List.of(
                "console=ttyS0",
                // The init script speaks through /dev/kmsg, whose rate is limited otherwise.
                "printk.devkmsg=on",
                // A panic ends QEMU (or restarts the guest) at once.
                "panic=-1",
                // TCG's time stamp counter drifts from the other clocks; say so before the watchdog does.
                "tsc=unstable",
                // At boot the kernel waits some ticks of its timer, and panics if they do not come. TCG on a busy host
                // may
                // not deliver them in time; that test is of the hypervisor, not of the GPU.
                "no_timer_check",
                // A blinking cursor has the console wait for a vblank five times a second. Under TCG a processor that
                // hammers a trapped BAR (driver load, power-off) keeps QEMU from delivering interrupts for seconds, and
                // the kernel warns of a wait that lasts longer than one.
                "vt.global_cursor_default=0",
                "nacre.cards=" + gpus.size(),
                "nacre.jobs=" + String.join(",", jobs)));
        if (!driverOptions.isEmpty()) {
            words.add("nacre.nouveau=" + String.join(";", driverOptions));
        }
        words.addAll(kernelOptions);
        return String.join(" ", words);
    }

    /** Collects what is not standard about a guest. */
    public static final class Builder {
        private final QemuProgram qemu;
        private final Path kernel;
        private final Path initramfs;
        private final List<GpuSlot> gpus = new ArrayList<>();
        private final List<String> driverOptions = new ArrayList<>();
        private final List<String> kernelOptions = new ArrayList<>();
        private final List<String> qemuOptions = new ArrayList<>();
        private List<String> jobs = List.of("pci");
        private int ramMib = DEFAULT_RAM_MIB;
        private int processors = 1;
        private boolean restarts;
        private Optional<Path> serialLog = Optional.empty();

        private Builder(QemuProgram qemu, Path kernel, Path initramfs) {
            this.qemu = qemu;
            this.kernel = kernel;
            this.initramfs = initramfs;
        }

        /** Adds a device. */
        public Builder gpu(GpuSlot slot) {
            gpus.add(slot);
            return this;
        }

        /** Says what the init script does, in order. */
        public Builder jobs(String... names) {
            jobs = List.of(names);
            return this;
        }

        /** Adds arguments of nouveau.ko. */
        public Builder driverOptions(String... options) {
            driverOptions.addAll(List.of(options));
            return this;
        }

        /** Adds words to the kernel's command line. */
        public Builder kernelOptions(String... options) {
            kernelOptions.addAll(List.of(options));
            return this;
        }

        /** Adds words to QEMU's command line. */
        public Builder qemuOptions(String... options) {
            qemuOptions.addAll(List.of(options));
            return this;
        }

        /** Sets the guest's memory in MiB. */
        public Builder ramMib(int mib) {
            ramMib = mib;
            return this;
        }

        /** Sets the number of guest processors. */
        public Builder processors(int count) {
            processors = count;
            return this;
        }

        /** Lets the guest reboot; otherwise QEMU ends when it tries. */
        public Builder restarts() {
            restarts = true;
            return this;
        }

        /** Copies the serial line to a file. */
        public Builder serialLog(Path file) {
            serialLog = Optional.of(file);
            return this;
        }

        /** The finished description. */
        public GuestLaunch build() {
            return new GuestLaunch(
                    qemu,
                    kernel,
                    initramfs,
                    gpus,
                    jobs,
                    driverOptions,
                    ramMib,
                    processors,
                    restarts,
                    kernelOptions,
                    qemuOptions,
                    serialLog);
        }
    }
}
