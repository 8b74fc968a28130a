"""A register of KPIs and its history, from a spreadsheet: previewed, then all or nothing (framework C.1).

``read_and_map`` reads a file with a mapping; ``preview`` says what it would do; ``import_content`` does it.
"""

from kpis.importing.mappings import Mapping, keep_mapping, suggested
from kpis.importing.options import Options
from kpis.importing.running import import_content, import_file, import_rows, preview

__all__ = [
    "Mapping",
    "Options",
    "import_content",
    "import_file",
    "import_rows",
    "keep_mapping",
    "preview",
    "suggested",
]
