from __future__ import annotations

import os
from errno import EAGAIN
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.errors import ArticleError
from heatseek.ingest import file_stat
from heatseek.ingest.discover import ArticleFile, discover
from heatseek.ingest.file_stat import FileStat, digest_file
from heatseek.ingest.problem import Problem, RejectedError
from heatseek.ingest.reader import attempt, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.article import Article

GOOD = "---\ntitle: Good\n---\nBody\n"


def put(root: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (root / f"{name}.md").write_bytes(data)


def read(root: Path) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    return [article.id for article in articles_of(root, problems)], problems


def articles_of(root: Path, problems: list[Problem]) -> Iterator[Article]:
    for file in discover(root, problems.append):
        reading = attempt(file)
        problems += reading.problems
        if reading.article:
            yield reading.article


def test_articles_come_in_order_with_their_text(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    put(tmp_path, b=GOOD, a=GOOD)
    put(tmp_path / "sub", c=GOOD)
    problems: list[Problem] = []
    articles = list(articles_of(tmp_path, problems))
    assert problems == []
    assert [article.id for article in articles] == ["a.md", "b.md", "sub/c.md"]
    assert {(article.title, article.body) for article in articles} == {("Good", "Body")}


def test_ignored_values_come_in_the_order_of_lines(tmp_path: Path) -> None:
    put(tmp_path, a="---\nquality: high\ntitle: A\npublishedDateTime: soon\nheat: low\n---\n")
    problems: list[Problem] = []
    list(articles_of(tmp_path, problems))
    assert [problem.line for problem in problems] == [2, 4, 5]


def test_bad_files_are_reported_once_and_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_stat, "MAX_FILE_BYTES", 2 * 1024 * 1024)
    put(
        tmp_path,
        good=GOOD,
        image=b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        large="x" * (2 * 1024 * 1024 + 1),
        old=b"caf\xe9\0",
        wide=b"\xff\xfe\x00\xd8x",
    )
    ids, problems = read(tmp_path)
    assert ids == ["good.md"]
    assert [(str(problem), problem.kind) for problem in problems] == [
        ("image.md: no text: it has binary data", "binary"),
        ("large.md: larger than 2 MiB", "too-large"),
        ("old.md: no text: it has binary data", "binary"),
        ("wide.md: no text: broken UTF-16", "encoding"),
    ]
    assert all(problem.fatal for problem in problems)


def test_a_broken_header_costs_neither_the_rest_of_it_nor_the_body(tmp_path: Path) -> None:
    put(
        tmp_path,
        closed="---\ntitle: X\n\nBody",
        deep="---\ntitle: X\na: " + "[" * 500 + "\n---\nBody",
        syntax="---\nquality: 7\ntitle: X: Y\n---\nBody",
        tags="---\ntitle: X\na: !t b\nb: &c [*c]\n---\nBody",
    )
    problems: list[Problem] = []
    articles = list(articles_of(tmp_path, problems))
    assert [(article.title, article.body) for article in articles] == [
        *(("X", "Body"), ("X", "Body"), ("X: Y", "Body"), ("X", "Body")),
    ]
    assert articles[2].quality == 7
    assert [(str(problem), problem.kind) for problem in problems] == [
        (
            "closed.md:1: front matter is never closed: a second `---` is missing;"
            " read down to the first blank line",
            "unclosed",
        ),
        (
            "deep.md:3:103: nested deeper than 100 levels, or an alias contains itself",
            "too-deep",
        ),
        (
            "syntax.md:3:9: a text with `: ` in it needs quotes:"
            " read as the text that stands there",
            "syntax",
        ),
        (
            "tags.md:3:4: tags (`!...`) are not supported: read as the text that stands there",
            "syntax",
        ),
        (
            "tags.md:4:4: nested deeper than 100 levels, or an alias contains itself:"
            " this key is left out",
            "too-deep",
        ),
    ]
    assert not any(problem.fatal or problem.is_note for problem in problems)


@pytest.mark.parametrize(
    ("data", "body", "said"),
    [
        ("Zürich ist schön".encode("utf-16"), "Zürich ist schön", "read as UTF-16"),
        ("Zürich ist schön".encode("latin-1"), "Zürich ist schön", "read as Windows-1252"),
        ("“Zürich”".encode("cp1252"), "“Zürich”", "read as Windows-1252"),
        ("Zürich ".encode() * 3 + b"\xfc", "Zürich Zürich Zürich \ufffd", "not valid UTF-8"),
    ],
)
def test_text_that_is_not_utf_8_is_read_and_told(
    data: bytes, body: str, said: str, tmp_path: Path
) -> None:
    put(tmp_path, a="---\ntitle: T\n---\n".encode("utf-16" if b"\0" in data else "ascii") + data)
    article, problems = read_file(tmp_path / "a.md", "a.md")
    assert (article.title, article.body.lstrip("\ufeff")) == ("T", body)
    (problem,) = problems
    assert said in problem.reason
    assert problem.reason.endswith("save it as UTF-8")
    assert (problem.kind, problem.fatal) == ("encoding", False)


def test_a_large_file_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    put(tmp_path, a=b"---\ntitle: T\n---\n" + b"na\xefve " * 1_000_000)
    article, problems = read_file(tmp_path / "a.md", "a.md")
    assert article.body.startswith("naïve naïve")
    assert {problem.kind for problem in problems} == {"encoding", "value"}


def test_bad_values_are_reported_with_their_line(tmp_path: Path) -> None:
    put(
        tmp_path,
        a="---\nquality: 1\nrelated:\n  - quality: x\ntitle: T\nquality: x\n---\n"
        + "bbbb " * 300_000,
    )
    ids, problems = read(tmp_path)
    assert ids == ["a.md"]
    assert {str(problem) for problem in problems} == {
        "a.md:3: related entry 1 was left out: it has no title",
        "a.md:6: quality is not a number",
        "a.md:8: body was cut to 1,000,000 characters",
    }
    assert {(problem.kind, problem.fatal) for problem in problems} == {("value", False)}


def test_files_that_went_away_are_reported(tmp_path: Path) -> None:
    put(tmp_path, a=GOOD, b=GOOD, c=GOOD)
    problems: list[Problem] = []
    articles = articles_of(tmp_path, problems)
    assert next(articles).id == "a.md"
    (tmp_path / "b.md").unlink()
    assert [article.id for article in articles] == ["c.md"]
    assert [str(p) for p in problems] == ["b.md: cannot be read: no such file or directory"]


def test_unreadable_files_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a=GOOD, b=GOOD)
    open_ = os.open

    def refuse(path: str, flags: int) -> int:
        if Path(path).name == "a.md":
            raise PermissionError(13, "Permission denied", path)
        return open_(path, flags)

    monkeypatch.setattr(os, "open", refuse)
    ids, problems = read(tmp_path)
    assert ids == ["b.md"]
    assert [str(p) for p in problems] == ["a.md: cannot be read: permission denied"]


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(ArticleError, match="not a regular file"):
        read_file(tmp_path / "a.md", "a.md")


