"""Read and parse an archive, and do nothing with it: ARCHIVE PROCESSES."""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

from heatseek.indexer.intake import take_in
from heatseek.indexer.ledger import Ledger
from heatseek.ingest.discover import discover
from heatseek.ingest.keys import PLAIN

if __name__ == "__main__":
    files = list(discover(Path(sys.argv[1]), lambda problem: None))  # noqa: ARG005 - says nothing
    intakes = take_in(files, PLAIN, Ledger(0), lambda: None, int(sys.argv[2]), hold=False)
    deque(intakes, maxlen=0)
