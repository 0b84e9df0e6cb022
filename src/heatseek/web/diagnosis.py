"""What `heatseek doctor` finds, looked for once for each generation, by a process of its own."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from heatseek.maintenance import archive_of
from heatseek.web.messages import JSON, Content
from heatseek.web.problems import problem

if TYPE_CHECKING:
    from heatseek.config import Config

_PROGRAM = """
import sys
sys.path[:] = {path!r}
from heatseek.cli.main import run
sys.exit(run("heatseek", {line!r}))
"""
_MOST_BYTES = 20_000_000


class Diagnosis:
    """The findings of the last look at the archive, which reads every file.

    Args:
        settings: of the project.
        patience: seconds that a request waits for them.
    """

    def __init__(self, settings: Config, patience: float) -> None:
        self._settings = settings
        self._patience = patience
        self._generation = ""
        self._look: asyncio.Task[str] | None = None

    async def findings(self, generation: str) -> Content:
        """The document; or that it is not there yet.

        Args:
            generation: the one that is looked at, in a word.
        """
        if self._look is None or (self._look.done() and self._generation != generation):
            self._generation = generation
            self._look = asyncio.create_task(self._looked())
        try:
            async with asyncio.timeout(self._patience):
                text = await asyncio.shield(self._look)
        except TimeoutError:
            return problem(503, "time", "the files are being looked at; try again in a while")
        if not text.startswith("{"):
            return problem(503, "index", "the files cannot be looked at; the server's log has more")
        return Content(JSON, text)

    async def close(self) -> None:
        """End a look that is under way."""
        if self._look is not None:
            self._look.cancel()
            await asyncio.gather(self._look, return_exceptions=True)

    async def _looked(self) -> str:
        settings = self._settings
        line = ["doctor", "--json", "--archive", str(archive_of(settings))]
        line += ["--index", str(settings.index)]
        line += [] if settings.file is None else ["--config", str(settings.file)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _PROGRAM.format(path=sys.path, line=line)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            process_group=0,
            limit=_MOST_BYTES,
        )
        try:
            out, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return out.decode()