def test_a_reading_knows_the_file_it_is_of(tmp_path: Path) -> None:
    put(tmp_path, good=GOOD, bad=b"\0", empty="")
    for name in ("good.md", "bad.md", "empty.md"):
        file = ArticleFile(name, tmp_path)
        reading = attempt(file)
        status = file.path.stat()
        expected = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        assert (reading.file, reading.stat) == (file, FileStat(*expected))
        assert (reading.stat, reading.digest) == digest_file(file.path)
        assert len(reading.digest) == 16
    gone = attempt(ArticleFile("gone.md", tmp_path))
    assert (gone.stat, gone.digest, gone.problems[0].fatal) == (None, b"", True)
    with pytest.raises(RejectedError, match="cannot be read"):
        digest_file(tmp_path / "gone.md")


def test_digests_tell_contents_apart(tmp_path: Path) -> None:
    put(tmp_path, a=GOOD, b=GOOD, c=GOOD.replace("Good", "Gook"))
    digests = [digest_file(tmp_path / f"{name}.md")[1] for name in "abc"]
    assert digests[0] == digests[1] != digests[2]


def test_files_may_be_longer_than_they_said() -> None:
    proc = Path("/proc/self/status")
    if not proc.exists():
        pytest.skip("no file here that says 0 bytes and has more")
    assert proc.stat().st_size == 0
    article, _ = read_file(proc, "status")
    assert "VmSize" in article.body


RELATED = """related:
  - title: R
    webUrl: http://x.y
    quality: {}
  - none
"""


