"""Every table of data leaves as a file (`{% savable %}`); one that does not is named here with the reason."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TOKENS = re.compile(r"\{% (savable|endsavable)\b|<(table)\b|<(/table)>")

FORM = "fields to fill in, not data"
PAPER = "a sheet for print, kept as PDF"
OWN = "leaves by an address of its own, with more than the page shows"
CONFLICT = "two texts of one row, to choose between"
DRAWN = "a drawing as a table; the page that uses it offers the figures"

# Template or folder → why its tables do not leave, and how many.
STAY = {
    "reports/print/": (PAPER, None),
    "components/charts/": (DRAWN, None),
    "core/style_guide.html": ("samples", 1),
    "allauth/elements/table.html": ("one's own sign-in details", 1),
    "assessments/compare_results.html": (OWN, 2),
    "assessments/people.html": (FORM, 1),
    "assessments/sheet.html": (PAPER, 1),
    "assessments/trend.html": (OWN, 1),
    "assessments/what_if.html": (CONFLICT, 1),
    "courses/cohort_invite.html": ("a list that is being checked, before anything is kept", 1),
    "courses/cohort_report.html": (OWN, 1),
    "courses/cut.html": (FORM, 1),
    "courses/gradebook.html": (OWN, 1),
    "courses/sitting_sheet.html": (PAPER, 1),
    "courses/statistics_pool.html": (OWN, 1),
    "courses/write/upload.html": ("a file that is being checked, before anything is kept", 1),
    "exercises/handout.html": (PAPER, 1),
    "frameworks/_edit_two.html": (CONFLICT, 1),
    "frameworks/print.html": (PAPER, 1),
    "insights/picture.html": (OWN, 1),
    "insights/region.html": (OWN, 1),
    "insights/trends.html": (OWN, 1),
    "mentoring/_why.html": ("the sum behind one cell of a table that leaves", 1),
    "mentoring/plan.html": (OWN, 1),
    "mentoring/publish.html": ("invitations before they are sent; sent, they are engagements", 1),
    "mentoring/roadmap_new.html": (FORM, 1),
}


def staying(text: str) -> int:
    """The number of tables in a template that stand outside `savable`; a table inside another belongs to that."""
    count = savable = depth = 0
    for tag, opening, _closing in TOKENS.findall(text):
        if tag:
            savable += 1 if tag == "savable" else -1
        elif opening:
            count += not savable and not depth
            depth += 1
        else:
            depth -= 1
    return count


def found() -> dict[str, int]:
    every = {
        str(path.relative_to(TEMPLATES)): staying(path.read_text("utf-8"))
        for path in TEMPLATES.rglob("*.html")
    }
    return {name: count for name, count in every.items() if count}


def test_every_table_leaves_or_says_why_not() -> None:
    stay = {
        name: count
        for name, count in found().items()
        if not any(name.startswith(place) for place in STAY if place.endswith("/"))
    }
    assert stay == {name: count for name, (_why, count) in STAY.items() if count is not None}, (
        "put {% savable %} around the table, or name it in STAY with a reason"
    )


def test_table_with_an_address_of_its_own_shows_it() -> None:
    for name, (why, _count) in STAY.items():
        if why == OWN:
            text = (TEMPLATES / name).read_text("utf-8")
            assert re.search(r"ending=['\"]csv['\"]|_csv'|csv_file|plan_csv", text), name


def test_days_in_tables_that_leave_are_exact() -> None:
    """A day alone in a cell is written with `|day`, or inside <time>: a program reads it then."""
    bare = re.compile(r"<td[^>]*>(?:<div>|<span>)?\{\{ [^}]*\|date:[^}]*\}\}(?:</div>|</span>)?</td>")
    faults = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        for part in re.findall(r"\{% savable .*?\{% endsavable %\}", path.read_text("utf-8"), re.DOTALL)
        if bare.search(part)
    ]
    assert faults == []
