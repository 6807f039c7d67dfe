#!/usr/bin/env bash
# Makes OUT/nacre-VERSION-linux-amd64.tar.gz and OUT/nacre_VERSION_amd64.deb of the jars in packaging/target.
#
#   scripts/package.sh [--without-cache] OUT
#
# Two runs on the same jars with the same JDK give the same bytes, but for the two caches of classes in aot/, which the
# JVM does not write reproducibly; --without-cache leaves them out.
set -euo pipefail
ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$ROOT/scripts/toolchain.sh"

CACHE=yes
if [ "${1:-}" = --without-cache ]; then
    CACHE=no
    shift
fi
[ $# -eq 1 ] || fail "scripts/package.sh [--without-cache] OUT"
mkdir -p "$1"
OUT=$(cd "$1" && pwd)
MODULE=$ROOT/packaging
[ -d "$MODULE/target/lib" ] || fail "No jars in packaging/target/lib: ./dev package makes them."
find_jdk
command -v dpkg-deb >/dev/null || fail "The .deb is made by dpkg-deb, which is not on the PATH."

VERSION=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' "$ROOT/pom.xml" | head -n 1)
BUILT=$(sed -n 's|.*<project.build.outputTimestamp>\(.*\)</.*|\1|p' "$ROOT/pom.xml")
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(date -u -d "$BUILT" +%s)}
export LC_ALL=C TZ=UTC
umask 022

# Not below the sources: the caches name the folder of nothing else, and a socket's path must be short.
STAGE=$(mktemp -d "${TMPDIR:-/tmp}/nacre-package.XXXXXX")
DAEMON=
end() {
    [ -z "$DAEMON" ] || kill -KILL "$DAEMON" 2>/dev/null || true
    rm -rf "$STAGE"
}
trap end EXIT
NAME=nacre-$VERSION
TREE=$STAGE/$NAME

