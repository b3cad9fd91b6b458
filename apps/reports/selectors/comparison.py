"""What a comparison is made from: two results of one member side by side, and why each indicator moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.parts import state_label
from apps.assessments.selectors.side_by_side import IndicatorPair, Pair, SideBySide, side_by_side
from apps.assessments.selectors.since import Since, between
from apps.reports.selectors.annex import annex_of


@dataclass(frozen=True, slots=True)
class Move:
    """One indicator that rose or fell. `reasons` are sentences from the two results, `why` what the answer says now."""

    pair: IndicatorPair
    reasons: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class AreaMoves:
    """One area then and now with what moved in it."""

    pair: Pair
    moves: tuple[Move, ...]

    @property
    def rose(self) -> int:
        return sum(move.pair.moved == "up" for move in self.moves)

    @property
    def fell(self) -> int:
        return sum(move.pair.moved == "down" for move in self.moves)


@dataclass(frozen=True, slots=True)
class ComparisonSource:
    """Two results of one member. `left_out` are indicators of the newer one that have nothing to be compared with.

    `compared` and `total` count indicators; `hashes` are the input hashes, the earlier first.
    """

    page: SideBySide
    language: str
    areas: tuple[AreaMoves, ...]
    left_out: tuple[tuple[str, str], ...]
    compared: int
    total: int
    percent: int | None
    hashes: tuple[str, str]


def comparison_source(user: User, before: str, result: str) -> ComparisonSource:
    """The rows behind the comparison of two results (public ids) of one member. Raises Http404."""
    rows = {row.public_id: row for row in _results(user, before, result)}
    if before not in rows or result not in rows or before == result:
        raise Http404("No such results.")
    first, second = sorted(rows.values(), key=lambda row: (row.computed_at, row.pk))
    if first.member_id != second.member_id or first.assessment_id == second.assessment_id:
        raise Http404("Not two results of one member.")
    ids = (first.assessment.public_id, second.assessment.public_id)
    page = side_by_side(user, first.member, one=ids[0], other=ids[1])
    since = between(first, second)
    return ComparisonSource(
        page=page,
        language=second.assessment.version_of.language,
        areas=_areas(user, page, since, second),
        left_out=_left_out(page, second),
        compared=len(page.indicators),
        total=len(second.document["indicators"]),
        percent=since.share.percent if since and since.share else None,
        hashes=(first.input_hash, second.input_hash),
    )


def _results(user: User, *ids: str) -> list[Result]:
    rows = Result.objects.visible_to(user).standing().filter(public_id__in=ids)
    return list(rows.select_related("member", "assessment__version_of__framework"))


def _areas(user: User, page: SideBySide, since: Since | None, newer: Result) -> tuple[AreaMoves, ...]:
    if since is None or since.then is None or not page.areas:
        return ()
    old = {row["code"]: row for row in since.then["indicators"]}
    new = {row["code"]: row for row in since.now["indicators"]}
    said = {line.code: line.why for area in annex_of(user, newer).areas for line in area.lines}
    moved = [
        Move(pair, reasons_of(old.get(pair.code), new[pair.code]), said.get(pair.code, ""))
        for pair in page.indicators
        if pair.moved
    ]
    return tuple(
        AreaMoves(area, tuple(move for move in moved if move.pair.area == area.code)) for area in page.areas
    )


def _left_out(page: SideBySide, newer: Result) -> tuple[tuple[str, str], ...]:
    compared = {pair.code for pair in page.indicators}
    names = dict(newer.assessment.version_of.indicators.values_list("code", "name"))
    codes = (row["code"] for row in newer.document["indicators"])
    return tuple((code, names.get(code, code)) for code in codes if code not in compared)


def reasons_of(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> tuple[str, ...]:
    """Why an evidenced level moved, from what the two results hold about the indicator."""
    if old is None or old["state"] != "rated" or new["state"] != "rated":
        was = state_label(old["state"]) if old and old["state"] != "rated" else ""
        return (_("It had no level before: %(state)s.") % {"state": was},) if was else ()
    found = []
    if new["claimed"] != old["claimed"]:
        levels = {"then": old["claimed"], "now": new["claimed"]}
        rose = new["claimed"] > old["claimed"]
        found.append(
            _("The answer rose from level %(then)s to %(now)s.") % levels
            if rose
            else _("The answer fell from level %(then)s to %(now)s.") % levels
        )
    then, now = _grade(old), _grade(new)
    if then != now:
        grades = {"then": then, "now": now}
        found.append(
            _("The evidence grew stronger: %(then)s, now %(now)s.") % grades
            if now > then
            else _("The evidence grew weaker: %(then)s, now %(now)s.") % grades
        )
    return tuple(found)


def _grade(row: Mapping[str, Any]) -> str:
    return str(row["evidence"]["effective_grade"]) if row["evidence"] else "E0"
