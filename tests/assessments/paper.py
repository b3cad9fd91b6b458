"""Filling in a workbook in tests as people do: a cell by its column and its row."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Workbook
from apps.assessments.selectors.workbook import copy_of
from apps.assessments.services.workbook import Plan


def taken(user: User, assessment: Assessment, *, areas: str = "", kind: str = "xlsx") -> bytes:
    """A workbook as downloaded."""
    copy = copy_of(user, assessment.member.public_id, assessment.public_id, areas=areas)
    return services.workbook.export_workbook(actor=user, copy=copy, kind=kind).content


def filled(content: bytes, *cells: tuple[str, str, Any], pieces: tuple[dict[str, Any], ...] = ()) -> bytes:
    """The workbook with (row key, column, value) typed in, saved by another program; new pieces below the old ones.

    The row key is the code of a question or the id of a piece.
    """
    book = openpyxl.load_workbook(io.BytesIO(content))
    answers, evidence = book.worksheets[1], book.worksheets[2]
    for key, column, value in cells:
        sheet = answers if answers.cell(1, 1).value == "code" and key in _keys(answers) else evidence
        sheet.cell(_keys(sheet)[key], _columns(sheet)[column]).value = value
    last = 2 + len(_keys(evidence))
    for number, piece in enumerate(pieces, start=last + 1):
        for column, value in piece.items():
            evidence.cell(number, _columns(evidence)[column]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _keys(sheet: Any) -> dict[str, int]:
    return {row[0].value: row[0].row for row in sheet.iter_rows(min_row=3) if row[0].value}


def _columns(sheet: Any) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1] if cell.value}


def offered(content: bytes, code: str) -> list[str]:
    """What the drop-down of a question offers."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[1]
    cell = sheet.cell(_keys(sheet)[code], _columns(sheet)["answer"]).coordinate
    rule = next(r for r in sheet.data_validations.dataValidation if r.type == "list" and cell in r.sqref)
    place = str(rule.formula1).split("!")[1].replace("$", "")
    return [row[0].value for row in book["Lists"][place]]


def kept(user: User, assessment: Assessment, content: bytes, name: str = "answers.xlsx") -> Workbook:
    row = services.workbook.keep_workbook(actor=user, assessment=assessment, content=content, name=name)
    row.assessment = assessment
    return row


def looked(user: User, assessment: Assessment, content: bytes) -> Plan:
    return services.workbook.look_at_workbook(actor=user, workbook=kept(user, assessment, content))


def brought(user: User, assessment: Assessment, content: bytes, *ticked: str) -> Plan:
    """Upload and confirm."""
    row = kept(user, assessment, content)
    return services.workbook.take_workbook(actor=user, workbook=row, ticked=ticked)
