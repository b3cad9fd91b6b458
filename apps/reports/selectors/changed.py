"""What changed since in pictures of nations, plans and matching rounds. A constant number of queries for many reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from apps.assessments.models import Result
from apps.core.models import AuditEntry
from apps.insights.models import NationalPicture
from apps.mentoring.models import Action, ActionChange, MatchingRound, Proposal
from apps.reports.models import Report
from apps.reports.selectors.national import shown_by
from apps.reports.selectors.sheets import EVERYBODY

GREW = ("plan.grew", "plan.extended")
DECIDED = ("proposal.decided", "proposal.undone")


def newer_editions(reports: Sequence[Report]) -> set[int]:
    """Those of the national reports (primary keys) whose nation has a newer edition of its picture."""
    if not reports:
        return set()
    rows = NationalPicture.objects.filter(nation__in={r.member_id for r in reports}).order_by()
    newest = dict(rows.values_list("nation_id").annotate(newest=Max("number")))
    return {r.pk for r in reports if newest.get(r.member_id, 0) > r.about["edition"]}


def void_in_editions(reports: Sequence[Report]) -> set[int]:
    """Those of the national reports (primary keys) that tell a result of the nation that was reopened since."""
    nations = {r.member_id for r in reports if r.member_id}
    void = Result.objects.filter(member__in=nations, voided_at__isnull=False)
    if not nations or not void.exists():
        return set()
    pictures = NationalPicture.objects.filter(nation__in=nations).defer("document", "rests_on")
    editions = {(row.nation_id, row.number): row for row in pictures}
    told = {}
    rows = Result.objects.filter(member__in=nations).latest_first().select_related("assessment")
    light = list(rows.defer("document", "inputs"))
    for report in reports:
        edition = editions.get((report.member_id or 0, report.about["edition"]))
        found = edition and _told(report, edition, light)
        if edition and found and found.voided_at:
            told[report.pk] = (found.pk, edition.pk)
    results = Result.objects.only("document").in_bulk({one for one, _edition in told.values()})
    shown = NationalPicture.objects.only("document").in_bulk({edition for _one, edition in told.values()})
    return {pk for pk, (one, edition) in told.items() if shown_by(results[one], shown[edition])}


def _told(report: Report, edition: NationalPicture, results: Sequence[Result]) -> Result | None:
    """The newest result under an edition that stood when the report was made, of `results`, the newest first."""
    assert report.ready_at is not None
    for row in results:
        under = row.member_id == edition.nation_id and row.assessment.version_of_id == edition.version_of_id
        stood = row.voided_at is None or row.voided_at > report.ready_at
        if under and stood and row.computed_at <= edition.made_at:
            return row
    return None


def actions_since(reports: Sequence[Report]) -> dict[int, int]:
    """Primary key → how many actions on these sheets changed, came or went since; notes alone change no sheet."""
    if not reports:
        return {}
    plans = {str(r.about["plan"]) for r in reports}
    since = min(r.ready_at for r in reports if r.ready_at)
    owners, changed, grown = _owners(plans), _changed(plans, since), _grown(plans, since)
    found = {}
    for report in reports:
        plan = str(report.about["plan"])
        found[report.pk] = _touched(report, owners[plan], changed[plan], grown[plan])
    return found


Changes = list[tuple[datetime, int, set[str]]]


def _owners(plans: Collection[str]) -> Mapping[str, dict[int, str]]:
    """Plan → its actions in their order → the owner; no owner is ""."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    rows = Action.objects.filter(plan__public_id__in=plans).order_by("place")
    for plan, pk, owner in rows.values_list("plan__public_id", "pk", "owner__public_id"):
        found[plan][pk] = owner or ""
    return found


def _changed(plans: Collection[str], since: datetime) -> Mapping[str, Changes]:
    """Plan → (when, action, its owners before and after where they changed)."""
    found: dict[str, Changes] = defaultdict(list)
    rows = ActionChange.objects.filter(action__plan__public_id__in=plans, at__gt=since).order_by()
    for plan, pk, what, at in rows.values_list("action__plan__public_id", "action", "changes", "at"):
        if what:
            found[plan].append((at, pk, set(what.get("owner", ()))))
    return found


def _grown(plans: Collection[str], since: datetime) -> Mapping[str, list[tuple[datetime, int]]]:
    """Plan → (when, how many actions came); they came last in its order."""
    found: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    acts = AuditEntry.objects.filter(object_type="ActionPlan", object_id__in=plans, action__in=GREW)
    for plan, detail, at in acts.filter(at__gt=since).values_list("object_id", "detail", "at"):
        found[plan].append((at, int(detail["actions"])))
    return found


def _touched(
    report: Report, owners: Mapping[int, str], changed: Changes, grown: Sequence[tuple[datetime, int]]
) -> int:
    """How many actions that are or were on a report's sheets changed or came since it was made."""
    made, person = report.ready_at, str(report.about["person"] or EVERYBODY)
    assert made is not None
    new = sum(number for at, number in grown if at > made)
    people = {pk: {owners[pk]} for pk in list(owners)[max(0, len(owners) - new) :]}
    for at, pk, whose in changed:
        if at > made:
            people.setdefault(pk, {owners[pk]}).update(whose)
    return sum(person == EVERYBODY or person in whose for whose in people.values())


def pairs_since(reports: Sequence[Report]) -> set[int]:
    """Those of the reports of rounds (primary keys) whose pairs were decided on or worked out again since."""
    if not reports:
        return set()
    rounds = {str(r.about["round"]) for r in reports}
    worked = MatchingRound.objects.filter(public_id__in=rounds, solved_at__isnull=False)
    newest = dict(worked.values_list("public_id", "solved_at"))
    proposals = Proposal.objects.filter(round__public_id__in=rounds)
    pairs = dict(proposals.values_list("public_id", "round__public_id"))
    acts = AuditEntry.objects.filter(object_type="Proposal", object_id__in=list(pairs), action__in=DECIDED)
    for pair, at in acts.order_by().values_list("object_id").annotate(newest=Max("at")):
        newest[pairs[pair]] = max(at, newest.get(pairs[pair], at))
    return {r.pk for r in reports if r.ready_at and (at := newest.get(r.about["round"])) and at > r.ready_at}
