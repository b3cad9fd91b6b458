"""A result as a table: the whole, each dimension and each area, from the rows that the result page shows."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.selectors.parts import PartRow
from apps.assessments.selectors.places import MemberRef
from apps.assessments.selectors.result_page import ResultPage, result_page
from apps.core.sheets import Cell


def result_table(user: User, member: MemberRef, assessment: str) -> list[list[Cell]]:
    """Head and rows of the table of a result, for people of the member. Raises Http404."""
    page = result_page(user, member, assessment)
    kinds = ((_("Whole"), (page.overall,)), (_("Dimension"), page.dimensions), (_("Area"), page.areas))
    return [_head(), *(_line(page, kind, row) for kind, rows in kinds for row in rows)]


def _head() -> list[Cell]:
    return [
        _("Part"), _("Code"), _("Name"), _("Evidenced"), _("Evidenced level"), _("Claimed"), _("Claimed level"),
        _("Level before"), _("Level with every target reached"), _("Lowest while answers are missing"),
        _("Highest while answers are missing"), _("Answered"), _("Not known"), _("Not answered"), _("Applies"),
        _("With evidence"), _("Provisional"), _("Label"),
    ]  # fmt: skip


def _line(page: ResultPage, kind: str, row: PartRow) -> list[Cell]:
    return [
        kind, row.code, row.name, _number(row.score), row.now, _number(row.claimed_score), row.claimed, row.prev,
        row.goal, _number(row.low), _number(row.high), row.answered, row.unknown, row.unanswered, row.applicable,
        row.with_evidence, _("yes") if row.provisional else _("no"), page.tlp,
    ]  # fmt: skip


def _number(shown: str) -> Cell:
    """A figure with just the digits that the page shows; None where there is none."""
    return Decimal(shown) if shown else None
