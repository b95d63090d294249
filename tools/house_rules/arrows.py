"""The include arrows of the house: transport → engine → domain, engine → storage port ← storage adapters.

A file belongs to the first room whose pattern its path matches. It may include the standard library, Abseil,
its own folder, and what its room names. `{service}` is the file's own service; `*` does not cross a slash.
"""

import re
from dataclasses import dataclass
from typing import Iterable, Iterator

ABOVE_PLATFORM = ("services", "gateway", "client")


@dataclass(frozen=True)
class Room:
    pattern: str
    # Our own headers, as patterns.
    house: tuple[str, ...]
    # Libraries, by the beginning of the include.
    libraries: tuple[str, ...] = ()


PLATFORM = ("common/*/*",)
VALUES = ("common/clock/*", "common/ids/*", "common/net/*", "common/status/*", "common/text/*")
CALLS = (*VALUES, "common/async/*", "common/log/*", "common/metrics/*", "common/mutex/*", "common/origin/*",
         "common/random/*")
PORTS = ("{service}/storage/*",)
PROTO = ("tidemark/v1/", "google/rpc/", "google/protobuf/", "grpcpp/")

ROOMS = (
    # The rules of the field: values in, values out. Passwords and signatures are libsodium's arithmetic, a
    # token is a piece of JSON.
    Room("services/auth/domain/*", VALUES, ("sodium.h", "boost/json")),
    Room("services/*/domain/*", VALUES),
    # A function per rpc, written against ports.
    Room("services/*/engine/*", (*CALLS, "{service}/domain/*", *PORTS, "services/ratelimit/client/*")),
    # Adapters: each knows its own database and no other.
    Room("services/*/storage/postgres*", (*CALLS, "{service}/domain/*", *PORTS, "common/pg/*"), ("pqxx/",)),
    Room("services/*/storage/postgres/*", (*CALLS, "{service}/domain/*", *PORTS, "common/pg/*"), ("pqxx/",)),
    Room("services/*/storage/redis*", (*CALLS, "{service}/domain/*", *PORTS, "common/redis/*")),
    Room("services/*/storage/redis/*", (*CALLS, "{service}/domain/*", *PORTS, "common/redis/*")),
    Room("services/*/storage/memory/*", (*CALLS, "{service}/domain/*", *PORTS)),
    Room("services/*/storage/*", (*CALLS, "{service}/domain/*")),
    Room("services/*/migrations/*", ("common/pg/*",)),
    # Proto to domain types and back; no rule about tasks, no database.
    Room("services/*/transport/*", (*CALLS, "common/rpc/*", "{service}/domain/*", "{service}/engine/*",
                                    "services/*/client/*"), PROTO),
    # What other services see of this one.
    Room("services/*/client/*", (*CALLS, "common/breaker/*", "common/rpc/*", "{service}/domain/*", *PORTS), PROTO),
    # Composition roots.
    Room("services/*/*", (*PLATFORM, "{service}/**", "services/*/client/*")),

    # When a client syncs: events and times in, times out.
    Room("client/domain/schedule/*", ("common/clock/*",)),

    Room("gateway/json/*", (*VALUES, "common/http/*"), ("boost/json", *PROTO)),
    Room("gateway/http/*", (*PLATFORM, "gateway/json/*"), ("boost/url",)),
    Room("gateway/backend/*", (*CALLS, "common/rpc/*"), PROTO),
    Room("gateway/routes/*", (*PLATFORM, "gateway/backend/*", "gateway/http/*", "gateway/json/*", "gateway/openapi/*",
                              "gateway/status_page/*")),
    Room("gateway/status_page/*", ()),
    Room("gateway/openapi/*", ()),
    Room("gateway/*", (*PLATFORM, "gateway/**")),

    # The client is a product of its own: it knows the contract, and no service.
    Room("client/domain/*", VALUES),
    Room("client/store/*", (*VALUES, "client/domain/*"), ("posix",)),
    Room("client/store/memory/*", (*VALUES, "client/domain/*", "client/store/*")),
    Room("client/store/sqlite/*", (*VALUES, "client/domain/*", "client/store/*"), ("sqlite3.h", "posix")),
    Room("client/transport/grpc/*", (*VALUES, "common/mutex/*", "common/rpc/*", "client/domain/*",
                                     "client/domain/schedule/*", "client/transport/*"),
         PROTO),
    Room("client/transport/*", (*VALUES, "common/mutex/*", "client/domain/*", "client/domain/schedule/*")),
    Room("client/credentials/*", (*VALUES, "common/mutex/*"), ("posix",)),
    Room("client/export/*", (*VALUES, "client/domain/*"), ("boost/json",)),
    Room("client/manager/*", (*VALUES, "common/mutex/*", "common/random/*", "client/credentials/*", "client/domain/*",
                              "client/domain/schedule/*", "client/engine/*", "client/export/*", "client/store/*",
                              "client/sync_manager.h", "client/transport/*")),
    # The command: a user of the library.
    Room("client/cli/text/*", (*VALUES, "client/domain/*")),
    Room("client/cli/*", (*VALUES, "client/cli/*", "client/cli/text/*", "client/export/*", "client/sync_manager.h",
                          "client/transport/tells_code.h", "common/mutex/*"), ("CLI/", "boost/json", "posix")),
    Room("client/cli/commands/*", (*VALUES, "client/cli/*", "client/cli/text/*", "client/export/*")),
    # Composition root, and the library's public face.
    Room("client/*", (*PLATFORM, "client/**")),
    Room("client/engine/*", (*VALUES, "common/random/*", "client/domain/*", "client/store/*", "client/transport/*")),

    # The platform knows nothing of tasks. Each library lives in one folder.
    Room("common/settings/*", PLATFORM, ("CLI/",)),
    Room("common/log/*", PLATFORM, ("spdlog/",)),
    Room("common/metrics/*", PLATFORM, ("prometheus/", "posix")),
    Room("common/random/*", PLATFORM, ("sodium.h",)),
    Room("common/async/*", PLATFORM, ("boost/asio",)),
    Room("common/net/*", PLATFORM, ("posix",)),
    Room("common/pg/*", PLATFORM, ("pqxx/", "libpq-fe.h", "boost/url", "posix")),
    Room("common/redis/*", PLATFORM, ("hiredis/", "openssl/sha.h", "boost/asio", "boost/url", "posix")),
    Room("common/gzip/*", PLATFORM, ("zlib.h",)),
    Room("common/http/*", PLATFORM, ("boost/asio", "boost/beast", "boost/url", "openssl/ssl.h", "posix")),
    Room("common/tls/*", PLATFORM, ("openssl/", "posix")),
    Room("common/rpc/*", PLATFORM, (*PROTO, "grpc/", "boost/asio", "posix", "sodium.h")),
    Room("common/vitals/*", PLATFORM, PROTO),
    Room("common/*/*", PLATFORM),
)

