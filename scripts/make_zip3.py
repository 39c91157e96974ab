"""Write resources/zip3.csv: the middle of each US ZIP3 area, from the ``zipcodes`` package (MIT).

Run it again when the package has newer data: ``python scripts/make_zip3.py``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import zipcodes

TARGET = Path(__file__).resolve().parent.parent / "resources" / "zip3.csv"


def main() -> None:
    """Average the coordinates of all ZIP codes that share their first three digits."""
    areas: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for entry in zipcodes.list_all():
        if entry["lat"] and entry["long"]:
            areas[entry["zip_code"][:3]].append((float(entry["lat"]), float(entry["long"])))
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("zip3", "lat", "lon"))
        for area, points in sorted(areas.items()):
            lat, lon = (fmean(values) for values in zip(*points, strict=True))
            writer.writerow((area, f"{lat:.3f}", f"{lon:.3f}"))


if __name__ == "__main__":
    main()