def test_entries_that_files_share_are_read_once_and_told_of_each_time(tmp_path: Path) -> None:
    shared = RELATED.format("x")
    shorter = shared.replace("  - none\n", "")
    longer = shared.replace("related:", "related:\n  - none")
    put(
        tmp_path,
        a=f"---\ntitle: A\n{shared}---\n",
        b=f"---\ntitle: B\n{shorter}---\n",
        c=f"---\ntitle: C\n{longer}---\n",
    )
    readings = [attempt(ArticleFile(f"{n}.md", tmp_path)) for n in "abc"]
    mentions = [reading.article.related[0] for reading in readings if reading.article]
    assert mentions[0] is mentions[1] is mentions[2]
    assert [[str(problem) for problem in reading.problems] for reading in readings] == [
        [
            "a.md:3: related entry 1: quality is not a number",
            "a.md:3: related entry 2 is not a mapping",
        ],
        ["b.md:3: related entry 1: quality is not a number"],
        [
            "c.md:3: related entry 1 is not a mapping",
            "c.md:3: related entry 2: quality is not a number",
            "c.md:3: related entry 3 is not a mapping",
        ],
    ]


@settings(max_examples=50)
@given(
    st.sampled_from(
        [
            "---\ntitle: T\n{}\n---\n",
            "---\n{}\ntitle: T\n---\n",
            '---\ntitle: "T\n{}\n---\n',
            "---\ntitle: T\nrelated:\n  - title: R\n    webUrl: http://x.y\n    {}\n---\n",
            "+++\ntitle = 'T'\n{}\n+++\n",
            '{{"title": "T",\n{}}}',
            "{}",
        ]
    ),
    st.sampled_from(
        [
            'secured: "SEKRET"',
            "secured: SEKRET: SEKRET",
            "secured: !SEKRET SEKRET",
            "secured: *SEKRET",
            "secured: &SEKRET [SEKRET",
            "secured: %SEKRET",
            'secured: "\\SEKRET"',
            "secured = SEKRET",
            'secured = "SEKRET',
            '"secured": "SEKRET"',
            '"secured": SEKRET',
        ]
    ),
)
def test_secured_never_comes_out(
    tmp_path_factory: pytest.TempPathFactory, frame: str, line: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "secured.md"
    path.write_text(frame.format(line))
    reading = attempt(ArticleFile("secured.md", path.parent))
    assert "SEKRET" not in str(reading)
    assert "SEKRET" not in " ".join(map(str, reading.problems))


def test_decomposed_text_becomes_composed(tmp_path: Path) -> None:
    put(
        tmp_path,
        a="---\ntitle: Zu\u0308rich\ntopics: [cafe\u0301]\nexcerpt: 'u&#x308;'\n"
        "webUrl: http://a.example/u\u0308\nrelated:\n"
        "  - {title: o\u0308l, webUrl: 'http://b.example'}\n---\nA *body* in Zu\u0308rich",
        b='{"title": "u\\u0308"}',
    )
    article, _ = read_file(tmp_path / "a.md", "a.md")
    assert (article.title, article.topics, article.excerpt) == ("Zürich", ("café",), "ü")
    assert (article.body, article.related[0].title) == ("A body in Zürich", "öl")
    assert article.url == "http://a.example/u\u0308"  # another link to a server
    assert read_file(tmp_path / "b.md", "b.md")[0].title == "ü"


def test_a_file_that_would_make_its_reader_wait_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, a=GOOD, b=GOOD)
    read_some, waiting = os.read, iter([True])

    def first_waits(file: int, size: int) -> bytes:
        if next(waiting, False):
            raise BlockingIOError(EAGAIN, "Resource temporarily unavailable")
        return read_some(file, size)

    monkeypatch.setattr(os, "read", first_waits)
    ids, problems = read(tmp_path)
    assert ids == ["b.md"]
    assert [str(problem) for problem in problems] == ["a.md: cannot be read: it has no content yet"]


def test_a_path_that_is_none_is_unreadable(tmp_path: Path) -> None:
    reading = attempt(ArticleFile("a\0.md", tmp_path))
    assert [problem.kind for problem in reading.problems] == ["unreadable"]


@pytest.mark.parametrize(
    ("body", "kept", "reason"),
    [
        ("字" * 400_000, 250_000, "250,000 words"),
        ("ab " * 300_000, 3 * 250_000 - 1, "250,000 words"),
        ("a-" * 400_000, 2 * 250_000, "250,000 words"),
        (
            " ".join(f"w{number:05}" for number in range(60_000)),
            7 * 30_000 - 1,
            "30,000 different words",
        ),
    ],
)
def test_a_body_is_cut_where_it_has_too_many_words(
    tmp_path: Path, body: str, kept: int, reason: str
) -> None:
    put(tmp_path, a=GOOD.replace("Body\n", body))
    article, problems = read_file(tmp_path / "a.md", "a.md")
    assert article.body == body[: len(article.body)]
    assert len(article.body) == kept
    told = f"body was cut to {kept:,} characters: it has more than {reason}"
    assert [problem.reason for problem in problems] == [told]