# Only a composition root picks an adapter; everybody else knows the port.
ADAPTERS = ("services/*/storage/postgres*", "services/*/storage/postgres/*",
            "services/*/storage/redis*", "services/*/storage/redis/*")
POSIX = ("unistd.h", "termios.h", "poll.h", "fcntl.h", "sys/", "netinet/", "netdb.h", "arpa/", "pthread.h")


def matches(path: str, pattern: str) -> bool:
    """`*` within a folder, `**` anything below."""
    parts = re.split(r"(\*\*|\*)", pattern)
    regex = "".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(regex, path) is not None


def room_of(path: str) -> Room | None:
    return next((room for room in ROOMS if matches(path, room.pattern)), None)


def is_test(path: str) -> bool:
    """Tests may reach anything of their own part of the house, and the test libraries."""
    return re.search(r"(test\.cc|_contract\.h|/(fake_|test_)[^/]*|_fixture\.h|_testing\.(h|cc)|/testing/[^/]*)$", path) is not None


def violations(path: str, lines: Iterable[str]) -> Iterator[str]:
    room = room_of(path)
    if room is None or is_test(path):
        return
    for number, line in enumerate(lines, start=1):
        if match := re.match(r'#include ["<]([^">]+)[">]', line):
            if not _may_include(path, room, match[1]):
                yield f"{path}:{number}: a file of {room.pattern} may not include {match[1]}"


def _may_include(path: str, room: Room, include: str) -> bool:
    if re.fullmatch(r"[a-z_]+", include) or include.startswith("absl/"):
        return True
    if include.split("/")[0] in (*ABOVE_PLATFORM, "common"):
        return _may_include_own(path, room, include)
    if include.startswith(POSIX):
        return "posix" in room.libraries
    return include.startswith(room.libraries) if room.libraries else False


def _may_include_own(path: str, room: Room, include: str) -> bool:
    folder, service = path.rsplit("/", 1)[0], "/".join(path.split("/")[:2])
    if include.rsplit("/", 1)[0] == folder:
        return True
    if any(matches(include, adapter) for adapter in ADAPTERS) and room.pattern != "services/*/*":
        return False
    return any(matches(include, pattern.replace("{service}", service)) for pattern in room.house)
