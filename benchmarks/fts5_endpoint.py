"""A bare endpoint over SQLite FTS5 on the server that `heatseek serve` stands on: FOLDER.

`/api/search?q=WORDS` gives the ten best and their number as JSON. It prints its address.
"""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from contenders import load

if TYPE_CHECKING:
    from starlette.requests import Request

    from contenders.base import Search


def main(folder: Path) -> None:
    """Answer until it is ended."""
    opened = threading.local()

    def searcher() -> Search:
        """A connection for each thread."""
        if not hasattr(opened, "search"):
            opened.search = load("fts5").searcher(folder)
        return opened.search  # type: ignore[no-any-return]

    def search(request: Request) -> JSONResponse:
        answer = searcher()(request.query_params.get("q", ""))
        return JSONResponse({"total": answer.total, "hits": answer.ids})

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    app = Starlette(routes=[Route("/api/search", search)])
    config = uvicorn.Config(app, loop="asyncio", http="h11", ws="none", log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
