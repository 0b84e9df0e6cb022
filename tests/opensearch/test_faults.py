"""What goes wrong with a cluster is one clear line; what may be tried again is, within bounds."""

from __future__ import annotations

import gzip
import json
import logging
import re
import socket
import time
from contextlib import ExitStack, closing, contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from cli_runs import run
from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.model import Count, Removal
from heatseek.engines.opensearch import administration, drafts, notes, sender
from heatseek.engines.opensearch import bulk as bulk_requests
from heatseek.engines.opensearch.administration import AdministrationClient
from heatseek.engines.opensearch.bulk import Bulk
from heatseek.engines.opensearch.client import HttpClient, compressed
from heatseek.engines.opensearch.lease import LeaseDocument
from heatseek.engines.opensearch.location import location_of
from heatseek.engines.opensearch.parts import Part
from heatseek.engines.opensearch.settings import settings_of
from heatseek.errors import (
    ConfigError,
    EngineRefusedError,
    EngineUnreachableError,
    GenerationGoneError,
    HeatseekError,
    IndexWriteError,
    QueryError,
    Remedy,
)
from heatseek.query import tree
from indexes import change, fill
from opensearch.stand_in import Answer, always, certificate, standing_in, tls_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opensearch.cluster_index import ClusterIndex
    from opensearch.stand_in import Answers, Asked

USER, PASSWORD = "HEATSEEK_OPENSEARCH_USER", "HEATSEEK_OPENSEARCH_PASSWORD"
SECRET = "Tr0ub4dor"  # noqa: S105 - of nobody
WAYS = pytest.mark.parametrize("way", [HttpClient, AdministrationClient])
PAGE = "<html><body><h1>404 Not Found</h1></body></html>"


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (USER, PASSWORD):
        monkeypatch.delenv(name, raising=False)
    # Whoever waits for a cluster to mend itself need not do so here.
    monkeypatch.setattr(sender, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(bulk_requests, "_FIRST_PAUSE", 0.001)


def client_of(way: Any, place: str, **settings: Any) -> Any:
    client = way(location_of(place), settings_of({"timeout": 5, **settings}), first=0)
    client.patience = 0.2
    return client


def error_of(way: Any, place: str, **settings: Any) -> HeatseekError:
    """What a search is told."""
    with closing(client_of(way, place, **settings)) as client, pytest.raises(HeatseekError) as told:
        client.send("POST", "news/_search", {"query": {"match_all": {}}})
    text = str(told.value)
    assert "\n" not in text
    assert "Error" not in text
    return told.value


def failure(kind: str, reason: str, status: int) -> str:
    return json.dumps({"error": {"type": kind, "reason": reason}, "status": status})


@WAYS
@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        (always(401, "Unauthorized", "text/plain"), EngineRefusedError, "wants a user"),
        (
            always(403, failure("security_exception", "no permissions for [indices:x]", 403)),
            EngineRefusedError,
            r"may not do that \(no permissions for \[indices:x\]\)",
        ),
        (always(403, PAGE, "text/html"), EngineRefusedError, "may not do that: docs"),
        (
            always(404, PAGE, "text/html"),
            EngineUnreachableError,
            "no OpenSearch .status 404.*proxy",
        ),
        (
            always(502, PAGE, "text/html"),
            EngineUnreachableError,
            "no OpenSearch .status 502.*proxy",
        ),
        (always(200, PAGE, "text/html"), EngineUnreachableError, "no OpenSearch .text/html.*proxy"),
        (always(404, '{"message": "no Route"}'), EngineUnreachableError, "no OpenSearch"),
        *(
            (always(200, text), EngineUnreachableError, "no OpenSearch .application/json")
            for text in ("[1]", '"x"', "5", "null")
        ),
        (always(200, "", "text/plain"), EngineUnreachableError, "no OpenSearch .text/plain"),
        (
            always(302, "", "text/html", Location="https://elsewhere/"),
            EngineUnreachableError,
            "no OpenSearch .status 302",
        ),
        (always(200, "{}", X_Elastic_Product="Elasticsearch"), EngineRefusedError, "Elasticsearch"),
        (
            always(404, failure("index_not_found_exception", "no such index [x]", 404)),
            GenerationGoneError,
            "written anew",
        ),
        (
            always(429, failure("circuit_breaking_exception", "[parent] Data too large", 429)),
            EngineUnreachableError,
            "no memory left for this.*more heap",
        ),
        (
            always(429, failure("rejected_execution_exception", "queue is full", 429)),
            EngineUnreachableError,
            "too busy .queue is full.: try again",
        ),
        (
            always(503, failure("cluster_block_exception", "blocked by: [NO_MASTER]", 503)),
            EngineUnreachableError,
            "no manager now.*most of its nodes",
        ),
        (
            always(503, failure("search_phase_execution_exception", "all shards failed", 503)),
            EngineUnreachableError,
            "from all its shards now",
        ),
        (
            always(413, failure("x_content_exception", "too large", 413)),
            IndexWriteError,
            "http.max_content_length",
        ),
        (
            always(400, failure("too_many_nested_clauses", "set to 1024", 400)),
            QueryError,
            "more words.*max_clause_count",
        ),
        (
            always(500, failure("null_pointer_exception", "oops", 500)),
            EngineUnreachableError,
            "oops",
        ),
        *(
            (
                always(500, json.dumps({"error": error, "status": 500})),
                EngineUnreachableError,
                words,
            )
            for error, words in (
                ({"type": "npe", "reason": None}, "status 500.: npe$"),
                ({}, "status 500.: it does not say which$"),
            )
        ),
        (
            always(400, failure("index_closed_exception", "closed", 400)),
            EngineUnreachableError,
            r"news is closed: open it on the cluster .POST /news\*/_open",
        ),
        (
            always(403, failure("cluster_block_exception", "FORBIDDEN/5/index read-only;", 403)),
            IndexWriteError,
            "read-only; take the block off",
        ),
    ],
)
def test_a_wrong_answer_is_one_line(
    way: Any, answers: Answers, error: type[HeatseekError], words: str
) -> None:
    with standing_in(answers) as server:
        told = error_of(way, server.location)
    assert type(told) is error
    assert re.search(words, str(told)), str(told)


