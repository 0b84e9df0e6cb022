"""`heatseek serve`: a real process, asked over its socket."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import socket
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

import heatseek
from cli_runs import make_archive, run
from heatseek.web.sanitising import web_link
from heatseek.web.security import LOOPBACK
from heatseek.web.server import hosts
from servers import Server, serving
from wire_types import flaws, wire_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - of this test
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = """\
---
title: "</title><script src=//evil.example></script> \\u202Eabc"
excerpt: "<img src=x onerror=canary()> climate"
topics: ["<b onclick=canary()>topic", "\\"><script>canary()</script>"]
provider: {name: "<svg onload=canary()>"}
webUrl: "javascript:canary()"
featuredImage: "javascript:canary()"
image: "javascript:canary()"
publishedDateTime: 2022-02-02
secured: {key: s3cr3t-value}
related: [{title: ClimaX, webUrl: "https://infoq.com/climax"}]
---
# <script>canary()</script>

<iframe src="https://evil.example"></iframe> <form action="https://evil.example"><input></form>
<a href="javascript:canary()" onclick="canary()" style="position:fixed">here</a>

[click](javascript:canary()) [web](https://good.example/page) [own](../../etc/passwd) [old](ftp://e)
[near](sub/solar.md#x)
![seen](data:image/svg+xml,<svg/onload=canary()>) ![photo](https://good.example/a.png)

<svg><script>canary()</script></svg> <math><mtext></mtext></math> <style>body{display:none}</style>
<object data="x"></object> <meta http-equiv="refresh" content="0;url=//e"> <base href="//e">
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    make_archive(folder)
    (folder / "seeds/evil.md").write_text(HOSTILE)
    (folder / "private.md").write_text("# Not of the archive\n")
    (folder / "token").write_text(f"{TOKEN}\n")
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home) as started:
        yield started


@pytest.fixture(scope="module")
def guarded(home: Path) -> Iterator[Server]:
    """One that wants a token, goes by a name of its own and ends slow requests."""
    options = ("--token-file", "token", "--allow-host", "Find.example", "--log-queries")
    with serving(home, *options, "--time-limit", "3") as started:
        yield started


def test_a_page_of_hits(server: Server) -> None:
    page = server.get("/?q=weather&topic=AI&after=&sort=")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<mark>weather</mark>" in page.text
    assert 'name="topic" value="AI" checked' in page.text


def test_a_page_says_what_is_wrong(server: Server) -> None:
    page = server.get("/?after=someday&q=%3Cb%3E")
    assert page.status == 400
    assert "after someday: not a date" in page.text
    assert 'value="&lt;b&gt;"' in page.text


def test_an_article(server: Server) -> None:
    page = server.get("/a/climax.md")
    assert page.status == 200
    assert "ClimaX forecasts the weather" in page.text
    assert 'href="/a/https://crn.com/layoffs"' in page.text
    assert page.text.index("Mentioned by") < page.text.index('href="/a/evil.md"')
    assert "mentioned" in server.get("/a/https://crn.com/layoffs").text
    assert "ClimaX forecasts" in server.get("/a/https://infoq.com/climax").text
    assert server.get("/a/https://infoq.com/other").status == 404
    one, other = (f"/api/similar/{name}" for name in ("climax.md", "https://infoq.com/climax"))
    assert server.get(one).json["hits"] == server.get(other).json["hits"]
    assert server.get("/a/climax.md.json").json == server.get("/api/articles/climax.md").json
    assert server.get("/a/none.md").status == 404
    assert server.get("/api/articles/").json["detail"] == "'': no such article"


def test_statistics(server: Server) -> None:
    page = server.get("/stats").text
    assert re.search(
        r'href="/\?topic=AI"><bdi>AI</bdi></a></th><td>1</td>.*<td>56</td><td>76<', page
    )
    assert '<th scope="row">2023-03</th><td>1</td>' in page


def test_an_article_knows_the_search_that_led_to_it(server: Server) -> None:
    hits = server.get("/api/search?q=climate&limit=2").json
    ids = [hit["id"] for hit in hits["hits"]]
    page = server.get(f"/a/{ids[1]}?q=climate&limit=2&hit=2").text
    assert f'rel="prev" href="/a/{ids[0]}?q=climate&amp;limit=2&amp;hit=1"' in page
    assert '<a href="/?q=climate&amp;limit=2">' in page
    assert f"Hit 2 of {hits['total']}<" in page
    assert "&amp;hit=3" in page
    assert "Hit 1 of" not in server.get(f"/a/{ids[1]}?q=climate&limit=2&hit=1").text
    assert f'href="/a/{ids[1]}?q=climate&amp;hit=2"' in server.get("/?q=climate").text
    assert server.get(f"/a/{ids[1]}?toppic=AI").status == 400


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("/api/articles/climax.md", "heatseek show climax.md --json"),
        ("/api/facets/topic?prefix=MACH", "heatseek topics MACH --json"),
        ("/api/facets/provider?sort=name&limit=1", "heatseek providers --sort name -n 1 --json"),
        ("/stats.json", "heatseek stats --json"),
        ("/api/doctor", "heatseek doctor --json"),
        ("/search.csv?q=climate&safe-csv=1", "search climate --safe-csv"),
        ("/search.jsonl?q=weather", "search weather --format jsonl"),
        ("/api/similar/reef.md?limit=2", "search --similar seeds/reef.md -n 2 --json"),
    ],
)
def test_documents_are_those_of_the_command_line(
    target: str, line: str, home: Path, server: Server
) -> None:
    answer, expected = server.get(target), run(*line.split(), cwd=home).out
    assert answer.status == 200
    if expected.startswith("{\n"):
        one, other = answer.json, json.loads(expected)
        assert {**one, "took_ms": 0} == {**other, "took_ms": 0}
    else:
        assert answer.text == expected


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("SuggestionsDocument", "/api/suggest?q=deep+lear"),
        ("StatusDocument", "/api/status"),
        ("ProblemDocument", "/api/search?toppic=AI"),
        ("ProblemDocument", "/no/such/page"),
        ("ProblemDocument", "/api/articles/a%0Ab"),
    ],
)
def test_a_document_is_of_its_type(kind: str, target: str, server: Server) -> None:
    named = wire_types()
    assert flaws(server.get(target).json, named[kind], named) == []


