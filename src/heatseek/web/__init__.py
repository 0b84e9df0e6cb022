"""The web page and the HTTP interface: `heatseek serve`.

One process listens (`server`, `app`); readers, each a process of its own (`pool`, `reader`), work
out every answer, so that nothing that one of them does holds up the others or the listener.
"""
