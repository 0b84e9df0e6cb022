from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

import heatseek
from cli_runs import Ran, make_archive, run
from heatseek import config
from heatseek.article import Article
from heatseek.cli.tui import screen as screens
from heatseek.cli.tui import session as sessions
from heatseek.cli.tui.app import SearchApp
from heatseek.cli.tui.screen import Outside
from heatseek.cli.tui.session import Session
from heatseek.cli.tui.widgets import KEYS
from terminals import BIN, on_terminal

ROOT = Path(__file__).parents[1]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
NOTHING: dict[str, object] = {"query": ""}
MARKUP = """\
---
title: "[bold]Wind[/bold] and [link=x]climate [/] \\e[31m"
excerpt: "[@click=app.bell]climate[/] \\u202Etxt"
topics: ["[red]Air"]
webUrl: "javascript:alert(1)"
publishedDateTime: 2019-01-01
---
Body of the [reverse]wind[/reverse].
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with an archive and its index."""
    folder = tmp_path_factory.mktemp("tui")
    make_archive(folder)
    (folder / "seeds" / "markup.md").write_text(MARKUP, "utf-8")
    heatseek.rebuild(folder / "seeds", folder / "index")
    return folder


SEARCHES = """\
[searches]
sea = "reef OR balcony"
dated = { query = "climate", sort = "date", published = true, limit = 1 }
ai = { topic = ["AI", "Oceans"], type = "article" }
calm = { query = "climate", rank = "relevance", boost = { heat = 3 } }
every = { query = "weather ocean", any = false }
"""