def test_suggestions(server: Server) -> None:
    assert server.get("/api/suggest?q=some+loudsp").json["words"] == ["loudspeakers"]
    assert server.get("/api/suggest?q=MACH").json["topics"] == [
        {"value": "Machine Learning", "count": 1}
    ]
    assert server.get("/api/suggest?q=").json["words"] == []


@pytest.mark.parametrize(
    ("target", "code", "parameter", "position", "suggestion"),
    [
        ("/api/search?toppic=AI", "parameter", "toppic", None, "topic"),
        ("/api/search?sort=dat", "value", "sort", None, "date"),
        ("/api/search?q=a&q=b", "request", None, None, None),
        ("/api/search?page=2&offset=1", "request", None, None, None),
        ("/api/search?page=0", "value", "page", None, None),
        ("/api/search?limit=1001", "value", "limit", None, None),
        ("/api/search?explain=perhaps", "value", "explain", None, None),
        ("/api/search?published=1&unpublished=1", "request", None, None, None),
        ("/api/search?similar=climax.md&q=sea", "request", None, None, None),
        ("/api/search?similar=none.md", "value", "similar", None, None),
        ("/api/facets/topics", "value", "facet", None, "topic"),
        ("/api/status?verbose", "parameter", "verbose", None, None),
        ("/api/search?q=quality:%3Ex", "query", "q", 8, "write quality:50, >50 or 20..80"),
    ],
)  # fmt: skip
def test_problems(
    target: str,
    code: str,
    parameter: str | None,
    position: int | None,
    suggestion: str | None,
    server: Server,
) -> None:
    answer = server.get(target)
    told = answer.json
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status, told["status"]) == (400, 400)
    assert (told["code"], told["parameter"]) == (code, parameter)
    assert (told["position"], told["suggestion"]) == (position, suggestion)