@pytest.mark.parametrize("status", [404, 400, 409, 500])
@pytest.mark.parametrize(
    ("text", "kind"), [(PAGE, "text/html"), ("[1]", ""), ('"x"', ""), ('{"message": "no"}', "")]
)
def test_an_answer_of_no_opensearch_is_none_whatever_its_status(
    status: int, text: str, kind: str
) -> None:
    """Also where a real one may answer by that status: a wrong port is what most mistake."""
    answers = always(status, text, kind or "application/json")
    with (
        standing_in(answers) as server,
        closing(client_of(HttpClient, server.location)) as client,
        pytest.raises(EngineUnreachableError, match=r"is no OpenSearch .*perhaps a proxy"),
    ):
        client.send("GET", "news", allow=(400, 404, 409, 500))


@pytest.mark.parametrize("text", [PAGE, "[1]", '"x"', "[[]]", '{"message": "no"}'])
def test_a_wrong_port_is_one_line_to_every_command(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    kind = "text/html" if text == PAGE else "application/json"
    with standing_in(always(404, text, kind)) as server:
        place = ("--index", server.location)
        for line in (
            ("search", "one", *place),
            ("stats", *place),
            ("update", "--archive", ".", *place),
            ("doctor", *place),
        ):
            ran = run("heatseek", *line, cwd=tmp_path)
            said = ran.out + ran.err
            assert ran.code == 3, (line, said)
            assert "is no OpenSearch (status 404)" in said, (line, said)
            assert "internal" not in said
            assert line[0] == "doctor" or len(said.splitlines()) == 1, (line, said)


@WAYS
def test_a_server_that_is_down_is_told(way: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
        told = error_of(way, f"opensearch://{place}/news")
        assert type(told) is EngineUnreachableError
        assert f"no server answers at {place} (connection refused): start it" in str(told)
        several = error_of(way, f"opensearch://{place},{place}/news")
        assert "of 2 nodes none answers" in str(several)


@WAYS
def test_a_host_that_there_is_not_is_told(way: Any) -> None:
    told = error_of(way, "opensearch://nosuch.invalid/news")
    assert "nosuch.invalid:9200 cannot be reached" in str(told)


@contextmanager
def listening(say: bytes) -> Iterator[str]:
    """A port that answers so whatever it is asked, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1000)
                    connection.sendall(say)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@WAYS
@pytest.mark.parametrize("said", [b"", b"\x15\x03\x03\x00\x02\x02\x0a", b"SSH-2.0-OpenSSH_9\r\n"])
def test_what_speaks_no_http_is_told(way: Any, said: bytes) -> None:
    with listening(said) as place:
        told = error_of(way, f"opensearch://{place}/news")
    assert type(told) is EngineUnreachableError
    assert "if it speaks TLS, write opensearchs://" in str(told)


@WAYS
def test_tls_is_asked_of_who_speaks_none(way: Any) -> None:
    with standing_in(always(200, "{}")) as server:
        told = error_of(way, f"opensearchs://{server.host}/news")
    assert "does not speak TLS: write opensearch://" in str(told)


@WAYS
def test_certificates_are_checked(way: Any, tmp_path: Path) -> None:
    right, context = certificate(tmp_path, "right")
    wrong, _ = certificate(tmp_path, "wrong")
    with standing_in(always(200, '{"hits": 1}'), context) as server:
        place = f"opensearchs://{server.host}/news"
        for settings in ({}, {"ca-certificate": str(wrong)}):
            told = error_of(way, place, **settings)
            assert "is not to be trusted" in str(told)
            assert "ca-certificate" in str(told)
        elsewhere = error_of(
            way, place.replace("127.0.0.1", "localhost"), **{"ca-certificate": str(right)}
        )
        assert "is not to be trusted" in str(elsewhere)
        assert server.asked == []
        with closing(client_of(way, place, **{"ca-certificate": str(right)})) as client:
            assert client.send("GET", "x") == {"hits": 1}
    with pytest.raises(ConfigError, match="no certificates of authorities"):
        client_of(way, place, **{"ca-certificate": __file__})
    with pytest.raises(ConfigError, match="no such file"):
        client_of(way, place, **{"ca-certificate": str(tmp_path / "none.pem")})


@WAYS
def test_a_host_that_takes_no_connection_is_told(way: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "_LEAST_TIMEOUT", 0.2)
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # whoever comes after them is not heard
            other = waiting.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        location = f"opensearch://127.0.0.1:{full.getsockname()[1]}/news"
        assert "takes no connection" in str(error_of(way, location, timeout=0.2))


@WAYS
def test_a_server_that_is_slow_is_told_once(way: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "_LEAST_TIMEOUT", 0.2)
    go_on = Event()

    def wait(_: Asked) -> Answer:
        go_on.wait(5)
        return Answer(200, b"{}")

    with standing_in(wait) as server:
        client = client_of(way, server.location, timeout=0.2)
        with pytest.raises(EngineUnreachableError, match=r"no answer within 0.2 s.*`timeout`"):
            client.send("GET", "x")
        go_on.set()
        client.close()
        assert len(server.asked) == 1


@WAYS
def test_a_user_is_known_by_headers_alone(
    way: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """No line of an error, a log or the terminal has the password, however it is written."""
    monkeypatch.setenv(USER, "ann")
    monkeypatch.setenv(PASSWORD, SECRET)
    caplog.set_level(logging.DEBUG)
    with standing_in(always(401, '{"error": "Unauthorized", "status": 401}')) as server:
        told = error_of(way, server.location)
        header = server.asked[0].headers["authorization"]
    assert header == "Basic YW5uOlRyMHViNGRvcg=="
    assert "does not take the user and the password" in str(told)
    assert told.remedy is Remedy.CREDENTIALS
    shown = [str(told), repr(told), repr(vars(told)), caplog.text, *capfd.readouterr()]
    for secret in (SECRET, header.split()[1]):
        assert not [text for text in shown if secret in text]


@WAYS
def test_what_only_reads_is_asked_again_and_what_writes_is_not(way: Any) -> None:
    busy = iter([503, 429, 503])

    def answers(_: Asked) -> Answer:
        status = next(busy, 200)
        data = b"{}" if status == 200 else failure("x_exception", "busy", status).encode()
        return Answer(status, data)

    with standing_in(answers) as server, closing(client_of(way, server.location)) as client:
        assert client.send("POST", "news/_search", {}) == {}
        assert len(server.asked) == 4
        busy = iter([503])
        with pytest.raises(EngineUnreachableError):
            client.send("POST", "_aliases", {})
        busy = iter([503])
        assert client.send("POST", "_aliases", {}, retry=True) == {}


@WAYS
def test_a_request_that_took_long_before_its_node_died_is_asked_again(way: Any) -> None:
    """On a busy machine a search may take longer than anybody would wait between two tries."""
    left = iter([0.3])

    def answers(_: Asked) -> Answer:
        pause = next(left, 0)
        time.sleep(pause)
        data = failure("node_closed_exception", "closed", 503).encode() if pause else b"{}"
        return Answer(503 if pause else 200, data)

    with standing_in(answers) as server, closing(client_of(way, server.location)) as client:
        assert client.send("POST", "news/_search", {}) == {}


@WAYS
def test_an_answer_of_several_is_as_good_as_its_worst(way: Any) -> None:
    whole = json.dumps({"responses": [{"hits": 1}, {"hits": 2}]}).encode()
    part = json.loads(failure("no_shard_available_action_exception", "gone", 500))
    left = iter([json.dumps({"responses": [{"hits": 1}, part]}).encode()])
    with (
        standing_in(lambda _: Answer(200, next(left, whole))) as server,
        closing(client_of(way, server.location)) as client,
    ):
        assert client.send("POST", "_msearch", b"{}\n{}\n") == json.loads(whole)
        assert len(server.asked) == 2


@WAYS
def test_another_node_is_asked_for_one_that_fails(way: Any) -> None:
    """Of three one is down, one hangs up in the middle; and from then on the third is asked."""
    with (
        socket.socket() as down,
        listening(b"") as rude,
        standing_in(always(200, "{}")) as good,
    ):
        down.bind(("127.0.0.1", 0))
        hosts = f"127.0.0.1:{down.getsockname()[1]},{rude},{good.host}"
        with closing(client_of(way, f"opensearch://{hosts}/news")) as client:
            assert client.send("POST", "news/_search", {}) == {}
            assert client.send("PUT", "news", {}) == {}
        assert [asked.method for asked in good.asked] == ["POST", "PUT"]
        # Nothing was sent to the first; the second may have carried it out.
        with (
            closing(client_of(way, f"opensearch://{hosts}/news")) as client,
            pytest.raises(EngineUnreachableError, match="closes the connection"),
        ):
            client.send("POST", "_aliases", {})


@WAYS
def test_an_answer_that_is_cut_off_is_asked_for_again(way: Any) -> None:
    """As a node sends it that dies in the middle; half an answer is none."""
    said = b'{"hits": {"total": 12}}'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    for cut in (head % len(said) + said[:9], head % 9 + said[:9]):
        with listening(cut) as dying, standing_in(always(200, said)) as good:
            place = f"opensearch://{dying},{good.host}/news"
            with closing(client_of(way, place)) as client:
                assert client.send("POST", "news/_search", {}) == {"hits": {"total": 12}}
            with closing(client_of(way, place)) as client, pytest.raises(EngineUnreachableError):
                client.send("POST", "_aliases", {})


@WAYS
def test_a_connection_that_a_server_has_closed_is_made_anew(way: Any) -> None:
    with (
        standing_in(always(200, "{}", Connection="close")) as server,
        closing(client_of(way, server.location)) as client,
    ):
        for _ in range(3):
            assert client.send("PUT", "news", {}) == {}


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ({"number": "2.19.0", "distribution": "opensearch"}, "OpenSearch 2.19.0"),
        ({"number": "1.3.0", "distribution": "opensearch"}, "OpenSearch 1.3.0"),
        ({"number": "7.10.2"}, "Elasticsearch 7.10.2"),
        (None, "another server"),
    ],
)
def test_a_server_of_another_kind_is_told(version: Any, name: str) -> None:
    def answers(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer(200, json.dumps({"version": version}).encode())
        return Answer(404, failure("index_not_found_exception", "no such index", 404).encode())

    with standing_in(answers) as server:
        engine = load(server.location)
        for use in (engine.open, engine.writing().__enter__):
            with pytest.raises(EngineRefusedError, match="needs OpenSearch 3") as told:
                use()
            assert f"is {name}, and" in str(told.value)
        assert {asked.method for asked in server.asked} == {"GET"}


class Rejecting:
    """It takes what it is sent piece by piece, as the queues of a real one fill and empty."""

    def __init__(self, *statuses: int, reason: str = "queue is full") -> None:
        self.left = list(statuses)
        self.reason = reason
        self.lines: list[bytes] = []

    def __call__(self, asked: Asked) -> Answer:
        if not self.left:
            self.lines += gzip.decompress(asked.body).splitlines()
            return Answer(200, b'{"errors": false}')
        status = self.left.pop(0)
        error = {"type": "rejected_execution_exception", "reason": self.reason}
        items = [{"index": {"status": status, "error": error}}]
        return Answer(200, json.dumps({"errors": True, "items": items}).encode())


def sent(server: Any, bodies: list[bytes], connections: int = 1) -> None:
    made = [client_of(AdministrationClient, server.location) for _ in range(connections)]
    bulk = Bulk(made, "draft", "news")
    try:
        for body in bodies:
            bulk.add(compressed(body))
        bulk.finish()
    finally:
        bulk.abort()
        for client in made:
            client.close()


def test_rejected_lines_are_sent_again_until_they_are_taken() -> None:
    rejecting = Rejecting(429, 503, 429)
    with standing_in(rejecting) as server:
        sent(server, [b"%d\n" % number for number in range(20)], connections=3)
        assert all("require_alias=true" in asked.path for asked in server.asked)
        assert all(asked.headers["content-encoding"] == "gzip" for asked in server.asked)
    assert sorted(rejecting.lines, key=int) == [b"%d" % number for number in range(20)]


def test_a_cluster_that_goes_on_rejecting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_requests, "PATIENCE", 0.05)
    with (
        standing_in(Rejecting(*[429] * 10_000)) as server,
        pytest.raises(EngineUnreachableError, match=r"too busy \(queue is full\)"),
    ):
        sent(server, [b"1\n"] * 50, connections=2)


def test_an_article_that_the_cluster_does_not_take_is_told_at_once() -> None:
    with standing_in(Rejecting(400, reason="failed to parse field [x]")) as server:
        with pytest.raises(IndexWriteError, match=r"an article .failed to parse field \[x\]"):
            sent(server, [b"1\n"])
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda client: notes.create(client, "news-g00000001-0123abcd", {}),
        lambda client: LeaseDocument(client, client.location).prepare({}),
    ],
    ids=["notes", "lease"],
)
def test_a_cluster_that_makes_no_index_for_us_is_told(make: Any) -> None:
    full = failure("validation_exception", "maximum shards open", 400)
    missing = failure("index_not_found_exception", "no such index", 404)

    def answer(asked: Asked) -> Answer:
        if asked.method == "PUT":
            return Answer(400, full.encode())
        return Answer(404, missing.encode())

    with (
        standing_in(answer) as server,
        closing(client_of(HttpClient, server.location)) as client,
        pytest.raises(IndexWriteError, match=r"makes no new index .maximum shards open"),
    ):
        make(client)


def test_few_requests_wait_in_memory() -> None:
    """Whoever makes lines faster than the cluster takes them waits."""
    go_on = Event()

    def slow(_: Asked) -> Answer:
        go_on.wait(10)
        return Answer(200, b'{"errors": false}')

    made = 0

    def lines() -> Iterator[bytes]:
        nonlocal made
        for _ in range(100):
            made += 1
            yield b"1\n"

    with standing_in(slow) as server:
        thread = Thread(target=sent, args=(server, lines(), 2))
        thread.start()
        deadline = time.monotonic() + 5
        while len(server.asked) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)
        begun, waiting = len(server.asked), made
        go_on.set()
        thread.join()
        assert (begun, made, len(server.asked)) == (2, 100, 100)
    assert waiting <= 6


# With a real node.


@pytest.mark.opensearch
class TestNode:
    """A real node, as far as it can be brought into such a state."""

    def test_an_index_that_takes_no_writes_is_told(self, index: ClusterIndex) -> None:
        """As a disk that is nearly full makes it: readers go on."""
        fill(index.engine, [Article("a.md", "one")])
        for setting, words in (
            ("read_only_allow_delete", "disks are full"),
            ("read_only", "take the block off"),
        ):
            index.put(f"{index.name}-lease/_settings", {f"index.blocks.{setting}": True})
            with pytest.raises(IndexWriteError, match=words) as told:
                change(index.engine, [Article("b.md", "two")])
            assert "what is indexed is as it was" in str(told.value)
            index.put(f"{index.name}-lease/_settings", {f"index.blocks.{setting}": None})
            assert index.ids() == ["a.md"]
        assert change(index.engine, [Article("b.md", "two")]).documents == 2

    def test_a_full_disk_in_the_middle_leaves_all_as_it_was(self, index: ClusterIndex) -> None:
        fill(index.engine, [Article("a.md", "one")])
        before = index.indexes()

        def filling() -> Iterator[Article]:
            yield Article("b.md", "two")
            (draft,) = index.drafts()
            index.put(f"{draft}/_settings", {"index.blocks.read_only_allow_delete": True})
            yield Removal("a.md")  # type: ignore[misc] # a change

        with (
            index.engine.writing() as writer,
            pytest.raises(IndexWriteError, match="disks are full: free some space"),
            writer.change(filling()),
        ):
            raise AssertionError("it was written")
        assert index.indexes() == before
        assert index.ids() == ["a.md"]

    def test_all_of_it_goes_over_tls(
        self, index: ClusterIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(USER, "ann")
        monkeypatch.setenv(PASSWORD, SECRET)
        authority, context = certificate(tmp_path, "right")
        with tls_before(index.url.removeprefix("http://"), context) as port:
            place = f"opensearchs://{port}/{index.name}"
            engine = load(place, {"ca-certificate": str(authority), "replicas": 0})
            fill(engine, [Article("a.md", "one")])
            assert change(engine, [Article("b.md", "two")]).documents == 2
            with engine.open() as reader:
                assert reader.count([Count(tree.Term("two"))]) == (1,)
            with pytest.raises(EngineUnreachableError, match="is not to be trusted"):
                load(place).writing().__enter__()
        assert index.ids() == ["a.md", "b.md"]

    def test_an_article_that_no_server_takes_is_told(self, index: ClusterIndex) -> None:
        odd = Part(["a.md"], compressed(b'{"index":{"_id":"a.md"}}\n{"nosuch":1}\n'))
        with (
            index.engine.writing() as writer,
            pytest.raises(IndexWriteError, match=r"does not take an article .*\[nosuch\]"),
            writer.replace([odd], archive="/archive"),
        ):
            raise AssertionError("it was taken")
        assert index.indexes() == [f"{index.name}-lease"]

    def test_a_cluster_that_has_its_most_shards_is_told(self, index: ClusterIndex) -> None:
        fill(index.engine, [Article("a.md", "one")])
        engine = index.another(shards=1000, replicas=5)
        with pytest.raises(IndexWriteError, match=r"makes no new index.*as it was"):
            fill(engine, [Article("b.md", "two")])
        assert index.ids() == ["a.md"]

    def test_a_red_index_is_told(
        self, index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No node may have its shard: whoever reads or writes is told so."""
        fill(index.engine, [Article("a.md", "one")])
        red = index.make_red()
        monkeypatch.setattr(drafts, "_READY", 1)
        monkeypatch.setattr(sender, "_PATIENCE", 0.1)
        assert list(index.engine.check()) == [f"{red}: some of its shards are on no node that runs"]
        with index.engine.open() as reader, pytest.raises(EngineUnreachableError, match="shards"):
            list(reader.articles())
        with pytest.raises(EngineUnreachableError, match=r"some shards of .* on no node") as told:
            change(index.engine, [Article("b.md", "two")])
        assert "\n" not in str(told.value)
        # A rebuild needs none of it.
        assert fill(index.engine, [Article("b.md", "two")]).documents == 1
        assert index.ids() == ["b.md"]
