"""What goes wrong with a cluster, as errors of ours: what, where, and what to do."""

from __future__ import annotations

import ssl
from http.client import HTTPException

from heatseek.definitions import NamedTuple
from heatseek.errors import (
    EngineRefusedError,
    EngineUnreachableError,
    GenerationGoneError,
    HeatseekError,
    IndexWriteError,
    LeaseLostError,
    QueryError,
    Remedy,
    StoreError,
    reason,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from heatseek.engines.opensearch.location import Node

_LONGEST = 200
"""Characters of a server's own words in a message."""
LOST = (OSError, HTTPException)
"""The exceptions of a connection that cannot be made, breaks, or brings no HTTP."""
UNTOUCHED = "what is indexed is as it was"
_BUSY = (429, 502, 503, 504)
"""Statuses of what may go well a little later."""
_PASSING = frozenset(
    """
    node_disconnected_exception node_not_connected_exception connect_transport_exception
    node_closed_exception no_shard_available_action_exception shard_not_found_exception
    illegal_index_shard_state_exception search_context_missing_exception
    receive_timeout_transport_exception no_node_available_exception
    cluster_manager_not_discovered_exception failed_to_commit_cluster_state_exception
    not_cluster_manager_exception process_cluster_event_timeout_exception
    """.split()
)
"""Types of errors that come while a node goes or comes, whatever their status."""
_EXISTS = "resource_already_exists_exception"
_TOO_MANY_CLAUSES = frozenset(("too_many_clauses", "too_many_nested_clauses"))


class Failure(NamedTuple):
    """An answer that is none."""

    status: int
    """Of HTTP."""
    types: tuple[str, ...] = ()
    """Of its errors, the outermost first; as the reasons are."""
    reasons: tuple[str, ...] = ()
    is_ours: bool = True
    """False for what no OpenSearch sends."""

    @property
    def is_passing(self) -> bool:
        """True for what may go well a little later, on this node or on another one."""
        if self.is_read_only:
            return False
        return self.status in _BUSY or not _PASSING.isdisjoint(self.types)

    @property
    def is_read_only(self) -> bool:
        """True if the server takes nothing that is written, until somebody mends that."""
        blocked = "cluster_block_exception" in self.types
        return blocked and ("FORBIDDEN/" in self.text or "TOO_MANY_REQUESTS/12" in self.text)

    @property
    def text(self) -> str:
        """The server's own words, the innermost last."""
        return "; ".join(dict.fromkeys(each.strip().rstrip(";") for each in self.reasons))


def failure_of(status: int, answer: Any) -> Failure:
    """The failure that an answer tells of.

    Args:
        status: of HTTP, or of one of several answers in one.
        answer: decoded JSON; None if it is none.
    """
    error = answer.get("error") if isinstance(answer, dict) else None
    types: list[str] = []
    reasons: list[str] = []
    if isinstance(error, str):
        reasons.append(error)
    elif isinstance(error, dict):
        _collect(error, types, reasons)
    is_ours = error is not None or (isinstance(answer, dict) and "status" in answer)
    return Failure(status, tuple(types), tuple(reasons), is_ours)


def _collect(error: dict[str, Any], types: list[str], reasons: list[str]) -> None:
    """Take types and reasons of an error, of what failed on shards, and of their causes."""
    left: list[Any] = [error]
    while left and len(types) < 50:
        each = left.pop(0)
        if not isinstance(each, dict):
            continue
        types.append(str(each.get("type", "")))
        if each.get("reason") and isinstance(each["reason"], str):
            reasons.append(each["reason"])
        left += [each.get("caused_by"), *(each.get("root_cause") or ())]
        left += [shard.get("reason") for shard in each.get("failed_shards") or ()]


def answer_error(  # noqa: PLR0911 - a case each
    place: str, failure: Failure, *, has_user: bool
) -> HeatseekError:
    """The error for an answer that is none.

    Args:
        place: of the index, without a user.
        failure: the answer.
        has_user: a user and a password were given.
    """
    status, types = failure.status, failure.types
    if status == 401:
        return _not_known(place, has_user=has_user)
    if not failure.is_ours and status != 403:
        return not_opensearch(place, f"status {status}")
    said = _cut(failure.text)
    if failure.is_read_only:
        return IndexWriteError(f"{place} takes no writes: {said}; {_unblocking(said)}; {UNTOUCHED}")
    if status == 403:
        return _refused(
            f"{place}: this user may not do that{said and f' ({said})'}: docs/opensearch.md lists"
            " the permissions that are needed"
        )
    if not _TOO_MANY_CLAUSES.isdisjoint(types):
        return QueryError(
            "this search has more words and spellings than the cluster takes",
            advice="ask for fewer, or raise indices.query.bool.max_clause_count on all its nodes",
        )
    if "too_complex_to_determinize_exception" in types:
        return QueryError(
            "a word with * before many ? is more than the cluster takes",
            advice="write more of its letters",
        )
    if "index_not_found_exception" in types:
        return GenerationGoneError(f"{place} was written anew meanwhile: try again")
    return _server_error(place, failure, said)


def _server_error(place: str, failure: Failure, said: str) -> StoreError:
    status, types = failure.status, failure.types
    if "circuit_breaking_exception" in types:
        return EngineUnreachableError(
            f"{place} has no memory left for this ({said}): try again, ask for less, or give its"
            " nodes more heap"
        )
    if status == 429:
        return EngineUnreachableError(f"{place} is too busy ({said}): try again later")
    if status == 413:
        return IndexWriteError(
            f"{place} takes no request as large as this one: raise http.max_content_length;"
            f" {UNTOUCHED}"
        )
    if "cluster_block_exception" in types or "cluster_manager_not_discovered_exception" in types:
        return EngineUnreachableError(
            f"the cluster of {place} has no manager now ({said}): see that most of its nodes run,"
            " and try again"
        )
    if failure.is_passing:
        return EngineUnreachableError(
            f"{place} cannot answer from all its shards now ({said}): see that the cluster's nodes"
            " run, and try again"
        )
    return _other_error(place, failure, said)


def _other_error(place: str, failure: Failure, said: str) -> StoreError:
    if "index_closed_exception" in failure.types:
        return EngineUnreachableError(
            f"an index of {place} is closed: open it on the cluster (POST"
            f" /{place.rpartition('/')[2]}*/_open), and try again"
        )
    what = said or _cut(" ".join(dict.fromkeys(failure.types))) or "it does not say which"
    return EngineUnreachableError(
        f"{place} answers with an error (status {failure.status}): {what}"
    )


def _unblocking(said: str) -> str:
    if "/12/" in said or "/10/" in said:
        return "its disks are full: free some space, and it takes writes again by itself"
    return "take the block off in the settings of the cluster or the index"


def _not_known(place: str, *, has_user: bool) -> EngineRefusedError:
    said = (
        "does not take the user and the password that it is given"
        if has_user
        else "wants a user and a password"
    )
    return _refused(f"{place} {said}", Remedy.CREDENTIALS)


def _refused(message: str, remedy: Remedy | None = None) -> EngineRefusedError:
    """The error that somebody is refused; without a remedy the message says what to do."""
    error = EngineRefusedError(message)
    error.remedy = remedy
    return error


def not_opensearch(place: str, what: str) -> EngineUnreachableError:
    """The error for an answer that no OpenSearch gives."""
    return EngineUnreachableError(
        f"what answers at {place} is no OpenSearch ({what}), but perhaps a proxy: see that its"
        " hosts and ports are those of the cluster"
    )


def wrong_server(place: str, name: str) -> EngineRefusedError:
    """The error for a server of another kind or version; `name` says which."""
    return _refused(f"{place} is {name}, and heatseek needs OpenSearch 3: name another cluster")


def unreached(place: str, node: Node, error: Exception, nodes: int = 1) -> EngineUnreachableError:
    """The error for a connection that could not be made; see `connection_error`."""
    if not isinstance(error, TimeoutError):
        return connection_error(place, node, error, 0.0, nodes)
    return EngineUnreachableError(
        f"{place}: {_others(nodes)}{node} takes no connection: see that the host is the right one,"
        " and that no firewall is between"
    )


def connection_error(
    place: str, node: Node, error: Exception, timeout: float, nodes: int = 1
) -> EngineUnreachableError:
    """The error for a connection that could not be made, or broke.

    Args:
        place: of the index, without a user.
        node: the last one that was asked.
        error: of the connection.
        timeout: in seconds.
        nodes: how many there are to ask.
    """
    return EngineUnreachableError(f"{place}: {_others(nodes)}{_broken(node, error, timeout)}")


def _others(nodes: int) -> str:
    return f"of {nodes} nodes none answers; " if nodes > 1 else ""


def _broken(node: Node, error: Exception, timeout: float) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {node} is not to be trusted ({_cut(error.verify_message)}): name"
            " the file of its authority by `ca-certificate` in [engine]"
        )
    if isinstance(error, ssl.SSLError):
        return f"{node} does not speak TLS: write opensearch:// if that is meant"
    if isinstance(error, TimeoutError):
        return (
            f"{node} gives no answer within {timeout:g} s: try again, or raise `timeout`"
            " in [engine]"
        )
    if isinstance(error, ConnectionRefusedError):
        return f"no server answers at {node} (connection refused): start it, or name another host"
    if isinstance(error, HTTPException | ConnectionError):
        return (
            f"{node} closes the connection without an answer: try again; if it speaks TLS,"
            " write opensearchs://"
        )
    why = reason(error) if isinstance(error, OSError) else "unknown error"
    return f"{node} cannot be reached ({why}): see that the host is the right one"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def server_of(answer: Any) -> tuple[str, str]:
    """The kind and the version of the server that gave this answer to `GET /`."""
    version = answer.get("version") if isinstance(answer, dict) else None
    if not isinstance(version, dict) or "number" not in version:
        return "another server", ""
    is_ours = version.get("distribution") == "opensearch"
    return ("OpenSearch" if is_ours else "Elasticsearch"), str(version["number"])[:20]


def unwritten(place: str, failure: Failure) -> IndexWriteError:
    """The error for an article that the server does not take."""
    return IndexWriteError(f"{place} does not take an article ({_cut(failure.text)}); {UNTOUCHED}")


def removed(place: str) -> LeaseLostError:
    """The error for a generation that is gone while it is written."""
    return LeaseLostError(
        f"cannot write the index: another writer of {place} has removed what was being written;"
        " what is indexed is left as it is: try again"
    )


def check_made(place: str, answer: Any) -> None:
    """See that an index was made, now or by a request whose answer was lost.

    Args:
        place: of the index.
        answer: to the request, also of status 400.

    Raises:
        IndexWriteError: the cluster makes none.
    """
    failure = failure_of(400, answer)
    if "error" in answer and _EXISTS not in failure.types:
        raise IndexWriteError(
            f"{place}: the cluster makes no new index ({_cut(failure.text)}); {UNTOUCHED}"
        )