def test_pages_are_linked(server: Server) -> None:
    first = server.get("/api/search?q=climate&limit=1")
    assert first.headers["link"] == '</api/search?q=climate&limit=1&page=2>; rel="next"'
    second = server.get("/api/search?q=climate&limit=1&page=2")
    assert '</api/search?q=climate&limit=1>; rel="prev"' in second.headers["link"]
    last = server.get(f"/api/search?q=climate&limit=1&page={first.json['total']}")
    assert last.headers["link"].count("rel=") == 1
    assert [page.json["hits"][0]["rank"] for page in (first, second)] == [1, 2]
    ids, target = [], "/api/search?limit=2&offset=1"
    while target:
        page = server.get(target)
        ids += [hit["id"] for hit in page.json["hits"]]
        following = page.headers.get("link", "").rpartition('rel="next"')[0]
        target = following.rpartition("<")[2].rpartition(">")[0]
    everything = server.get("/api/search?limit=100").json["hits"]
    assert ids == [hit["id"] for hit in everything[1:]]


def test_nothing_new_is_not_sent_again(server: Server) -> None:
    first = server.get("/api/search?q=climate")
    again = server.get("/api/search?q=climate", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert server.get("/api/search?q=sea", if_none_match=first.headers["etag"]).status == 200
    article = server.get("/a/climax.md").headers["etag"]
    assert server.get("/a/climax.md", if_none_match=article).status == 304
    assert "etag" not in server.get("/api/search?sort=dat").headers


def test_head_has_no_body(server: Server) -> None:
    whole, head = server.get("/?q=sea"), server.get("/?q=sea", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]


def test_a_feed(server: Server) -> None:
    feed = ET.fromstring(server.get("/feed.atom?q=climate&limit=2").text)  # noqa: S314 - ours
    entries = feed.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}updated", "")[:4] for e in entries] == ["2024", "2023"]
    assert entries[1].find(f"{ATOM}link").attrib["href"] == "https://infoq.com/climax"  # type: ignore[union-attr]
    links = [each.attrib["href"] for each in feed.findall(f"{ATOM}link")]
    assert links == [f"{server.address}{part}q=climate&limit=2" for part in ("feed.atom?", "?")]


def test_compressed(server: Server) -> None:
    plain = server.get("/?q=sea")
    packed = server.get("/?q=sea", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    for refused in ("gzip;q=0", "br, gzip; q=0.0", "x-gzip, identity"):
        assert "content-encoding" not in server.get("/?q=sea", accept_encoding=refused).headers
    assert "content-encoding" in server.get("/?q=sea", accept_encoding="br, GZIP;q=0.5").headers


# Nobody in who should not be.


@pytest.mark.parametrize(
    ("status", "code", "headers"),
    [
        (421, "host", {"host": "evil.example"}),
        (421, "host", {"host": "localhost.evil.example:80"}),
        (421, "host", {"host": ""}),
        (403, "origin", {"origin": "https://evil.example"}),
        (403, "origin", {"origin": "null"}),
        (403, "origin", {"origin": "http://127.0.0.1:1"}),
        (403, "origin", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}),
        (403, "origin", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate",
                         "sec_fetch_dest": "iframe"}),
        (400, "request", {"content_length": "3"}),
    ],
)  # fmt: skip
def test_who_is_refused(status: int, code: str, headers: dict[str, str], server: Server) -> None:
    answer = server.get("/api/search?q=climate", **headers)
    assert (answer.status, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "localhost:9"},
        {"host": "LOCALHOST."},
        {"host": "[::1]:80"},
        {
            "sec_fetch_site": "cross-site",
            "sec_fetch_mode": "navigate",
            "sec_fetch_dest": "document",
        },
        {"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"},
    ],
)
def test_who_is_let_in(headers: dict[str, str], server: Server) -> None:
    assert server.get("/api/search?q=climate", **headers).status == 200
    own = server.address.rstrip("/")
    assert server.get("/healthz", origin=own).status == 200


