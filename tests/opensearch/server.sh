#!/usr/bin/env bash
# A real OpenSearch cluster on loopback, of the jars that Maven has: no container, no distribution.
#
#   server.sh start [NODES]   start one node, or more, wait until they answer, print the address
#   server.sh stop            stop them
#   server.sh kill NODE       kill -9 one of them, by its number from 1
#   server.sh restart NODE    start it again, with what it had on its disk
#   server.sh pids            the process of each node, a line each
#   server.sh fetch           only get the jars, and hold them against jars.sha256
#   server.sh pin             get the jars and write jars.sha256 anew, for another version
#
# It needs Java 21 or newer and Maven, and exits with 69 where one is missing or the jars cannot be
# had. Of the environment it takes OPENSEARCH_ROOT (a folder that is its own), OPENSEARCH_JARS,
# OPENSEARCH_HTTP and OPENSEARCH_TRANSPORT (first ports), OPENSEARCH_HEAP, OPENSEARCH_SETTINGS
# (lines of opensearch.yml) and JAVA_HOME.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(sed -n 's:.*<opensearch.version>\(.*\)</opensearch.version>.*:\1:p' "$here/pom.xml")
root=${OPENSEARCH_ROOT:-${TMPDIR:-/tmp}/heatseek-opensearch-$(id -u)}
jars=${OPENSEARCH_JARS:-$root/jars-$version}
http=${OPENSEARCH_HTTP:-19200}
transport=${OPENSEARCH_TRANSPORT:-19300}
heap=${OPENSEARCH_HEAP:-1g}
seconds=120 # that a cluster may take to answer

unavailable() {
    echo "no OpenSearch: $1" >&2
    exit 69
}

find_java() { # the first Java of version 21 or newer: JAVA_HOME, the path, the folders of systems
    local candidate number
    for candidate in "${JAVA_HOME:-/none}/bin/java" "$(command -v java || true)" \
        /usr/lib/jvm/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
        [ -x "$candidate" ] || continue
        number=$("$candidate" -XshowSettings:properties -version 2>&1 |
            sed -n 's/ *java.specification.version = \([0-9]*\).*/\1/p')
        if [ "${number:-0}" -ge 21 ]; then
            echo "$candidate"
            return
        fi
    done
    unavailable "Java 21 or newer is not installed"
}

download() {
    command -v mvn >/dev/null || unavailable "Maven is not installed"
    rm -rf "$jars"
    mkdir -p "$jars"
    mvn --batch-mode --quiet --no-transfer-progress --file "$here/pom.xml" \
        org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        -DoutputDirectory="$jars" -DincludeScope=runtime >"$root/maven.log" 2>&1 ||
        unavailable "Maven cannot get its jars, see $root/maven.log"
}

fetch() {
    [ -e "$jars/.complete" ] && return
    mkdir -p "$root"
    download
    (cd "$jars" && sha256sum --quiet --strict --check "$here/jars.sha256") >&2 || {
        rm -rf "$jars"
        echo "the jars of OpenSearch $version are not those of jars.sha256" >&2
        exit 1
    }
    # A module is loaded from a folder of its own, and must not be on the class path besides.
    mkdir "$jars/modules"
    local name
    for name in transport-netty4-client lang-painless opensearch-scripting-painless-spi \
        analysis-common mapper-extras-client; do
        mv "$jars/$name-$version.jar" "$jars/modules/"
    done
    touch "$jars/.complete"
}

module() { # home, name, class, jars: as the server looks for modules
    local folder=$1/modules/$2 jar
    mkdir -p "$folder"
    for jar in "${@:4}"; do cp "$jars/modules/$jar-$version.jar" "$folder/"; done
    printf '%s\n' "name=$2" "description=$2" "version=$version" "opensearch.version=$version" \
        'java.version=11' "classname=$3" 'extended.plugins=' >"$folder/plugin-descriptor.properties"
}

