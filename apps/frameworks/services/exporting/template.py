"""The workbook to write a framework of one's own in: every sheet with its headings and one worked example."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.workbooks import Cell, write_workbook
from apps.frameworks.services.exporting.workbook import drop_downs, framework_workbook
from apps.frameworks.services.importing import layout
from apps.frameworks.services.importing.settings import maturity_scale

__all__ = ["framework_workbook", "template_workbook"]

Rows = list[list[Cell]]


def template_workbook() -> bytes:
    """Return an XLSX that can be imported as it is: a framework of one indicator, to be written over."""
    rows: dict[str, Rows] = {layout.FRAMEWORK.name: _head()}
    for sheet in layout.IN_TEMPLATE[1:]:
        rows[sheet.name] = [[column.name for column in sheet.columns], *_example(sheet)]
    return write_workbook(rows, choices=drop_downs(rows))


def _head() -> Rows:
    values: dict[str, Cell] = {
        "id": "my-framework", "version": "1.0", "language": "en", "name": _("My framework"),
        "description": _("What it asks about, for whom."), "method": "shared-mean", "method version": 1,
    }  # fmt: skip
    rows = [[column.name, values.get(column.name)] for column, _path in layout.HEAD]
    return [[layout.KEY, layout.VALUE], *rows]


def _example(sheet: layout.Sheet) -> Rows:
    code = "A.1.1"
    match sheet:
        case layout.SCALE:
            return [[None, row["level"], row["name"], row["meaning"]] for row in maturity_scale()]
        case layout.DIMENSIONS:
            return [["A", _("Governance"), _("Who decides, and with what means.")]]
        case layout.AREAS:
            return [["A.1", "A", _("Direction"), _("Where we want to be.")]]
        case layout.INDICATORS:
            return [[
                code, "A.1", "both", "yes", 2, None, None, None, None, _("A plan is in force"),
                _("A written plan says what is done, by whom and by when."), _("Is there a plan that is used?"),
                _("The plan with its date.\nThe minutes in which it was approved."), _("A draft that nobody approved."),
            ]]  # fmt: skip
        case layout.LEVELS:
            return [
                [
                    code,
                    "both",
                    row["level"],
                    row["name"],
                    row["meaning"],
                    _("A dated document.") if row["level"] else None,
                ]
                for row in maturity_scale()
            ]
        case layout.WORDS:
            return [[code, _("plan"), _("A dated document that was approved and names who does what.")]]
        case layout.PROFILES:
            return [["baseline", _("Baseline"), "organisational", 3, _("What everybody should reach.")]]
        case layout.CROSSWALK:
            return [[code, "CSF-2.0", "GV.PO-01"]]
        case layout.SYSTEMS:
            return [["CSF-2.0", "NIST Cybersecurity Framework", "2.0", None]]
    return []