@pytest.mark.parametrize("method", "POST PUT PATCH DELETE OPTIONS TRACE PROPFIND".split())
def test_nothing_can_be_changed(method: str, server: Server) -> None:
    answer = server.get("/api/search?q=climate", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_long_addresses(server: Server) -> None:
    assert server.get("/?q=" + "a" * 9_000).status == 414
    assert server.get("/?" + "&".join("topic=a" for _ in range(300))).status == 400


@pytest.mark.parametrize("target", ["/", "/a/evil.md", "/api/search", "/static/heatseek.css", "/x"])
def test_what_a_browser_is_told(target: str, server: Server) -> None:
    told = server.get(target).headers
    policy = told["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "set-cookie" not in told
    assert "server" not in told


@pytest.mark.parametrize(
    "target", ["/", "/?q=climate&explain", "/a/evil.md", "/stats", "/?q=canary"]
)
def test_a_hostile_archive_is_harmless(target: str, server: Server) -> None:
    page = server.get(target).text
    lowered = page.lower()
    for sign in ("<iframe", "<form action", "<style", "<object", "<math", "<meta http", "<base",
                 "<foreignobject", "<use", "<animate", "\u202e"):  # fmt: skip
        assert sign not in lowered, sign
    elements = [part.partition(">")[0].lower() for part in page.split("<")[1:]]
    scripts = [each for each in elements if each.startswith("script")]
    (script,) = scripts
    assert re.fullmatch(r'script type="module" src="/static/heatseek\.js\?\w+"', script)
    wrong = re.compile(r"""[\s"'/]on\w+\s*=|javascript:|data:|ftp:|style=|srcset""")
    assert [each for each in elements if wrong.search(each)] == []
    assert "s3cr3t" not in page


def test_links_lead_to_the_web() -> None:
    assert web_link("HTTPS://good.example/a?b#c") == "HTTPS://good.example/a?b#c"
    for wrong in ("javascript:x", " https://a", "https://a b", "//evil.example", "/a", "", None):
        assert web_link(wrong) is None


def test_what_an_article_shows_is_kept(server: Server) -> None:
    page = server.get("/a/evil.md").text
    assert '<a href="https://good.example/page" rel="noopener noreferrer nofollow">web</a>' in page
    assert 'src="https://good.example/a.png"' in page
    assert "passwd" not in page
    assert '<a href="/a/sub/solar.md"' in page
    assert "s3cr3t" not in server.get("/api/articles/evil.md").text


@pytest.mark.parametrize(
    "name",
    ["../private.md", "%2e%2e/private.md", "sub/../../private.md", "sub%2F..%2F..%2Fprivate.md",
     "/etc/passwd", "%00", "a" * 5000, "./climax.md", "private.md%00.md"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["/a/", "/api/articles/", "/api/similar/"])
def test_no_id_leads_out_of_the_archive(name: str, place: str, server: Server) -> None:
    answer = server.get(f"{place}{name}")
    assert answer.status == 404
    assert b"Not of the archive" not in answer.body


@pytest.mark.parametrize("name", ["app.py", "..%2Fapp.py", "../app.py", "", "%00"])
def test_no_other_file_is_served(name: str, server: Server) -> None:
    assert server.get(f"/static/{name}").status == 404


def test_a_token(guarded: Server) -> None:
    def status(kind: str, value: str) -> int:
        return guarded.get("/api/search", authorization=f"{kind} {value}").status

    basic = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    assert (status("Bearer", TOKEN), status("bearer", TOKEN), status("Basic", basic)) == (200,) * 3
    for kind, value in (("Bearer", TOKEN[:-1]), ("Bearer", ""), ("Basic", TOKEN), ("Basic", "é"),
                        ("Digest", TOKEN), ("Bearer", f"{TOKEN}x")):  # fmt: skip
        assert status(kind, value.encode().decode("latin-1")) == 401
    refused = guarded.get("/")
    assert (refused.status, refused.json["code"]) == (401, "token")
    assert "Basic" in refused.headers["www-authenticate"]
    assert guarded.get("/healthz").status == 200


def test_further_names(guarded: Server, server: Server) -> None:
    for host, status in (("find.example", 200), ("other.example", 421)):
        given = {"host": host, "authorization": f"Bearer {TOKEN}"}
        assert guarded.get("/api/search", **given).status == status
    assert server.get("/api/search", host="find.example").status == 421
    assert hosts("0.0.0.0", ["A.example"]) == hosts("a.example", []) == LOOPBACK | {"a.example"}  # noqa: S104 - a name, not bound


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something holds within half a minute."""
    ends = time.monotonic() + 30
    while not holds() and time.monotonic() < ends:
        time.sleep(0.02)
    return holds()


def is_logged(server: Server, line: str) -> bool:
    """Whether a line is written soon: an answer is there before it."""
    return soon(lambda: line in server.log)


def test_the_log(guarded: Server, server: Server) -> None:
    server.get("/api/search?q=very+private&topic=AI")
    guarded.get("/api/search?q=very+public")
    server.get("/a/%1b%5B2Jx%0Ay")
    assert is_logged(server, " 127.0.0.1 GET /api/search?q&topic 200 ")
    assert "very" not in server.log
    assert is_logged(guarded, " GET /api/search?q=very+public 401 ")
    assert "\x1b" not in server.log
    assert all(line.count("GET") <= 1 for line in server.log.splitlines())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--host", "203.0.113.1"],
            "--host 203.0.113.1: others may come; name by",
        ),
        (["--allow-host", "http://a.example/"], "--allow-host http://a.example/: must be a name"),
        (["--allow-host", "a.example:80"], "--allow-host a.example:80: must be a name alone, as"),
        (["--allow-host", ""], "--allow-host '': must be a name alone, as in search.lan"),
        (["--port", "99999"], "--port 99999: must be a whole number from 0 to 65,535"),
        (["--token-file", "none"], "--token-file none: cannot be read: no such file or directory"),
        (["--token-file", "heatseek.log"], "--token-file heatseek.log: must hold one word"),
        (["--index", "nowhere", "--archive", "none"], "no index in nowhere yet, and no folder"),
    ],
)
def test_what_makes_no_sense_is_one_line(options: list[str], message: str, home: Path) -> None:
    (home / "heatseek.log").write_text("short")
    ran = run("heatseek", "serve", *options, cwd=home)
    assert ran.code in {2, 3}
    assert ran.err.startswith(f"serve: {message}")
    assert ran.err.count("\n") == 1


def test_a_port_that_is_taken(home: Path, server: Server) -> None:
    ran = run("heatseek", "serve", "--port", str(server.port), cwd=home)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "address already in use; try another --port" in ran.err


# Served well.


def test_a_newer_generation_answers_and_the_end_is_quiet(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    with serving(tmp_path, "--watch", "--readers", "2") as server:
        before = server.get("/api/search?q=newcomer")
        (tmp_path / "seeds/new.md").write_text("# A newcomer\n")
        assert soon(lambda: server.get("/api/search?q=newcomer").json["total"] > 0)
        changed = server.get("/api/search?q=newcomer", if_none_match=before.headers["etag"])
        assert changed.status == 200
        assert server.stop() == 0
    assert "Traceback" not in server.log


def readers(server: Server) -> list[int]:
    """The processes that answer."""
    children = f"/proc/{server.process.pid}/task/{server.process.pid}/children"
    with open(children) as names:  # noqa: PTH123 - of the kernel
        return [int(each) for each in names.read().split()]


def reader_of(server: Server) -> int:
    """The one that answers; another that has ended may be there a little longer."""
    assert soon(lambda: len(readers(server)) == 1)
    return readers(server)[0]


def is_running(process: int) -> bool:
    return os.path.exists(f"/proc/{process}")  # noqa: PTH110


def pass_on(server: Server) -> None:
    """Wait until what was sent before is with a reader, or waits for one: all is taken in turn."""
    assert server.get("/healthz").status == 200


def is_refused(server: Server) -> bool:
    """Whether it takes no connection any more."""
    try:
        socket.create_connection(("127.0.0.1", server.port)).close()
    except ConnectionRefusedError:
        return True
    return False


needs_proc = pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="no /proc")  # noqa: PTH110


@needs_proc
def test_a_slow_request_is_ended_and_a_dead_reader_replaced(guarded: Server) -> None:
    allowed = {"authorization": f"Bearer {TOKEN}"}
    reader = reader_of(guarded)
    tag = guarded.get("/api/search?q=sea", **allowed).headers["etag"]
    os.kill(reader, signal.SIGSTOP)
    assert guarded.get("/api/search?q=sea", if_none_match=tag, **allowed).status == 304
    told = guarded.get("/api/search", **allowed)
    assert (told.status, told.json["code"]) == (503, "time")
    assert guarded.get("/api/search", **allowed).status == 200
    other = reader_of(guarded)
    assert other != reader
    os.kill(other, signal.SIGSTOP)
    with socket.create_connection(("127.0.0.1", guarded.port)) as asking:
        asking.sendall(b"GET /api/search HTTP/1.1\r\nHost: localhost\r\n")
        asking.sendall(f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())
        pass_on(guarded)
        os.kill(other, signal.SIGKILL)
        assert asking.recv(20).startswith(b"HTTP/1.1 500")
    assert guarded.get("/api/search", **allowed).status == 200


@needs_proc
def test_what_runs_is_finished(home: Path) -> None:
    with serving(home) as server:
        reader = reader_of(server)
        os.kill(reader, signal.SIGSTOP)
        with socket.create_connection(("127.0.0.1", server.port)) as asking:
            asking.sendall(b"GET /api/search?q=sea HTTP/1.1\r\nHost: localhost\r\n\r\n")
            pass_on(server)
            server.process.send_signal(signal.SIGTERM)
            assert soon(lambda: is_refused(server))
            # A service manager tells all processes; readers leave it to the listener.
            os.kill(reader, signal.SIGTERM)
            os.kill(reader, signal.SIGCONT)
            assert asking.recv(20).startswith(b"HTTP/1.1 200")
        assert server.process.wait(timeout=30) == 0
        assert soon(lambda: not is_running(reader))


@needs_proc
def test_what_nobody_waits_for_is_not_answered(server: Server) -> None:
    reader = reader_of(server)
    os.kill(reader, signal.SIGSTOP)
    head = "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as first:
        first.sendall(head.format("/api/search").encode())
        pass_on(server)
        with socket.create_connection(("127.0.0.1", server.port)) as second:
            second.sendall(head.format("/api/facets/topic").encode())
            pass_on(server)
        pass_on(server)
        os.kill(reader, signal.SIGCONT)
        assert first.recv(20).startswith(b"HTTP/1.1 200")
    assert is_logged(server, " GET /api/facets/topic 499 ")


# From here on the servers of this file are ended.


def test_ctrl_c(guarded: Server) -> None:
    assert guarded.stop(signal.SIGINT) == 130
    assert "Traceback" not in guarded.log


@needs_proc
def test_readers_end_with_a_server_that_is_killed(server: Server) -> None:
    reader = reader_of(server)
    server.process.kill()
    assert soon(lambda: not is_running(reader))