settings() { # node, nodes: its opensearch.yml
    local hosts='' names='' each
    for ((each = 1; each <= $2; each++)); do
        hosts+="${hosts:+, }\"127.0.0.1:$((transport + each))\""
        names+="${names:+, }node$each"
    done
    printf '%s\n' 'cluster.name: heatseek-tests' "node.name: node$1" 'network.host: 127.0.0.1' \
        "http.port: $((http + $1 - 1))" "transport.port: $((transport + $1))" \
        'cluster.routing.allocation.disk.threshold_enabled: false' 'action.auto_create_index: false'
    if [ "$2" = 1 ]; then
        echo 'discovery.type: single-node'
    else # a dead node is noticed soon
        printf '%s\n' "discovery.seed_hosts: [$hosts]" \
            "cluster.initial_cluster_manager_nodes: [$names]" \
            'cluster.fault_detection.leader_check.timeout: 2s' \
            'cluster.fault_detection.follower_check.timeout: 2s'
    fi
    printf '%s' "${OPENSEARCH_SETTINGS:-}"
}

install() { # node, nodes: its folder
    local home=$root/node$1
    rm -rf "$home"
    mkdir -p "$home"/{config,data,lib,logs,modules,plugins,tmp}
    local plugins=org.opensearch
    module "$home" transport-netty4 $plugins.transport.Netty4ModulePlugin transport-netty4-client
    module "$home" lang-painless $plugins.painless.PainlessModulePlugin \
        lang-painless opensearch-scripting-painless-spi
    module "$home" analysis-common $plugins.analysis.common.CommonAnalysisModulePlugin analysis-common
    module "$home" mapper-extras $plugins.index.mapper.MapperExtrasModulePlugin mapper-extras-client
    settings "$1" "$2" >"$home/config/opensearch.yml"
    printf '%s\n' 'appender.out.type = Console' 'appender.out.name = out' \
        'appender.out.layout.type = PatternLayout' \
        'appender.out.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n' \
        'rootLogger.level = info' 'rootLogger.appenderRef.out.ref = out' \
        >"$home/config/log4j2.properties"
    # The server refuses to run as root.
    [ "$(id -u)" != 0 ] || chown -R nobody "$home"
}

launch() { # node: its process, in the background
    local home=$root/node$1 java as=()
    java=$(find_java)
    [ "$(id -u)" != 0 ] || as=(setpriv "--reuid=nobody" "--regid=$(id -g nobody)" --clear-groups)
    (
        cd "$home"
        exec setsid "${as[@]}" "$java" -Xms"$heap" -Xmx"$heap" -XX:+UseSerialGC \
            -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED \
            --add-modules=jdk.incubator.vector -Djava.io.tmpdir="$home/tmp" -Djna.tmpdir="$home/tmp" \
            -Dopensearch.path.home="$home" -Dopensearch.path.conf="$home/config" \
            -cp "$jars/*" org.opensearch.bootstrap.OpenSearch >"$home/logs/out.log" 2>&1 </dev/null
    ) &
    echo $! >"$root/node$1.pid"
}

wait_for() { # nodes
    local each deadline=$((SECONDS + seconds))
    until curl --silent --fail --max-time 5 \
        "http://127.0.0.1:$http/_cluster/health?wait_for_nodes=$1&timeout=1s" 2>/dev/null |
        grep -q '"timed_out":false'; do
        for each in "$root"/node*.pid; do
            kill -0 "$(<"$each")" 2>/dev/null && continue
            tail -n 20 "${each%.pid}/logs/out.log" >&2
            echo "a node of OpenSearch ended, see ${each%.pid}/logs/out.log" >&2
            exit 1
        done
        if ((SECONDS > deadline)); then
            echo "OpenSearch does not answer after $seconds s, see $root/node1/logs/out.log" >&2
            exit 1
        fi
        sleep 0.2
    done
    echo "http://127.0.0.1:$http"
}

stop() {
    local file pid
    for file in "$root"/node*.pid; do
        [ -e "$file" ] || continue
        pid=$(<"$file")
        kill "$pid" 2>/dev/null || true
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
        rm -f "$file"
    done
}

case ${1:-} in
    start)
        find_java >/dev/null
        fetch
        stop
        nodes=${2:-1}
        for ((node = 1; node <= nodes; node++)); do
            install "$node" "$nodes"
            launch "$node"
        done
        wait_for "$nodes"
        ;;
    stop) stop ;;
    kill)
        kill -9 "$(<"$root/node$2.pid")"
        rm -f "$root/node$2.pid"
        ;;
    restart) launch "$2" ;;
    pids) cat "$root"/node*.pid ;;
    fetch) fetch ;;
    pin)
        mkdir -p "$root"
        download
        (cd "$jars" && sha256sum ./*.jar) >"$here/jars.sha256"
        ;;
    *)
        sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
        exit 64
        ;;
esac
