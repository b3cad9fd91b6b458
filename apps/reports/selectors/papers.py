"""Kinds of report beside that of a result: what each says, whether it can be asked for, and what it can be about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.members.choices import MemberKind
from apps.members.models import Member
from apps.members.policies import may_lead
from apps.reports.choices import ReportKind
from apps.reports.selectors.national import editions_of
from apps.reports.selectors.pages import Choice, member_for_reports, results_for_reports
from apps.reports.selectors.sheets import EVERYBODY, owners_of, plans_of

# kind → what it says, and why it cannot be asked for yet
TEXTS: dict[str, tuple[str | Promise, str | Promise]] = {
    ReportKind.BRIEF: (
        gettext_lazy("One result on one page, for those who decide: the finding, how far to trust it, what to do first."),
        gettext_lazy("There is no result yet."),
    ),
    ReportKind.COMPARISON: (
        gettext_lazy("Two results side by side: what rose, what fell, why, and how much of them can be compared."),
        gettext_lazy("It takes two results."),
    ),
    ReportKind.ACTIONS: (
        gettext_lazy("A sheet for each person in an action plan: what to do, until when, what done looks like, whom to ask."),
        gettext_lazy("There is no action plan with actions that you can have sheets of."),
    ),
    ReportKind.NATIONAL: (
        gettext_lazy("An edition of the national picture: the nation’s own answers beside its organisations’ figures."),
        gettext_lazy("There is no edition of the national picture yet."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One kind of report, and what it can be about. `why_not` is empty where it can be asked for."""

    public_id: str
    name: str
    kind: str
    title: str
    text: str
    why_not: str
    results: tuple[Choice, ...] = ()
    editions: tuple[Choice, ...] = ()
    plans: tuple[Choice, ...] = ()
    people: tuple[Choice, ...] = ()


def papers_page(user: User, member: str) -> tuple[PaperPage, ...]:
    """The kinds that concern a member. Raises Http404 outside it. A constant number of queries."""
    row = member_for_reports(user, member)
    kinds = [kind for kind in TEXTS if kind != ReportKind.NATIONAL or row.kind == MemberKind.NATION]
    return tuple(_page(user, row, kind) for kind in kinds)


def paper_page(user: User, member: str, kind: str) -> PaperPage:
    """One kind. Raises Http404 outside the member, and for a kind that does not concern it."""
    row = member_for_reports(user, member)
    if kind not in TEXTS or (kind == ReportKind.NATIONAL and row.kind != MemberKind.NATION):
        raise Http404("No such kind of report.")
    return _page(user, row, kind)


def _page(user: User, member: Member, kind: str) -> PaperPage:
    text, why_not = TEXTS[kind]
    found, enough = ABOUT[kind](user, member)
    return PaperPage(
        public_id=member.public_id,
        name=member.name,
        kind=kind,
        title=str(ReportKind(kind).label),
        text=str(text),
        why_not="" if enough else str(why_not),
        **found,
    )


About = tuple[dict[str, tuple[Choice, ...]], bool]


def _results(user: User, member: Member) -> About:
    rows = results_for_reports(user, member)
    return {"results": rows}, bool(rows)


def _two_results(user: User, member: Member) -> About:
    rows = results_for_reports(user, member)
    return {"results": rows}, len(rows) > 1


def _editions(user: User, member: Member) -> About:
    rows = tuple(
        Choice(str(number), _("Edition %(number)s (%(day)s)") % {"number": number, "day": day})
        for number, day in editions_of(user, member)
    )
    return {"editions": rows}, bool(rows)


def _plans(user: User, member: Member) -> About:
    """A lead chooses among everybody; others have their own sheet."""
    plans = tuple(Choice(*pair) for pair in plans_of(user, member))
    owners = owners_of(user, member)
    if may_lead(user, member):
        people = (Choice(EVERYBODY, _("Everybody")), *(Choice(*pair) for pair in owners))
    else:
        people = tuple(Choice(*pair) for pair in owners if pair[0] == user.public_id)
    return {"plans": plans, "people": people}, bool(plans and people)


ABOUT: dict[str, Callable[[User, Member], About]] = {
    ReportKind.BRIEF: _results,
    ReportKind.COMPARISON: _two_results,
    ReportKind.ACTIONS: _plans,
    ReportKind.NATIONAL: _editions,
}
