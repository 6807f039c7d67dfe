package dev.nacre.daemon;

import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.host.CreateVgpu;
import dev.nacre.daemon.host.VgpuService;
import dev.nacre.daemon.host.VgpuView;
import java.nio.file.Path;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A daemon whose virtual GPUs are created and deleted at random, told line by line, until it is killed. */
final class RestlessMain {
    private static final int NAMES = 4;

    private RestlessMain() {}

    /** @param arguments configuration, seed */
    public static void main(String... arguments) {
        RandomGenerator random = new Random(Long.parseLong(arguments[1]));
        try (Daemon daemon = new Daemon(ConfigReader.read(Path.of(arguments[0])))) {
            VgpuService service = daemon.service();
            System.out.println("ready");
            while (!Thread.interrupted()) {
                String name = "v" + random.nextInt(NAMES);
                if (service.vgpus().stream().map(VgpuView::name).anyMatch(name::equals)) {
                    System.out.println("deleting " + name);
                    service.delete(name);
                    System.out.println("deleted " + name);
                } else {
                    System.out.println("creating " + name);
                    service.create(CreateVgpu.of(name, "L40-1Q"));
                    System.out.println("created " + name);
                }
            }
        }
    }
}