# The JDK's modules that the jars need, found by jdeps, and those that only a person with jcmd asks for.
image() {
    needed=$("$JAVA_HOME/bin/jdeps" --ignore-missing-deps --multi-release 25 --print-module-deps \
        --module-path "$TREE/lib" "$TREE"/lib/*.jar) || fail "$needed"
    # The last line: before it stand warnings about jars without a module descriptor, which are seen twice.
    "$JAVA_HOME/bin/jlink" --add-modules "${needed##*$'\n'},jdk.jcmd,jdk.jfr" --no-header-files --no-man-pages \
        --strip-java-debug-attributes --dedup-legal-notices=error-if-not-same-content --output "$TREE/runtime"
}

# The page's viewer, which is no jar: its licences, if this build has it.
novnc() {
    inside=dev/nacre/daemon/web/novnc
    mkdir -p "$STAGE/novnc"
    "$JAVA_HOME/bin/jar" --extract --file "$(ls "$TREE"/lib/nacre-daemon-*.jar)" --dir "$STAGE/novnc" \
        "$inside/AUTHORS" "$inside/LICENSE.txt" "$inside/docs"
    [ -d "$STAGE/novnc/$inside" ] || return 0
    cp -r "$STAGE/novnc/$inside" "$TREE/share/doc/licenses/novnc"
    printf '\n%s\n  %s\n  Licence: %s\n' "noVNC, unmodified, in $inside of the daemon's jar" \
        'https://novnc.com' 'Mozilla Public License 2.0 https://www.mozilla.org/MPL/2.0/' >>"$TREE/share/doc/THIRD-PARTY.txt"
}

# What was done to jars of others, for whom it may concern.
changed() {
    printf '\n%s\n' 'Changed by Nacre, as META-INF/CHANGED-BY-NACRE.txt in them says:'
    sed 's/^/  /' "$STAGE/changed"
}

# Everything but the caches.
tree() {
    mkdir -p "$TREE"/{bin,lib,include,etc,share/types,share/doc/licenses}
    cp "$MODULE"/target/lib/*.jar "$TREE/lib"
    # Before the image: the caches of classes take no class in the old format.
    "$JAVA_HOME/bin/java" -cp "$MODULE/target/classes" dev.nacre.packaging.RaisedClasses "$TREE/lib" >"$STAGE/changed"
    image
    cp "$MODULE"/launchers/* "$TREE/bin"
    "$JAVA_HOME/bin/jar" --extract --file "$(ls "$TREE"/lib/nacre-core-c-*.jar)" --dir "$STAGE/core-c" \
        dev/nacre/corec/libnacre_core.so
    cp "$STAGE/core-c/dev/nacre/corec/libnacre_core.so" "$TREE/lib"
    "$JAVA_HOME/bin/jar" --extract --file "$(ls "$TREE"/lib/nacre-drm-*.jar)" --dir "$STAGE/drm" \
        dev/nacre/drm/sysfs/libnacre_drm.so
    cp "$STAGE/drm/dev/nacre/drm/sysfs/libnacre_drm.so" "$TREE/lib"
    cp "$ROOT/core/src/main/c/nacre_core.h" "$TREE/include"
    cp "$MODULE/nacre.toml" "$TREE/etc"
    cp "$ROOT"/vfio/src/main/resources/dev/nacre/vfio/type/*.toml "$TREE/share/types"
    mkdir -p "$TREE"/share/{systemd,bash-completion/completions,man/man1}
    cp "$MODULE"/*.service "$TREE/share/systemd"
    "$TREE/bin/nacre" completion bash >"$TREE/share/bash-completion/completions/nacre"
    "$TREE/bin/nacre" man | gzip -9n >"$TREE/share/man/man1/nacre.1.gz"
    cp "$ROOT/LICENSE" "$ROOT/README.md" "$ROOT/CHANGELOG.md" "$TREE/share/doc"
    "$JAVA_HOME/bin/java" -cp "$MODULE/target/classes" dev.nacre.packaging.ThirdParty \
        "$MODULE/target/third-party" "$TREE/share/doc"
    [ ! -s "$STAGE/changed" ] || changed >>"$TREE/share/doc/THIRD-PARTY.txt"
    novnc
    find "$TREE" -type d -exec chmod 755 {} +
    find "$TREE" -type f -perm /111 -exec chmod 755 {} +
    find "$TREE" -type f ! -perm /111 -exec chmod 644 {} +
    # The caches remember the times of the jars, so they are set before.
    find "$TREE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

# Waits for a condition; fails after a minute.
await() {
    for _ in $(seq 300); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.2
    done
    fail "Not within a minute: $*
$(cat "$STAGE/daemon.log")"
}

# Has the JVM record what a start and the commonest command use, and makes the caches of that.
train() {
    run=$STAGE/run
    mkdir -p "$run"
    record="-XX:AOTMode=record -XX:AOTConfiguration=$STAGE"
    cat >"$run/nacre.toml" <<TOML
runtime = "$run/runtime"
state = "$run/state"
[[board]]
name = "gpu0"
chip = "ad102"
fb = "8GiB"
TOML
    # What is compiled here is compiled early in every start, which has no CPU to spare for it: so as little as may be.
    late=-XX:CompileThresholdScaling=20
    NACRED_JAVA_OPTIONS="$late $record/nacred.conf" "$TREE/bin/nacred" --config "$run/nacre.toml" >"$STAGE/daemon.log" 2>&1 &
    DAEMON=$!
    host=unix:$run/runtime/nacred.sock
    await "$TREE/bin/nacre" --host "$host" vgpu ls
    "$TREE/bin/nacre" --host "$host" vgpu create --type L40-2Q --name trained >/dev/null
    NACRE_JAVA_OPTIONS="$record/nacre.conf" "$TREE/bin/nacre" --host "$host" vgpu ls >/dev/null
    "$TREE/bin/nacre" --host "$host" vgpu rm trained >/dev/null
    kill -TERM "$DAEMON"
    wait "$DAEMON" || fail "The daemon did not end well: $(cat "$STAGE/daemon.log")"
    DAEMON=
    mkdir "$STAGE/aot"
    create="-XX:AOTMode=create -XX:AOTConfiguration=$STAGE"
    NACRED_JAVA_OPTIONS="$create/nacred.conf -XX:AOTCache=$STAGE/aot/nacred.aot" "$TREE/bin/nacred" >/dev/null
    NACRE_JAVA_OPTIONS="$create/nacre.conf -XX:AOTCache=$STAGE/aot/nacre.aot" "$TREE/bin/nacre" >/dev/null
    mv "$STAGE/aot" "$TREE/aot"
    chmod 644 "$TREE"/aot/*
    find "$TREE/aot" "$TREE" -maxdepth 1 -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

archive() {
    tar --directory "$STAGE" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner \
        --mtime="@$SOURCE_DATE_EPOCH" --create "$NAME" | gzip -6n >"$OUT/$NAME-linux-amd64.tar.gz"
}

# The same files where Debian has them.
debian() {
    root=$STAGE/debian
    mkdir -p "$root"/{DEBIAN,usr/bin,usr/lib/nacre,usr/lib/systemd/system,usr/include/nacre,usr/share/doc/nacre,etc/nacre/types.d}
    cp -a "$TREE"/{bin,runtime,lib} "$root/usr/lib/nacre"
    [ ! -d "$TREE/aot" ] || cp -a "$TREE/aot" "$root/usr/lib/nacre"
    ln -s ../lib/nacre/bin/nacre "$root/usr/bin/nacre"
    ln -s ../lib/nacre/bin/nacred "$root/usr/bin/nacred"
    cp "$TREE"/include/* "$root/usr/include/nacre"
    cp "$TREE"/etc/nacre.toml "$root/etc/nacre"
    cp "$TREE"/share/systemd/* "$root/usr/lib/systemd/system"
    cp -a "$TREE"/share/{man,bash-completion} "$root/usr/share"
    cp -a "$TREE"/share/doc/* "$root/usr/share/doc/nacre"
    mkdir "$root/usr/share/doc/nacre/examples"
    cp -a "$TREE/share/types" "$root/usr/share/doc/nacre/examples/types"
    cat "$MODULE/debian/copyright" "$TREE/share/doc/THIRD-PARTY.txt" >"$root/usr/share/doc/nacre/copyright"
    rm "$root/usr/share/doc/nacre"/{LICENSE,THIRD-PARTY.txt}
    gzip -9n "$root/usr/share/doc/nacre/CHANGELOG.md"
    cp "$MODULE"/debian/{conffiles,postinst,prerm,postrm} "$root/DEBIAN"
    chmod 755 "$root"/DEBIAN/{postinst,prerm,postrm}
    debian_version=${VERSION/-/\~}
    sed -e "s/@VERSION@/$debian_version/" -e "s/@KIB@/$(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f 1)/" \
        "$MODULE/debian/control.in" >"$root/DEBIAN/control"
    (cd "$root" && find usr -type f | sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$OUT/nacre_${debian_version}_amd64.deb" >/dev/null
}

tree
[ "$CACHE" = no ] || train
archive
debian
ls -l "$OUT"
