"""The readers of a server: slow requests are in nobody's way."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING

import heatseek
from cli_runs import make_archive
from heatseek import Generation, IndexUrl
from heatseek.config import load
from heatseek.web.messages import Ask
from heatseek.web.pool import LOOK_EVERY, Pool
from heatseek.web.reader import state

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PHOTO = """\
---
title: A photo
image: https://x.example/a.png
---
![b](https://x.example/b.png)
"""
ARTICLE = Ask("heatseek.web.pages:article", name="photo.md")
SEARCH = Ask("heatseek.web.api:search", query="q=climate")
GENERATION = Generation(1, "/archive", datetime(2024, 1, 1, tzinfo=UTC), 1, 1)


def test_slow_requests_are_in_nobodys_way(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make_archive(tmp_path)
    (tmp_path / "seeds/photo.md").write_text(PHOTO)
    (tmp_path / "heatseek.toml").write_text("images = false\n")
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    settings = load(environ={}, cwd=tmp_path)

    async def ask() -> None:
        with heatseek.open_project(settings, long_lived=False) as index:
            pool = Pool(settings, index, size=2)
            await pool.start()
            try:
                slow = [
                    asyncio.create_task(pool.ask(Ask("handlers:until", name=f"{tmp_path}/{name}")))
                    for name in ("one", "two")
                ]
                # Both readers are at it, and one of the two gives way.
                await asyncio.sleep(0.1)
                async with asyncio.timeout(20):
                    answers = [await pool.ask(SEARCH) for _ in range(3)]
                assert {answer.status for answer in answers} == {200}
                assert not any(task.done() for task in slow)
                (tmp_path / "one").touch()
                (tmp_path / "two").touch()
                assert [(await task).body for task in slow] == [b"done", b"done"]
                failed = await pool.ask(Ask("handlers:failing"))
                assert (failed.status, b"internal" in failed.body) == (500, True)
                for ask in (Ask("heatseek.web.pages:search"), ARTICLE):
                    assert b"photo.md" in (page := (await pool.ask(ask)).body)
                    assert b"<img" not in page
                (tmp_path / "seeds/climax.md").unlink()
                told = json.loads((await pool.ask(SEARCH)).body)["notices"]
                assert told == ["climax.md is gone: the index needs an update"]
                (tmp_path / "index/CURRENT").write_text("nonsense")
                assert await pool.look() == answers[0].generation
                await asyncio.sleep(LOOK_EVERY)
                assert await pool.look() == answers[0].generation
                status = json.loads((await pool.ask(Ask("heatseek.web.api:status"))).body)
                assert "damaged" in status["trouble"]
                assert (await pool.ask(SEARCH)).status == 200
            finally:
                await pool.close()

    asyncio.run(ask())
    assert "ZeroDivisionError" in capfd.readouterr().err


class Remote:
    """An index on a server that is slow to tell of its newest generation."""

    def __init__(self) -> None:
        self.generation = GENERATION
        self.told = Event()

    def refresh(self) -> bool:
        assert self.told.wait(20)
        self.generation = GENERATION._replace(number=2)
        return True


def test_nobody_waits_while_a_server_is_asked_for_its_newest_generation() -> None:
    index = Remote()
    pool = Pool(SimpleNamespace(index=IndexUrl("memory://host/news")), index, size=1)

    async def ask() -> None:
        first = asyncio.create_task(pool.look())
        async with asyncio.timeout(20):
            await asyncio.sleep(0)
            pool._looked_at = 0.0
            assert await pool.look() == state(GENERATION)
            assert not first.done()
            index.told.set()
            assert await first == state(GENERATION._replace(number=2)) == await pool.look()

    asyncio.run(ask())
