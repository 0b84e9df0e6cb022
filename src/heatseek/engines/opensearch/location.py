"""The location of an index on a cluster: `opensearch://host[:port][,host[:port]...]/name`.

With `opensearchs://` it is reached by TLS. A user's name may stand before the hosts, a password
may not: locations are typed, kept in files, printed and logged.
"""

from __future__ import annotations

from heatseek.definitions import NamedTuple, pattern
from heatseek.errors import ConfigError

PLAIN, TLS = "opensearch", "opensearchs"
"""The schemes."""
_PORT = 9200
_LONGEST = 200
"""Bytes of a name: OpenSearch has 255, of which generations take some."""
_NAME = pattern(r"[a-z0-9][a-z0-9._-]*\Z")
_RESERVED = pattern(r".*(?:-lease|-lease-held|-g[0-9]{8,18}-[0-9a-f]{8}(?:-[a-z]+)?)\Z")
"""Names that an index's own parts have."""
_HOST = pattern(
    r"(?:\[[0-9A-Fa-f:.]+\]|(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?)\Z"
)
"""Other names the system would not even look up."""


class Node(NamedTuple):
    """A server of the cluster."""

    host: str
    port: int = _PORT

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Location(NamedTuple):
    """An index on a cluster; its text has no user."""

    nodes: tuple[Node, ...]
    """Any of which answers; whichever fails, another is asked."""
    name: str
    tls: bool = False
    user: str = ""

    def __str__(self) -> str:
        scheme = TLS if self.tls else PLAIN
        return f"{scheme}://{','.join(map(str, self.nodes))}/{self.name}"


def location_of(text: str) -> Location:
    """The location that a text names.

    Raises:
        ConfigError: it is none, or has a password in it, which is not repeated.
    """
    scheme, _, rest = text.partition("://")
    authority, _, name = rest.partition("/")
    user, at, hosts = authority.rpartition("@")
    if ":" in user or "@" in name:
        raise ConfigError(
            "a password does not belong in the location of an index: put it into"
            " HEATSEEK_OPENSEARCH_PASSWORD, or user:password into a file and name that by"
            " `credentials` in [engine]"
        )
    if at and not (user and user.isprintable()):
        raise _flaw("there is nothing that could be a user before the @")
    nodes = tuple(map(_node, hosts.split(",")))
    return Location(nodes, _checked(name.removesuffix("/")), scheme.lower() == TLS, user)


def _node(text: str) -> Node:
    host, colon, port = text.rpartition(":")
    if not colon or (host.startswith("[") and not host.endswith("]")):
        host, port = text, str(_PORT)
    if not _HOST.match(host):
        raise _flaw("it names no host")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65_535):
        raise _flaw("a port is a number from 1 to 65,535")
    return Node(host.strip("[]"), int(port))


def _checked(name: str) -> str:
    if not name:
        raise _flaw("it names no index")
    if not _NAME.match(name):
        raise _flaw(
            "the name of an index is of small letters, digits, '.', '-' and '_',"
            " and begins with a letter or a digit"
        )
    if len(name) > _LONGEST:
        raise _flaw(f"the name of an index has at most {_LONGEST} letters")
    if _RESERVED.match(name):
        raise _flaw("the parts of an index are named so: choose another name")
    return name


def _flaw(reason: str) -> ConfigError:
    form = f"{PLAIN}://host:{_PORT}/name"
    return ConfigError(f"no location of an index such as {form}: {reason}")
