"""Command lines run inside the test process, on an archive made for them."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from heatseek.cli.main import run as run_main

ARTICLES = {
    "climax.md": """\
---
title: ClimaX forecasts the weather
excerpt: A deep learning model for weather and climate.
topics: [AI, Machine Learning]
provider: {name: InfoQ, domain: infoq.com}
publishedDateTime: 2023-03-14T14:42:00Z
webUrl: https://infoq.com/climax
category: news
type: article
quality: 56
heat: 76
published: true
related:
  - title: Layoffs in Redmond
    webUrl: https://crn.com/layoffs
    publishedDateTime: 2023-03-10T20:27:00Z
---
""",
    "reef.md": """\
---
title: A quiet reef learns to sing
excerpt: Loudspeakers and the climate of an ocean.
topics: [Oceans]
provider: {name: Tide}
publishedDateTime: 2021-02-11
category: news
quality: 92
heat: 210
published: false
---
""",
    "sub/solar.md": """\
---
title: Solar panels on every balcony
excerpt: Small climate, large plans, said the mayor.
topics: [Energy]
provider: {name: Harbour}
publishedDateTime: 2024-05-01
category: events
type: video
quality: 10
heat: 5
published: true
---
""",
    "hostile.md": """\
---
title: "Hostile \\e[31mred\\e[0m \\u202Etxt \\u009B2J"
excerpt: "\\e]0;owned\\a climate"
topics: ["a\\tb"]
webUrl: "https://x.example/\\e[2J"
publishedDateTime: 2020-01-01
---
""",
}


class Ran(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


def make_archive(folder: Path) -> Path:
    """Write the articles above under `folder`/seeds."""
    for name, text in ARTICLES.items():
        path = folder / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / "seeds"


def run(program: str, *args: str, cwd: Path, **environ: str) -> Ran:
    """Run `search` or `heatseek` in a working directory, with an environment of its own.

    The cache of the user is in that directory.
    """
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    err = io.StringIO()
    cache = {"XDG_CACHE_HOME": str(cwd / ".cache")}
    before = Path.cwd()
    os.chdir(cwd)
    try:
        with (
            patch.dict(os.environ, {"COLUMNS": "80", **cache, **environ}, clear=True),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run_main(program, list(args))
    finally:
        os.chdir(before)
    out.flush()
    return Ran(code, out.buffer.getvalue().decode("utf-8"), err.getvalue())
