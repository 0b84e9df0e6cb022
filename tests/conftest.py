"""How properties are tried: with as much time for an example as a busy machine needs.

All tests run in one zone of time, and so do the processes that they start.
"""

from __future__ import annotations

import os
import signal
import time

from hypothesis import settings

os.environ["TZ"] = "UTC"
time.tzset()
# A shell has what runs in the background ignore Ctrl-C, and so would the processes that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")
