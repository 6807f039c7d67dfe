# Finds the JDK and Maven that Nacre needs. Sourced by ./nacre and ./dev, which have set ROOT.

fail() {
    printf '%s\n' "$*" >&2
    exit 3
}

# Whether a folder holds a JDK of the wanted release, compiler included.
is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

# Sets JAVA_HOME to a JDK 25: the caller's own if it is one, else the first that is found in the usual places.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then
        export JAVA_HOME
        return
    fi
    on_path=$(command -v javac 2>/dev/null || true)
    [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    for candidate in $on_path /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk*25* /opt/java/* "$HOME"/.jdks/*25* \
        "$HOME"/.sdkman/candidates/java/25*; do
        if is_jdk_25 "$candidate"; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return
        fi
    done
    fail "Nacre needs a JDK 25 and found none.
Install one and try again, or set JAVA_HOME to it:
  Debian 13 with backports, Ubuntu 25.10 or newer:  apt install openjdk-25-jdk-headless
  Fedora:  dnf install java-25-openjdk-devel
  any Linux:  Eclipse Temurin 25 (adoptium.net), unpacked anywhere"
}

# Sets MAVEN to an installed Maven of 3.8.7 or newer, else to the wrapper.
find_maven() {
    installed=$(command -v mvn 2>/dev/null || true)
    if [ -n "$installed" ]; then
        version=$("$installed" -v 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n 's/^Apache Maven \([0-9.]*\).*/\1/p')
        if [ -n "$version" ] && [ "$(printf '%s\n3.8.7\n' "$version" | sort -V | head -n 1)" = 3.8.7 ]; then
            MAVEN=$installed
            return
        fi
    fi
    [ -n "${MVNW_REPOURL:-}" ] || fail "Nacre needs Maven 3.8.7 or newer and found none.
Install it (Debian, Ubuntu: apt install maven; Fedora: dnf install maven), or set MVNW_REPOURL to the base URL of
your Maven repository and ./mvnw will fetch it from there."
    MAVEN=$ROOT/mvnw
}

# Runs Maven without its progress chatter and without the warnings that Maven 3.8 causes on JDK 25.
maven() {
    "$MAVEN" -B -ntp -f "$ROOT/pom.xml" "$@" 2>&1 | sed -u '/sun\.misc\.Unsafe/d;/terminally deprecated method/d' |
        { if [ -n "${NACRE_QUIET:-}" ]; then grep --line-buffered -E '^\[(ERROR|WARNING)\]|^Error' || true; else cat; fi; }
    return "${PIPESTATUS[0]}"
}