@pytest.fixture(scope="module")
def desk(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with saved searches of the same archive."""
    folder = tmp_path_factory.mktemp("desk")
    paths = f"archive = '{home / 'seeds'}'\nindex = '{home / 'index'}'\n"
    (folder / "heatseek.toml").write_text(paths + SEARCHES, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "DEBOUNCE", 0.001)


class Screen:
    """The application as a user has it: keys in, the lines of the screen out."""

    def __init__(self, app: SearchApp, pilot: Pilot[Article], session: Session) -> None:
        self._app = app
        self._pilot = pilot
        self._session = session

    @property
    def lines(self) -> list[str]:
        strips = self._app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def titles(self) -> list[str]:
        """Of the hits that are seen."""
        found = (re.match(r"[> ] *\d+ (.*?)(  |│|┌|$)", line) for line in self.lines)
        return [match[1].rstrip() for match in found if match]

    @property
    def typed(self) -> str:
        """What the input holds."""
        return self._app.screen.query_one(Input).value

    async def press(self, *keys: str) -> None:
        """Quicker than the pilot's own `press`, which waits for an idle process each time."""
        for key in keys:
            character = {"question_mark": "?"}.get(key, key if len(key) == 1 else None)
            self._app.post_message(events.Key(key, character))
            await self.settle()

    def put(self, text: str) -> None:
        """Into the input, at once."""
        self._app.screen.query_one(Input).value = text

    async def type(self, text: str) -> None:
        self.put(text)
        await self.settle()

    async def settle(self) -> None:
        # Each pause waits until all messages are handled; those may send others.
        await self._pause(2)
        words = self._app.screen_stack[0].query_one(Input)
        while self._app.is_running and words.value != self._session.text:
            await self._pause(1)
        await self._pause(4)

    async def _pause(self, times: int) -> None:
        for _ in range(times):
            await self._pilot.pause(0.003)


def play(
    home: Path,
    script: Callable[[Screen], Awaitable[None]],
    arguments: dict[str, object] = NOTHING,
    *,
    size: tuple[int, int] = (80, 24),
    opened: list[str] | None = None,
) -> Article | None:
    """Run a script of keys; gives what was chosen."""
    settings = config.load(archive=None, index=None, file=None, environ={}, cwd=home)
    links = [] if opened is None else opened

    def open_link(url: str) -> bool:
        links.append(url)
        return "infoq" in url

    async def played(app: SearchApp, session: Session) -> None:
        async with app.run_test(size=size) as pilot:
            screen = Screen(app, pilot, session)
            await screen.settle()
            await script(screen)

    with closing(Session(settings, {"now": NOW, **arguments})) as session:
        app = SearchApp(session, Outside(open_link))
        asyncio.run(played(app, session))
        return app.return_value


def test_hits_and_preview_follow_what_is_typed(home: Path) -> None:
    async def script(screen: Screen) -> None:
        assert screen.titles[0] == "Solar panels on every balcony"
        assert screen.lines[-2].startswith("6 matches")
        assert "words to search for" in screen.text

        await screen.press(*"forecasts")
        assert screen.titles == ["ClimaX forecasts the weather"]
        assert screen.lines[-2].startswith("1 match · ")
        assert "InfoQ (infoq.com) · 2023-03-14 · quality 56 · heat 76" in screen.text
        assert "https://infoq.com/climax" in screen.text
        assert "A deep learning model for weather and climate." in screen.text

        await screen.type("reef")
        assert screen.titles == ["A quiet reef learns to sing"]
        assert "unpublished" in screen.text

        await screen.type("climate")
        first = screen.lines
        await screen.press("down")
        assert screen.lines[12:] != first[12:]
        assert screen.lines[-2].startswith("5 matches")

    play(home, script)


def test_what_is_said_about_a_query_is_in_the_last_line(home: Path) -> None:
    async def script(screen: Screen) -> None:
        assert screen.lines[-1].startswith("Enter open · ")
        await screen.type("quality:abc")
        assert "not a whole number" in screen.lines[-1]
        assert screen.titles == []
        await screen.type("wether")
        assert 'searched for "weather"' in screen.lines[-1]
        await screen.type("qqqqqqqqqq")
        assert screen.lines[-1].startswith("nothing found")
        await screen.type("reef balcony")
        assert "no article has all of these words" in screen.lines[-1]
        assert len(screen.titles) == 2

    play(home, script, {"query": "climate"})


def test_the_last_word_is_half_typed_until_a_space(home: Path) -> None:
    async def script(screen: Screen) -> None:
        await screen.type("weather fore")
        assert screen.titles == ["ClimaX forecasts the weather"]
        assert screen.lines[-1].startswith("Enter open · ")
        await screen.type("weather fore ")
        assert 'no article has "fore": searched for "forecasts"' in screen.lines[-1]
        await screen.type("climate -fore")
        assert "ClimaX forecasts the weather" in screen.titles

    play(home, script)


def test_sorting(home: Path) -> None:
    async def script(screen: Screen) -> None:
        await screen.press("f2")
        assert " · by date" in screen.lines[-2]
        assert screen.titles[0] == "Solar panels on every balcony"
        await screen.press("ctrl+s")
        assert " · by quality" in screen.lines[-2]
        assert screen.titles[0] == "A quiet reef learns to sing"
        await screen.press("f2", "ctrl+s", "f2")
        assert " by " not in screen.lines[-2]

    play(home, script, {"query": "climate"})


def test_filtering_by_a_value_of_the_picker(home: Path) -> None:
    async def script(screen: Screen) -> None:
        await screen.press("down", "f3")
        rows = [line for line in screen.lines if re.search(r"(topic|provider) .* 1 ", line)]
        assert len(rows) > 3
        # Counts stand below each other.
        assert len({line.rindex(" 1 ") for line in rows}) == 1
        await screen.type("machine l")
        assert "topic    Oceans" not in screen.text
        await screen.press("enter")
        assert screen.titles == ["ClimaX forecasts the weather"]
        assert screen.lines[-2].endswith("topic: Machine Learning")

        await screen.press("ctrl+t")
        await screen.type("oce")
        await screen.press("enter")
        assert len(screen.titles) == 2
        assert screen.lines[-2].endswith("topic: Machine Learning or Oceans")

        await screen.press("f3")
        assert re.search(r"\* topic    Machine Learning +1 ", screen.text)
        await screen.press("escape", "f5")
        assert screen.lines[-2].startswith("5 matches")
        assert "topic" not in screen.lines[-2]

    play(home, script, {"query": "climate"})


def test_filters_of_the_command_line_are_shown_and_can_be_turned_off(home: Path) -> None:
    async def script(screen: Screen) -> None:
        assert screen.titles == ["Solar panels on every balcony"]
        assert screen.lines[-2].endswith("provider: harbour")
        await screen.press("f3", "enter")
        assert screen.lines[-2].startswith("6 matches")
        await screen.press("f3")
        await screen.type("tide")
        await screen.press("enter")
        assert screen.titles == ["A quiet reef learns to sing"]

    play(home, script, {"query": "", "providers": ["harbour"]})


@pytest.mark.parametrize("name", ["sea", "dated", "ai", "calm", "every"])
def test_saved_searches_find_what_they_find_on_the_command_line(name: str, desk: Path) -> None:
    ran = run("search", f"@{name}", "-n", "9", "--json", "--now", NOW.isoformat(), cwd=desk)
    titles = [re.split("  |\\x1b|\u202e", hit["title"])[0] for hit in json.loads(ran.out)["hits"]]

    async def typed(screen: Screen) -> None:
        await screen.type(f"@{name}")
        assert screen.titles == titles
        assert screen.typed == f"@{name}"

    async def chosen(screen: Screen) -> None:
        await screen.press("f6")
        await screen.type(name)
        await screen.press("enter")
        assert screen.titles == titles
        assert "@" not in screen.typed

    async def begun(screen: Screen) -> None:
        assert screen.titles == titles

    play(desk, typed)
    play(desk, chosen)
    play(desk, begun, {"query": f"@{name}"})


def test_choosing_a_saved_search(desk: Path) -> None:
    async def script(screen: Screen) -> None:
        await screen.press("f6")
        assert "> @sea" in screen.text
        assert "climate --published --sort date --limit 1" in screen.text
        await screen.type("publish")
        assert "@sea" not in screen.text
        await screen.press("enter")
        assert screen.typed == "climate"
        assert screen.lines[-2].endswith(" · by date · published")

        # What is chosen can be changed, and is all left behind by the next.
        await screen.type("climate balcony")
        await screen.press("f2", "f5")
        assert screen.lines[-2].endswith(" · by quality")
        await screen.press("ctrl+l", "down", "down", "enter")
        assert screen.typed == ""
        assert screen.lines[-2].endswith(" ms · topic: AI or Oceans · type: article")
        await screen.press("ctrl+l", "f6")
        assert screen.titles == ["ClimaX forecasts the weather"]

    play(desk, script, {"query": "reef"})


def test_words_narrow_a_saved_search_and_keys_change_it(desk: Path) -> None:
    async def script(screen: Screen) -> None:
        assert "words to search for, or @ and the name of a saved search" in screen.text
        await screen.type("(reef OR balcony) sing")
        first, second = "A quiet reef learns to sing", "Solar panels on every balcony"
        assert screen.titles == [first, second]
        border = "1 article has all words; 1 has some"
        assert border in screen.text[screen.text.index(first) : screen.text.index(second)]
        assert screen.lines[-2].startswith(f"2 matches · {border} · ")
        await screen.press("f2")
        await screen.type("@sea sing")
        assert screen.titles == ["A quiet reef learns to sing"]
        await screen.type("@dated")
        assert screen.lines[-2].endswith(" · by date · published")
        await screen.press("f2", "f5")
        assert screen.lines[-2].endswith(" ms · by quality")
        await screen.type("@dated ocean")
        assert screen.lines[-2].endswith(" ms · by quality")
        assert screen.titles == ["A quiet reef learns to sing"]
        # As it was before there was a name.
        await screen.type("climate")
        assert screen.lines[-2].endswith(" ms · by date")
        await screen.type("@dated")
        assert screen.lines[-2].endswith(" · by date · published")
        # The list does not show it yet.
        screen.put("@ai")
        await screen.press("f2")
        assert screen.lines[-2].endswith(" · by date · topic: AI or Oceans · type: article")

    play(desk, script)


def test_options_of_the_command_line_go_before_saved_ones(desk: Path) -> None:
    async def script(screen: Screen) -> None:
        for name in ("@ai", "@dated"):
            await screen.type(name)
            assert "by quality" in screen.lines[-2]
            assert "topic: Energy" in screen.lines[-2]
        await screen.press("f6", "enter")
        assert screen.titles == ["Solar panels on every balcony"]

    play(desk, script, {"query": "climate", "topics": ["Energy"], "sort": "quality"})


def test_a_name_that_is_none_yet(desk: Path, home: Path) -> None:
    async def script(screen: Screen) -> None:
        for typed, told in {
            "@": "which saved search? @sea, @dated, @ai, @calm, @every",
            "@da": "which saved search? @dated",
            "@date": "which saved search? @dated",
            "@datt reef": "no saved search @datt; there are @dated, @ai, @calm, @every, @sea; for ",
        }.items():
            await screen.type(typed)
            assert screen.lines[-1].startswith(told)
            assert screen.lines[-2].startswith("not searched")
            assert screen.titles == []
            assert "Type words" not in screen.text
        await screen.press("f2", "f5")
        assert screen.titles == []
        await screen.type('"@reef"')
        assert screen.titles == ["A quiet reef learns to sing"]
        assert " · by date" in screen.lines[-2]

    async def without(screen: Screen) -> None:
        await screen.press("f6")
        assert screen.lines[-1] == "no saved searches: heatseek.toml has no [searches]"
        await screen.type("@sea")
        assert screen.lines[-1].startswith("no saved search @sea; heatseek.toml has no [searches];")

    play(desk, script, {"query": "climate"})
    play(home, without)


def test_an_index_that_is_not_as_configured_is_told(tmp_path: Path) -> None:
    make_archive(tmp_path)
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    toml = tmp_path / "heatseek.toml"
    toml.write_text("[fields.author]\n[language]\nstopwords = false\n")
    told = run("search", "reef", cwd=tmp_path).err.splitlines()
    assert [line.partition(":")[0] for line in told] == [
        "the index has other fields than are declared",
        "the index is english, not english without stopwords",
    ]

    async def script(screen: Screen) -> None:
        assert screen.lines[-1] == " · ".join(told)
        await screen.type("reef")
        assert screen.lines[-1] == " · ".join(told)
        await screen.type("zzyzx")
        assert screen.lines[-1] == " · ".join(("nothing found", *told))

    play(tmp_path, script, size=(200, 24))
    # On a narrow screen, too, the advice of one can be read.
    assert max(map(len, told)) <= 78


def test_declared_orders(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "heatseek.toml").write_text('[fields.price]\nkind = "number"\n[fields.author]\n')
    for price in (1, 3, 2):
        text = f"---\ntitle: Sun {price}\nprice: {price}\n---\n"
        (tmp_path / "seeds" / f"{price}.md").write_text(text)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0

    async def script(screen: Screen) -> None:
        assert screen.titles == ["Sun 3", "Sun 2", "Sun 1"]
        await screen.press("f2")
        assert " by " not in screen.lines[-2]
        await screen.press("f2", "f2", "f2", "f2", "f2")
        assert screen.lines[-2].endswith(" · by price")

    play(tmp_path, script, {"query": "sun", "sort": "price"})


def test_links_are_opened_by_the_rules_of_open(home: Path) -> None:
    opened: list[str] = []

    async def script(screen: Screen) -> None:
        await screen.press("enter")
        assert screen.lines[-1] == "opened https://infoq.com/climax"
        await screen.type("layoffs")
        await screen.press("enter")
        assert screen.lines[-1].startswith("no browser to open https://crn.com/layoffs with")
        await screen.type("wind")
        await screen.press("enter")
        assert screen.lines[-1] == "markup.md has no link to open"

    play(home, script, {"query": "weather"}, opened=opened)

    assert opened == ["https://infoq.com/climax", "https://crn.com/layoffs"]


def test_choosing_an_article(home: Path) -> None:
    async def script(screen: Screen) -> None:
        await screen.type("layoffs")
        assert "related to climax.md" in screen.text
        await screen.press("ctrl+o")
        assert screen.lines[-1] == "a related story has no file"
        # The list does not show it yet.
        screen.put("reef")
        await screen.press("ctrl+o")

    chosen = play(home, script)

    assert chosen is not None
    assert chosen.id == "reef.md"


def test_the_explanation_of_a_score(home: Path) -> None:
    async def script(screen: Screen) -> None:
        assert "= text" not in screen.text
        await screen.press("ctrl+e")
        assert re.search(r"score [\d.]+ = text [\d.]+ . \(1 \+ quality", screen.text)
        await screen.press("f4")
        assert "= text" not in screen.text

    play(home, script, {"query": "climate"})


def test_help_is_for_a_question_mark_that_is_no_wildcard(home: Path) -> None:
    async def script(screen: Screen) -> None:
        await screen.press("question_mark")
        assert "sort by the next order" in screen.text
        await screen.press("escape", "r", "question_mark")
        assert "sort by the next order" not in screen.text
        await screen.type("r?ef")
        assert screen.titles == ["A quiet reef learns to sing"]

    play(home, script)


def test_text_of_articles_is_no_markup_and_no_control(home: Path) -> None:
    async def script(screen: Screen) -> None:
        assert screen.titles == ["[bold]Wind[/bold] and [link=x]climate [/]"]
        for text in ("[@click=app.bell]climate[/] txt", "topics: [red]Air", "[reverse]wind"):
            assert text in screen.text
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", screen.text)
        await screen.press("f3")
        assert "[red]Air" in screen.text

    play(home, script, {"query": "wind"})


def test_what_it_begins_with_is_a_line_and_no_control(home: Path) -> None:
    async def script(screen: Screen) -> None:
        assert screen.lines[0] == "search: weather model [2J"
        assert screen.titles == ["ClimaX forecasts the weather"]

    play(home, script, {"query": "weather\nmodel \x1b[2J"})


def test_a_wide_terminal_has_the_preview_beside_the_list(home: Path) -> None:
    async def wide(screen: Screen) -> None:
        assert "│ ClimaX forecasts the weather" in screen.text

    async def narrow(screen: Screen) -> None:
        assert "│" not in screen.text
        assert max(map(len, screen.lines)) <= 40
        assert screen.titles == ["ClimaX forecasts the weather"]

    play(home, wide, {"query": "weather"}, size=(120, 30))
    play(home, narrow, {"query": "weather"}, size=(40, 16))


def test_more_hits_come_when_the_selection_nears_the_end(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for number in range(120):
        text = f"---\ntitle: Wave {number}\nquality: {120 - number}\n---\n"
        (tmp_path / "seeds" / f"{number}.md").write_text(text)
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")

    async def script(screen: Screen) -> None:
        for _ in range(8):
            await screen.press("pagedown")
        assert any(line.startswith(">120 ") for line in screen.lines)

    play(tmp_path, script, {"query": "wave"}, size=(80, 90))


def test_a_newer_index_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_archive(tmp_path)
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    monkeypatch.setattr(sessions, "CHECK_EVERY", 0.0)

    async def script(screen: Screen) -> None:
        assert screen.titles == []
        (tmp_path / "seeds" / "new.md").write_text("---\ntitle: A zzyzx\n---\n")
        heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
        await screen.type("zzyzx ")
        assert screen.titles == ["A zzyzx"]
        (tmp_path / "index" / "CURRENT").write_text("rubbish")
        await screen.type("zzyzx")
        assert screen.titles == ["A zzyzx"]

    play(tmp_path, script, {"query": "zzyzx"})


def test_without_a_terminal_it_is_one_line(home: Path) -> None:
    assert run("search", "-i", "climate", cwd=home) == Ran(
        2, "", "search: --interactive needs a terminal: keys from stdin, drawing on stderr\n"
    )
    assert run("search", "-i", "--json", cwd=home) == Ran(
        2, "", "search: --json is not for --interactive, which shows all hits there are\n"
    )
    assert on_terminal("TERM=dumb search -i climate", home) == (
        2,
        "search: --interactive needs a terminal that can be drawn on, not TERM=dumb\n",
    )


def test_options_of_one_answer_are_refused(desk: Path) -> None:
    for args in (
        *(["--limit", "3"], ["--offset", "1"], ["--format", "json"], ["--json"], ["-0"]),
        *(["--facets"], ["--facet=topic"], ["--group", "story"]),
    ):
        name = args[0].partition("=")[0]
        assert run("search", "-i", "climate", *args, cwd=desk) == Ran(
            2, "", f"search: {name} is not for --interactive, which shows all hits there are\n"
        )
    assert "--similar is not for" in run("search", "-i", "--similar", "reef.md", cwd=desk).err
    assert "--new is not for" in run("search", "-i", "@sea", "--new", cwd=desk).err
    # What else is wrong is said first.
    # A saved limit is nobody's mistake.
    assert "needs a terminal" in run("search", "-i", "@dated", cwd=desk).err


class Drawn(NamedTuple):
    """What a program did whose stdout is no terminal, but stdin and stderr are."""

    code: int
    out: str
    shown: str


def draw(*command: str, cwd: Path, keys: bytes) -> Drawn:
    """Run a program until it has drawn the last line, type, and wait for its end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    before = termios.tcgetattr(theirs)
    environ = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**environ, "NO_COLOR": "1"},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        shown = b""
        while b"F1 help" not in shown:
            shown += os.read(ours, 65536)
        os.write(ours, keys)
        out, _ = process.communicate(timeout=60)
        os.write(theirs, b"END")
        while not shown.endswith(b"END"):
            shown += os.read(ours, 65536)
    # Echo, lines, signals: as they were.
    assert termios.tcgetattr(theirs) == before
    assert b"\x1b[?1049l" in shown
    os.close(theirs)
    os.close(ours)
    return Drawn(process.returncode, out.decode(), shown.decode())


def test_on_a_real_terminal_the_chosen_path_goes_to_stdout(home: Path) -> None:
    drawn = draw(str(BIN / "search"), "-i", "climate", cwd=home, keys=b"\x1b[B\x0f")

    assert drawn.code == 0
    assert re.fullmatch(r"seeds/\w[\w/]*\.md\n", drawn.out)
    assert "5 matches" in drawn.shown
    # NO_COLOR: no red, green, ... and no colours by number.
    assert not re.search(r"\x1b\[[\d;]*\b(3[0-7]|4[0-7]|[34]8)[;m]", drawn.shown)


def test_a_mistake_of_ours_is_one_line_and_leaves_the_terminal_as_it_was(home: Path) -> None:
    code = (
        "from heatseek.cli.tui.screen import SearchScreen\n"
        "from heatseek.cli.main import run\n"
        "SearchScreen.action_sort = lambda self: 1 / 0\n"
        "raise SystemExit(run('search', ['-i', 'climate']))"
    )
    drawn = draw(sys.executable, "-c", code, cwd=home, keys=b"\x13")

    assert drawn.code == 70
    assert "search: internal error: ZeroDivisionError: division by zero" in drawn.shown
    assert "Traceback" not in drawn.shown


def test_every_key_is_documented() -> None:
    text = (ROOT / "docs" / "interactive.md").read_text("utf-8")

    for key in KEYS:
        assert f"| {key.label} | {key.effect} |" in text
