"""Our programs as they are installed, for tests that run them as processes."""

import sys
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
"""The folder that they are in."""
HEATSEEK = str(PROGRAMS / "heatseek")
SEARCH = str(PROGRAMS / "search")
