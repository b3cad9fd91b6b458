"""Sample data for the style guide: one of everything, with invented names."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator

from apps.core.charts.lines import Ahead, Point


class SampleForm(forms.Form):
    """One field of each kind, so that every form control has its place on the style guide."""

    name = forms.CharField(label="Name of the organisation", help_text="As it should stand on reports.")
    mail = forms.EmailField(label="E-mail address")
    why = forms.CharField(label="Why this level?", widget=forms.Textarea, help_text="Two or three sentences.")
    area = forms.ChoiceField(
        label="Area", choices=[("1", "Incident handling"), ("2", "People and skills")], required=False
    )
    form = forms.ChoiceField(
        label="How would you like to work?",
        widget=forms.RadioSelect,
        choices=[("calls", "Calls"), ("visits", "Visits"), ("both", "Both")],
    )
    agree = forms.BooleanField(label="The mentor may see the answers of this area", required=False)
    report = forms.FileField(label="Document", required=False, help_text="PDF, at most 10 MB.")


def samples() -> dict[str, Any]:
    """The context of the style guide page: plain data, no rows of the database."""
    wrong = SampleForm({"name": "", "mail": "leila@", "why": "", "area": "1"})
    wrong.is_valid()
    return {
        "sample_form": SampleForm(initial={"name": "National CERT of Veldara"}),
        "wrong_form": wrong,
        "facts": [
            {"label": "Indicators that rose", "value": "26", "note": "of 94; 2 fell", "kind": "a"},
            {"label": "Areas on target", "value": "9", "note": "of 28"},
            {"label": "With evidence", "value": "74%", "note": "61% in 2023", "kind": "b"},
            {"label": "Not known", "value": "2", "note": "indicators", "kind": "key"},
        ],
        "crumbs": [("Results", "#results"), ("National CERT of Veldara", "#member")],
        "steps": [
            ("Requests", "14 members asked"),
            ("Offers", "16 places"),
            ("Proposals", "9 decided, 5 open"),
            ("Invitations", ""),
            ("Under way", ""),
        ],
        "page": Paginator(range(500), 50).page(2),
        "levels": [0, 1, 2, 3, 4, 5, None],
        "dots": _dots(),
        "areas": _squares(),
        "heat_columns": ["Policy", "Law", "Skills", "Incidents", "Defence", "Trust"],
        "heat": _heat(),
        "slopes": [
            {"name": "Cooperation", "prev": 2, "now": 4},
            {"name": "Incident handling", "prev": 1, "now": 3},
            {"name": "Legal measures", "prev": 2, "now": 3},
        ],
        "values": [
            {
                "code": "GOV.1",
                "name": "Direction and planning",
                "share": 60,
                "says": "12.0",
                "possible": "20",
                "change": "+2.0",
            },
            {
                "code": "LAW.1",
                "name": "Cybercrime law",
                "share": None,
                "says": "",
                "possible": "20",
                "change": "",
            },
        ],
        "counts": [
            {"name": "Strategy", "counts": [1, 2, 4, 3, 2, 0]},
            {"name": "Incident handling", "counts": [2, 5, 3, 1, 1, 0]},
            {"name": "People and skills", "counts": [4, 4, 2, 2, 0, 0]},
        ],
        **_quantities(),
    }


def _quantities() -> dict[str, Any]:
    """Places asked and offered, shares with intervals, a figure over time with its projection, and a plan."""
    ahead = Ahead(from_x=78, from_value=56.4, x=100, value=63.1, low=48.0, high=78.2)
    now = [Point(0, 31.2), Point(26, 41.5), Point(52, 47.9), Point(78, 57.0)]
    return {
        "pairs": [
            {"code": "5.1", "name": "Incident handling", "first": 9, "second": 4},
            {"code": "3.1", "name": "People and skills", "first": 6, "second": 0},
            {"code": "1.2", "name": "Risk and assets", "first": 2, "second": 5},
        ],
        "intervals": [
            {
                "name": "Lessons finished",
                "value": 62,
                "low": 55,
                "high": 69,
                "says": "62 %, between 55 and 69",
            },
            {
                "name": "Practised with a mentor",
                "value": 48,
                "low": 21,
                "high": 76,
                "says": "48 %, between 21 and 76",
            },
            {"name": "Not offered yet", "value": None, "low": None, "high": None, "says": "no figure"},
        ],
        "points": now,
        "ahead": ahead,
        "goals": [(92.0, 70.0)],
        "years": [(0, "2019"), (26, "2021"), (52, "2023"), (78, "2025"), (100, "2027")],
        "many": [
            {
                "code": "5.1",
                "name": "Incident handling",
                "points": now,
                "ahead": ahead,
                "goals": [(92.0, 70.0)],
                "says": "57.0 of 100",
            },
            {
                "code": "3.1",
                "name": "People and skills",
                "points": [Point(0, 30), Point(26, 28), Point(52, 22, False)],
                "says": "22.0 of 100",
            },
            {"code": "4.1", "name": "Legal measures", "points": [], "says": "not assessed"},
        ],
        "plan_ends": ["1 March 2026", "30 November 2026"],
        "plan": [
            {
                "name": "Name a duty officer",
                "starts_on": date(2026, 3, 1),
                "due_on": date(2026, 4, 15),
                "state": "done",
                "state_label": "Done",
                "start": 0,
                "end": 17,
            },
            {
                "name": "Write the procedure",
                "starts_on": date(2026, 4, 15),
                "due_on": date(2026, 8, 1),
                "state": "doing",
                "state_label": "Under way",
                "start": 17,
                "end": 56,
            },
            {
                "name": "Exercise it with the operators",
                "starts_on": date(2026, 8, 1),
                "due_on": date(2026, 11, 30),
                "state": "planned",
                "state_label": "Planned",
                "start": 56,
                "end": 100,
            },
        ],
    }


def _dots() -> list[dict[str, Any]]:
    rows: list[tuple[str, str, int | None, int | None, int | None, tuple[int, int] | None]] = [
        ("1.1", "National strategy", 2, 3, 4, (2, 3)),
        ("1.2", "Risk and assets", 2, 2, 3, (1, 3)),
        ("2.1", "Culture of security", 3, 2, 4, (2, 4)),
        ("3.1", "People and skills", 0, 1, 3, (0, 2)),
        ("4.1", "Legal measures", None, 0, 2, None),
        ("5.1", "Incident handling", 1, 3, 4, (2, 3)),
        ("5.2", "Crisis exercises", 1, None, 2, None),
        ("6.1", "Cooperation", 2, 4, 4, (2, 3)),
    ]
    keys = ("code", "name", "prev", "now", "goal", "peers")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _squares() -> list[dict[str, Any]]:
    plan: list[tuple[str, str, list[tuple[int | None, str]]]] = [
        ("1.1", "National strategy", [(3, ""), (3, "up"), (4, "up"), (2, "")]),
        ("1.2", "Risk and assets", [(2, ""), (1, "down"), (3, "")]),
        ("1.3", "Crisis management", [(0, ""), (None, ""), (2, "up")]),
        ("2.1", "Culture of security", [(5, "up"), (4, ""), (4, ""), (3, ""), (2, "")]),
    ]
    areas: list[dict[str, Any]] = []
    for code, name, marks in plan:
        cells = [
            {"code": f"{code}.{i}", "level": level, "moved": moved, "url": f"#i{code}.{i}"}
            for i, (level, moved) in enumerate(marks, 1)
        ]
        areas.append({"code": code, "name": name, "cells": cells})
    return [
        {"name": "1 Policy and strategy", "group": True},
        *areas[:3],
        {"name": "2 Culture", "group": True},
        areas[3],
    ]


def _heat() -> list[dict[str, Any]]:
    plan: list[tuple[str, str]] = [
        ("Veldara", "332 3 1! 4"),
        ("Arvandel", "445443"),
        ("Tamsin Isles", "0!1 2-0?"),
        ("Orrin Republic", "122!132"),
    ]
    rows = []
    for name, text in plan:
        cells: list[dict[str, Any]] = []
        for mark in text.replace(" ", ""):
            if mark == "!":
                cells[-1]["asks"] = True
            else:
                cells.append({"level": int(mark) if mark.isdigit() else None, "hidden": mark == "?"})
        cells += [{"level": None}] * (6 - len(cells))
        rows.append({"name": name, "url": "#member", "cells": cells})
    return rows
