"""What a row of a file of outcome measures means: previewed row by row, then all or nothing."""

from actions.importing.measures import COLUMNS, Options, import_measures, preview_measures

__all__ = ["COLUMNS", "Options", "import_measures", "preview_measures"]
