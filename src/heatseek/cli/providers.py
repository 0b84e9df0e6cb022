"""`heatseek providers`: all providers of the index with counts, newest date and mean quality."""

from __future__ import annotations

from heatseek.cli.listing import listing

app = listing("provider", "micro", "Microsoft, Microsoft Learn")
