"""How properties are tried: with as much time for an example as a busy machine needs.

All tests run in one zone of time, and so do the processes that they start.
"""

from __future__ import annotations

import os
import time

from hypothesis import settings

os.environ["TZ"] = "UTC"
time.tzset()

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")
