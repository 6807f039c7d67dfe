package dev.nacre.testsupport.guest.fetch;

import dev.nacre.testsupport.guest.fetch.PackageSet.Closure;
import dev.nacre.testsupport.guest.fetch.PackageSet.Component;
import dev.nacre.testsupport.guest.fetch.PackageSet.Suite;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * apt with every folder of its state replaced by ours: it neither reads nor changes what the host has installed, needs
 * no root, keeps the host's proxy and authentication settings, and checks every signature and hash as always.
 */
final class PrivateApt {
    // TIMEOUT: indexes are some 10 MB; apt itself gives up a stalled connection after 30 s and tries three times.
    private static final Duration UPDATE_BOUND = Duration.ofMinutes(10);
    // TIMEOUT: the largest part is some 130 MB; ten minutes would be 200 kB/s.
    private static final Duration DOWNLOAD_BOUND = Duration.ofMinutes(30);
    // TIMEOUT: pure computation over the indexes, about a second.
    private static final Duration RESOLVE_BOUND = Duration.ofMinutes(2);
    private static final String UPDATES = Suite.STABLE.archiveName() + "-updates";

    private final String program;
    private final Path folder;
    private final DebianSource source;
    private final Path keyring;

    /**
     * Prepares the folders.
     *
     * @param program the host's apt-get
     * @param folder our own folder, created if absent
     * @param source the archive to take packages from
     * @param keyring the keyring that must have signed it
     */
    PrivateApt(String program, Path folder, DebianSource source, Path keyring) {
        this.program = program;
        this.folder = folder;
        this.source = source;
        this.keyring = keyring;
    }

    /** Brings the indexes up to date. */
    void update(Set<Component> components) {
        HostCommand.Result first = tryUpdate(components, true);
        if (first.ok()) {
            return;
        }
        // A mirror may lack this suite, which is empty most of the time.
        boolean onlyUpdatesMissing =
                first.errors().lines().filter(l -> l.startsWith("E:")).allMatch(l -> l.contains(UPDATES));
        HostCommand.Result last = onlyUpdatesMissing ? tryUpdate(components, false) : first;
        if (!last.ok()) {
            throw failure("Cannot read Debian's package lists", last);
        }
    }

    private HostCommand.Result tryUpdate(Set<Component> components, boolean withUpdates) {
        try {
            configure(components, withUpdates);
        } catch (IOException e) {
            throw KitException.because("Cannot write apt's private folder " + folder, e);
        }
        return apt(Optional.empty(), "update").run(UPDATE_BOUND);
    }

    private void configure(Set<Component> components, boolean withUpdates) throws IOException {
        for (String sub : List.of("lists/partial", "cache/archives/partial", "state", "sources", "empty", "log")) {
            Files.createDirectories(folder.resolve(sub));
        }
        Files.writeString(folder.resolve("status"), "");
        Files.writeString(folder.resolve("apt.conf"), configuration());
        String areas = String.join(
                " ", components.stream().map(Component::archiveName).sorted().toList());
        String suites =
                Suite.STABLE.archiveName() + (withUpdates ? " " + UPDATES : "") + " " + Suite.BACKPORTS.archiveName();
        Files.writeString(
                folder.resolve("sources/debian.sources"), """
                Types: deb
                URIs: %s
                Suites: %s
                Components: %s
                Architectures: amd64
                Signed-By: %s
                """.formatted(source.uri(), suites, areas, keyring));
    }

    /** The host's hooks are cleared: they act on the host's own package state. */
    private String configuration() {
        return """
                #clear APT::Update;
                #clear DPkg::Pre-Invoke;
                #clear DPkg::Post-Invoke;
                #clear DPkg::Pre-Install-Pkgs;
                #clear APT::Architectures;
                APT::Architecture "amd64";
                APT::Architectures { "amd64"; };
                APT::Update::Error-Mode "any";
                APT::Sandbox::User "root";
                APT::Get::List-Cleanup "true";
                Acquire::Languages "none";
                Acquire::Retries "3";
                Acquire::http::Timeout "30";
                Acquire::https::Timeout "30";
                Dir::Etc::sourcelist "/dev/null";
                Dir::Etc::sourceparts "%1$s/sources";
                Dir::Etc::preferences "/dev/null";
                Dir::Etc::preferencesparts "%1$s/empty";
                Dir::State "%1$s/state";
                Dir::State::lists "%1$s/lists";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s/cache";
                Dir::Log "%1$s/log";
                """.formatted(folder);
    }

    /**
     * Finds the current versions that make up a set.
     *
     * @throws KitException if the archive does not have them
     */
    List<ArchivePackage> resolve(PackageSet set) {
        List<String> arguments = new ArrayList<>(List.of("-t", set.suite().archiveName(), "--print-uris"));
        switch (set.closure()) {
            case Closure.None _ -> arguments.add("download");
            case Closure.Matching _ -> arguments.addAll(List.of("-y", "--no-install-recommends", "install"));
        }
        arguments.addAll(set.packages());
        HostCommand.Result result =
                apt(Optional.empty(), arguments.toArray(String[]::new)).run(RESOLVE_BOUND);
        List<ArchivePackage> all = ArchivePackage.printedBy(result.text());
        if (!result.ok() || all.isEmpty()) {
            throw failure("Cannot find " + String.join(", ", set.packages()), result);
        }
        return switch (set.closure()) {
            case Closure.None _ -> all;
            case Closure.Matching(var kept) ->
                all.stream().filter(p -> kept.matcher(p.name()).matches()).toList();
        };
    }

    /**
     * Downloads packages; those that are already there whole are not fetched again.
     *
     * @param set what they are for
     * @param packages what to download
     * @param target an existing folder
     * @param meanwhile called a few times a second
     */
    void download(PackageSet set, List<ArchivePackage> packages, Path target, Runnable meanwhile) {
        List<String> arguments = new ArrayList<>(List.of("download"));
        packages.forEach(p -> arguments.add(p.name() + "=" + p.version()));
        HostCommand.Result result =
                apt(Optional.of(target), arguments.toArray(String[]::new)).run(DOWNLOAD_BOUND, meanwhile);
        if (!result.ok()) {
            throw failure("Cannot download the kit's " + set.name(), result);
        }
    }

    private HostCommand apt(Optional<Path> directory, String... arguments) {
        List<String> line = new ArrayList<>(
                List.of(program, "-c", folder.resolve("apt.conf").toString(), "-q"));
        line.addAll(Arrays.asList(arguments));
        return new HostCommand(line, Map.of("LC_ALL", "C.UTF-8", "DEBIAN_FRONTEND", "noninteractive"), directory);
    }

    private KitException failure(String what, HostCommand.Result result) {
        String said = result.errors()
                .lines()
                .filter(l -> l.startsWith("E:"))
                .findFirst()
                .orElseGet(() -> "(nothing); it ended with status " + result.exitStatus());
        return new KitException(
                "%s from %s: apt says \"%s\". Check the network and proxy, or name another Debian mirror with --mirror."
                        .formatted(what, source.uri(), said.strip()));
    }
}
