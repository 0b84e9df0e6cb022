"""Read and parse an archive, and do nothing with it: ARCHIVE PROCESSES."""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

from heatseek.ingest.discover import discover
from heatseek.ingest.parallel import read_files

if __name__ == "__main__":
    files = list(discover(Path(sys.argv[1]), lambda problem: None))  # noqa: ARG005 - says nothing
    deque(read_files(files, processes=int(sys.argv[2])), maxlen=0)
