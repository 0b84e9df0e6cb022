"""`heatseek topics`: all topics of the index with counts, newest date and mean quality."""

from __future__ import annotations

from heatseek.cli.listing import listing

app = listing("topic", "machine", "machine learning, machine vision")
