"""How large may a file be before it is refused?"""

from __future__ import annotations

from typing import Final

FILE_BYTES: Final = 50 * 1024 * 1024
COLUMNS: Final = 512
CELL_CHARS: Final = 32_768
ROWS: Final = 200_000
ID_CHARS: Final = 128

WORKBOOK_BYTES: Final = 100 * 1024 * 1024
WORKBOOK_PARTS: Final = 1_000
PACKED_PART_BYTES: Final = 1024 * 1024
PACKING_RATIO: Final = 100
