"""What the lint finds, kind by kind, and that it harms nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from heatseek.config import load
from heatseek.conventions import Conventions
from heatseek.errors import ArchiveError
from heatseek.lint import Finding, Level, lint
from heatseek.lint.keys import MOST_KEYS, MOST_SEARCHED

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 1, 1, tzinfo=UTC)
WHOLE = {
    "title": "Solar power at sea",
    "excerpt": "Some words.",
    "topics": "[Energy]",
    "provider": "{name: Tide}",
    "publishedDateTime": "2023-05-01",
    "webUrl": "https://example.com/solar",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def write(root: Path, name: str = "a.md", without: tuple[str, ...] = (), **keys: str) -> None:
    """A file in which nothing is wrong, but for `keys`."""
    found = {"webUrl": f"https://example.com/{name}", "title": f"On {name}"} | keys
    lines = [f"{key}: {value}" for key, value in (WHOLE | found).items() if key not in without]
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("\n".join(["---", *lines, "---", ""]), "utf-8")


def found(root: Path, **options: object) -> list[tuple[str, str, str]]:
    return [(f.place, f"{f.level}", f"{f.kind}") for f in findings(root, **options)]


def findings(root: Path, **options: object) -> list[Finding]:
    return lint(root, NOW, **options).findings  # type: ignore[arg-type]


def test_nothing_is_wrong(root: Path) -> None:
    write(root)
    write(root, "deep/b.md")
    assert lint(root, NOW) == (2, [], [])


def test_files_that_are_no_articles_and_those_that_are_one_all_the_same(root: Path) -> None:
    write(root)
    (root / "binary.md").write_bytes(b"\0\1")
    (root / "broken.md").write_text("---\ntitle: a: b\n---\n")
    (root / "empty.md").write_text("")
    (root / "plain.md").write_text("words\n")
    (root / "untitled.md").write_text("---\nexcerpt: words\n---\n# Heading")
    told = [one for one in found(root) if not one[2].startswith("missing")]
    assert told == [
        ("binary.md", "error", "binary"),
        ("broken.md:2:9", "warning", "syntax"),
        ("empty.md:1", "note", "empty"),
        ("plain.md:1", "note", "no-title"),
        ("untitled.md:1", "note", "no-title"),
    ]


def test_values_that_are_ignored(root: Path) -> None:
    write(root, quality="high")
    assert found(root) == [("a.md:8", "warning", "value")]


@pytest.mark.parametrize(
    ("key", "level", "kind"),
    [
        ("publishedDateTime", "warning", "missing-date"),
        ("excerpt", "note", "missing-excerpt"),
        ("topics", "note", "missing-topics"),
        ("provider", "note", "missing-provider"),
        ("webUrl", "note", "missing-url"),
    ],
)
def test_what_is_missing(root: Path, key: str, level: str, kind: str) -> None:
    write(root, without=(key,))
    assert found(root) == [("a.md:1", level, kind)]


def test_a_name_stands_for_a_title_and_a_bio_for_an_excerpt(root: Path) -> None:
    write(root, without=("title", "excerpt"), name="Ada", bio="Words.")
    assert found(root) == []


def test_ciphertext_is_no_key_that_somebody_forgot(root: Path) -> None:
    write(root, secured="x")
    assert lint(root, NOW) == (1, [], [])


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("published_date_time", "publishedDateTime"),
        ("Topic", "topics"),
        ("excerp", "excerpt"),
        ("WEB_URL", "webUrl"),
        ("qualiti", "quality"),
    ],
)
def test_keys_that_are_nearly_right(root: Path, key: str, meant: str) -> None:
    write(root, without=(meant,), **{key: "x"})
    wrong = [f for f in findings(root) if f.kind == "wrong-key"]
    assert [(f.level, f.message) for f in wrong] == [
        (Level.WARNING, f"{key} is not used: did you mean {meant}?")
    ]


@pytest.mark.parametrize("key", ["Tags", "WEBURL", "lastmod", "ms.topic", "draft", "author"])
def test_keys_that_are_read_are_fine(root: Path, key: str) -> None:
    write(root, **{key: "true" if key == "draft" else "2023-05-01" if key == "lastmod" else "x"})
    assert [kind for _, _, kind in found(root) if kind != "value"] == []
    assert lint(root, NOW).keys == []


@pytest.mark.parametrize("key", ["zebra", "a-b", "'🦓'", "topic"])
def test_other_keys_are_only_counted(root: Path, key: str) -> None:
    write(root, **{key: "x"})  # `topic` beside `topics` is meant
    assert found(root) == []
    assert [(each.name, each.files) for each in lint(root, NOW).keys] == [(key.strip("'"), 1)]


def test_what_many_files_have_is_no_mistake(root: Path) -> None:
    for number in range(25):
        write(root, f"{number}.md", without=("topics",), topic="x")
    assert "wrong-key" not in {kind for _, _, kind in found(root)}
    assert [tuple(each) for each in lint(root, NOW).keys] == [
        ("topic", 25, "")  # the name of what is counted by topic
    ]


@pytest.mark.parametrize(
    ("values", "declaration"),
    [
        (["1", "2.5"], 'fields.zebra = { kind = "number" }'),
        (["true", "no"], 'fields.zebra = { kind = "boolean" }'),
        (["2023-05-01", "May 1, 2023"], 'fields.zebra = { kind = "date" }'),
        (["a", "[b, c]", "5"], "fields.zebra = { facet = true }"),
        (["a", "b" * 100], 'fields.zebra = { kind = "text" }'),
        (["a", "{b: c}"], ""),
    ],
)
def test_unread_keys_have_a_line_that_declares_them(
    root: Path, values: list[str], declaration: str
) -> None:
    for number, value in enumerate(values):
        write(root, f"{number}.md", zebra=value)
    assert [tuple(each) for each in lint(root, NOW).keys] == [("zebra", len(values), declaration)]
    if declaration:
        (root / "heatseek.toml").write_text(declaration)
        config = load(file=root / "heatseek.toml", environ={}, cwd=root)
        assert lint(root, NOW, fields=config.declared).keys == []


def test_keys_of_the_configuration_are_read(root: Path) -> None:
    write(root, without=("publishedDateTime",), zebra="2023-05-01")
    conventions = Conventions((("date", ("zebra",)),))
    assert lint(root, NOW, conventions=conventions) == (1, [], [])


def test_what_no_article_has_is_said_once(root: Path) -> None:
    for name in ("a.md", "b.md"):
        write(root, name, without=("publishedDateTime", "provider"))
    assert [(f.path, f.kind, f.message) for f in findings(root)] == [
        (".", "missing-date", "no article has a date"),
        (".", "missing-provider", "no article has a provider"),
    ]


def test_dates_are_read_as_the_archive_writes_them(root: Path) -> None:
    write(root, publishedDateTime="03/04/2023")
    assert [kind for _, _, kind in found(root)] == ["missing-date", "value"]
    write(root, "b.md", publishedDateTime="13/04/2023")
    assert found(root) == []


def test_hostile_keys_are_harmless(root: Path) -> None:
    write(root, **{r'"\e[2J\u202Eevil"': "x", "k" * 500: "x", r'"\e[2J"': "x"})
    for one in findings(root):
        assert one.message.isprintable()
        assert len(one.message) < 100


def test_a_key_twice(root: Path) -> None:
    write(root)
    text = (root / "a.md").read_text()
    (root / "a.md").write_text(text.replace("excerpt:", "quality: 1\nquality: 2\nexcerpt:"))
    assert found(root) == [("a.md:4", "warning", "duplicate-key")]


def test_several_files_with_one_link(root: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        write(root, name, webUrl="HTTPS://EXAMPLE.com:443/x#y")
    write(root, "d.md", webUrl="https://example.com/X")
    assert found(root) == [(f"{name}.md:7", "warning", "duplicate-url") for name in "abc"]
    assert findings(root)[1].message == "the same link as a.md and 1 more"


def test_several_files_with_one_title(root: Path) -> None:
    write(root, "a.md", title="On a")
    write(root, "b.md", title="on A")
    assert found(root) == [(f"{name}.md:2", "note", "duplicate-title") for name in "ab"]


def test_spellings_of_a_topic_are_told_once_each(root: Path) -> None:
    for name, topics in {
        "a": "[AI]",
        "b": "[Ai]",
        "c": "[AI, ai]",
        "d": "[Ai]",
        "e": "[AI]",
    }.items():
        write(root, f"{name}.md", topics=topics)
    (one,) = findings(root)
    assert one == ("b.md", 4, None, "warning", "topic-spelling", one.message)
    assert one.message == "topic Ai in 2 files is written AI in 3"


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("publishedDateTime", "2024-01-03", "suspicious-date"),
        ("publishedDateTime", "1970-01-01", "suspicious-date"),
        ("publishedDateTime", "0001-01-01", "suspicious-date"),
        ("quality", "1001", "suspicious-quality"),
        ("quality", "-1", "suspicious-quality"),
        ("heat", "-2", "suspicious-heat"),
        ("heat", "-inf", "value"),
    ],
)
def test_suspicious_values(root: Path, key: str, value: str, kind: str) -> None:
    write(root, **{key: value})
    assert {("warning", kind)} <= {(level, found_kind) for _, level, found_kind in found(root)}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("publishedDateTime", "2024-01-01T20:00:00Z"),
        ("quality", "189"),
        ("quality", "null"),
        ("heat", "-1"),
        ("heat", "9999"),
        ("title", "NASA"),
    ],
)
def test_values_that_are_fine(root: Path, key: str, value: str) -> None:
    write(root, **{key: value})
    assert found(root) == []


def test_shouting(root: Path) -> None:
    write(root, title="BIG NEWS FOR ALL")
    assert found(root) == [("a.md:2", "note", "shouted-title")]


def test_other_formats(root: Path) -> None:
    (root / "a.md").write_text('+++\ntitle = "A"\ntopic = ["x"]\n+++\n')
    (root / "b.md").write_text('{"title": "B",\n "topic": ["x"]}\n')
    wrong = [(place, kind) for place, _, kind in found(root) if kind == "wrong-key"]
    assert wrong == [("a.md:3", "wrong-key"), ("b.md:2", "wrong-key")]


def test_ciphertext_is_never_told(root: Path) -> None:
    write(root, secured="SECRETSECRET", quality="SECRETSECRET")
    (root / "b.md").write_text("---\nsecured: SECRET: SECRET\n---\n")
    assert len(findings(root)) == 8
    assert "SECRET" not in repr(findings(root))


def test_progress(root: Path) -> None:
    write(root)
    write(root, "b.md")
    seen: list[tuple[int, int]] = []
    lint(root, NOW, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_an_archive_that_is_not_there(root: Path) -> None:
    with pytest.raises(ArchiveError):
        lint(root / "none", NOW)


def test_of_many_unknown_keys_some_are_told_and_the_rest_counted(root: Path) -> None:
    write(root, without=("excerpt",), **{f"excerpt{n}": "1" for n in range(1_000)})

    kinds = ("unknown-key", "wrong-key")
    told = [finding for finding in lint(root, NOW).findings if finding.kind in kinds]

    assert len(told) == MOST_KEYS + 1
    assert "900 more keys are not used" in [finding.message for finding in told]


def test_the_longer_a_file_is_the_fewer_keys_are_searched_for(root: Path) -> None:
    keys = {f"excerpt{n}": "1" for n in range(50)}
    write(root, without=("excerpt",), **keys, title="x" * (MOST_SEARCHED // 20))

    told = [finding.message for finding in lint(root, NOW).findings]

    assert "31 more keys are not used" in told


def test_of_many_repeated_keys_some_are_told_and_the_rest_counted(root: Path) -> None:
    (root / "a.md").write_text(
        "---\ntitle: x\n" + "".join(f"k{n}: 1\n" for n in range(300)) * 2 + "---\n"
    )

    told = [finding for finding in lint(root, NOW).findings if finding.kind == "duplicate-key"]

    assert len(told) == MOST_KEYS + 1
    assert "200 more keys are there more than once" in [finding.message for finding in told]
