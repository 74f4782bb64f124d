"""Reports: pictures, tables and pages of results; they compute nothing."""

from __future__ import annotations

from firstlight.reports._comparison_terminal import (
    one_right_drawing,
    run_comparison_rows,
    run_verdict,
    series_rows,
    series_verdict,
)
from firstlight.reports._halfblocks import half_blocks
from firstlight.reports._run_page import run_page, write_run_page
from firstlight.reports._run_terminal import (
    confusion_table,
    data_preview,
    epoch_line,
    mixup_drawing,
    run_summary,
)
from firstlight.reports._sheet import contact_sheet, save_sheet
from firstlight.reports._steps import save_steps, step_tiles
from firstlight.reports._sweep_table import sweep_table

__all__ = [
    "confusion_table",
    "contact_sheet",
    "data_preview",
    "epoch_line",
    "half_blocks",
    "mixup_drawing",
    "one_right_drawing",
    "run_comparison_rows",
    "run_page",
    "run_summary",
    "run_verdict",
    "save_sheet",
    "save_steps",
    "series_rows",
    "series_verdict",
    "step_tiles",
    "sweep_table",
    "write_run_page",
]
