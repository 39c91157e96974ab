"""The reference files beside the repository; tests that need them are skipped without them."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("ORDERDECK_SHARED", ROOT.parent / "shared")) / "reference"
BAD = SHARED / "badcsv"
SAMPLES = SHARED / "csv"
MISSING = f"the reference files are not at {SHARED.name}/ beside the repository"
