"""What an agreement says: its terms at first, the document that is signed, its words for a reader, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.accounts.models import User
from apps.core.seals import content_hash
from apps.members.choices import Tlp
from apps.mentoring.choices import Mode, Pays, WhoPays
from apps.mentoring.models import Agreement, Engagement, Goal

KIND, FORMAT = "belay-agreement", 1
MOST_MILESTONES, MOST_REVIEWS = 8, 4
Terms = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One point of the agreement: what it is about, and what was agreed, a line a text."""

    key: str
    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Points that belong together."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A point that differs from the version before."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def first_terms(engagement: Engagement, member_lead: User | None, mentor_lead: User | None) -> Terms:
    """The terms that the draft starts with, filled from the request, the offer and the accepted proposal."""
    starts, ends = engagement.starts_on, engagement.ends_on
    middle = starts + (ends - starts) / 2
    offer, need = engagement.proposal.offer, engagement.proposal.need
    return {
        "member_lead": _person(member_lead),
        "mentor_lead": _person(mentor_lead),
        "purpose": engagement.purpose.strip() or _("Move up in %(area)s.") % {"area": engagement.area_name},
        "results": [_result(goal) for goal in engagement.goals.all()],
        "starts_on": starts.isoformat(),
        "ends_on": ends.isoformat(),
        "sessions": engagement.planned_sessions,
        "hours_per_month": offer.hours_per_month,
        "mode": need.mode if need.mode != Mode.EITHER else offer.mode,
        "milestones": [
            {"key": "m1", "title": _("The work is planned"), "due_on": _within(starts + timedelta(days=21), ends)},
            {"key": "m2", "title": _("Half of the expected results are shown"), "due_on": middle.isoformat()},
            {"key": "m3", "title": _("All expected results are shown"), "due_on": ends.isoformat()},
        ],
        "reviews": [middle.isoformat(), ends.isoformat()],
        **_first_words(ends),
        # A partner that pays bears its own costs, and promised no more.
        "who_pays": WhoPays.OWN.value if offer.pays == Pays.MENTOR else offer.pays,
    }  # fmt: skip


def _first_words(ends: date) -> Terms:
    """What is the same in every first draft, until its sides write better."""
    return {
        "roles_member": _("Does the work, gives staff time between sessions, decides."),
        "roles_mentor": _("Advises, brings examples, reads what is shared, decides nothing for the member."),
        "cost_note": "",
        "tlp": Tlp.AMBER_STRICT.value,
        "confidentiality": _(
            "What is said and shared stays between the two sides, also after the end, unless its owner agrees."
        ),
        "access_evidence": False,
        "access_until": ends.isoformat(),
        "conflict": _("Neither side knows of any. Whoever learns of one tells the other at once."),
        "suspension": _("Either side may pause the work, with a word why and until when."),
        "exit": _("Either side may end the work at any time. No blame follows from it."),
        "rematch": _("The member may ask the programme office for another mentor."),
    }


def _within(day: date, ends: date) -> str:
    return min(day, ends).isoformat()


def _person(user: User | None) -> dict[str, str]:
    return {"id": user.public_id, "name": user.get_full_name()} if user else {"id": "", "name": ""}


def _result(goal: Goal) -> dict[str, Any]:
    return {
        "indicator": goal.indicator,
        "name": goal.indicator_name,
        "from": goal.from_level,
        "to": goal.to_level,
        "shown_by": "",
    }


def document_of(agreement: Agreement) -> dict[str, Any]:
    """What is signed, as plain JSON data. The engagement comes with its members, programme and baseline."""
    if agreement.document is not None:
        return dict(agreement.document)
    row = agreement.engagement
    result = row.baseline
    return {
        "kind": KIND,
        "format": FORMAT,
        "id": agreement.public_id,
        "number": agreement.number,
        "issuer": settings.SITE_URL,
        "engagement": row.public_id,
        "parties": {
            "member": {"id": row.member.public_id, "name": row.member.name},
            "mentor": {"id": row.mentor.public_id, "name": row.mentor.name},
            "programme": {"id": row.programme.public_id, "name": row.programme.name},
        },
        "areas": [{"code": row.area, "name": row.area_name}],
        "baseline": {
            "assessment": result.assessment.public_id,
            "title": result.assessment.title,
            "result": result.public_id,
            "on": result.computed_at.date().isoformat(),
            "hash": content_hash(result.statement) if result.statement else result.input_hash,
        },
        "terms": agreement.terms,
    }


def parts_of(document: Mapping[str, Any]) -> tuple[Part, ...]:
    """The document for a reader, in the order of the paper."""
    terms: Terms = document["terms"]
    return (
        Part(_("The parties"), tuple(_parties(document, terms))),
        Part(_("What the work is for"), tuple(_subject(document, terms))),
        Part(_("Time"), tuple(_time(terms))),
        Part(_("Who does what, and who pays"), tuple(_roles(terms))),
        Part(_("What is shared, and what stays between the two"), tuple(_trust(document, terms))),
        Part(_("If it does not work out"), tuple(_ending(terms))),
    )


def _line(key: str, label: str, *texts: str) -> Line:
    return Line(key, label, tuple(t for t in texts if t) or ("–",))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text)) if text else ""


def _parties(document: Mapping[str, Any], terms: Terms) -> Iterator[Line]:
    parties = document["parties"]
    yield _line("member", _("Member"), parties["member"]["name"])
    yield _line("member_lead", _("Led for the member by"), terms["member_lead"]["name"])
    yield _line("mentor", _("Mentor partner"), parties["mentor"]["name"])
    yield _line("mentor_lead", _("Led for the mentor partner by"), terms["mentor_lead"]["name"])
    yield _line("programme", _("Programme"), parties["programme"]["name"])


def _subject(document: Mapping[str, Any], terms: Terms) -> Iterator[Line]:
    yield _line("purpose", _("Purpose"), terms["purpose"])
    yield _line("areas", _("Areas"), *(f"{a['code']} {a['name']}" for a in document["areas"]))
    base = document["baseline"]
    measured = _("%(title)s, %(day)s") % {"title": base["title"], "day": _day(base["on"])}
    yield _line("baseline", _("Baseline"), measured, _("SHA-256: %(hash)s") % {"hash": base["hash"]})
    yield _line("results", _("Expected results"), *map(_result_text, terms["results"]))


def _result_text(row: Mapping[str, Any]) -> str:
    values = {"code": row["indicator"], "name": row["name"], "old": row["from"], "new": row["to"]}
    text = _("%(code)s %(name)s: from level %(old)s to level %(new)s") % values
    return (
        _("%(result)s. Shown by: %(words)s") % {"result": text, "words": row["shown_by"]}
        if row["shown_by"]
        else text
    )


def _time(terms: Terms) -> Iterator[Line]:
    yield _line("starts_on", _("Start"), _day(terms["starts_on"]))
    yield _line("ends_on", _("End"), _day(terms["ends_on"]))
    milestones = sorted(terms["milestones"], key=lambda m: (m["due_on"], m["key"]))
    yield _line(
        "milestones", _("Milestones"),
        *(_("%(day)s: %(title)s") % {"day": _day(m["due_on"]), "title": m["title"]} for m in milestones),
    )  # fmt: skip
    yield _line("reviews", _("Review points"), *map(_day, terms["reviews"]))
    sessions = ngettext("%(n)d session", "%(n)d sessions", terms["sessions"]) % {"n": terms["sessions"]}
    hours = terms["hours_per_month"]
    commitment = ngettext("%(n)d hour a month from each side", "%(n)d hours a month from each side", hours)
    yield _line("commitment", _("Time commitment"), sessions, commitment % {"n": hours}, _mode(terms["mode"]))


def _mode(value: str) -> str:
    return str(Mode(value).label) if value in Mode.values else value


def _roles(terms: Terms) -> Iterator[Line]:
    yield _line("roles_member", _("Role of the member"), terms["roles_member"])
    yield _line("roles_mentor", _("Role of the mentor partner"), terms["roles_mentor"])
    yield _line("who_pays", _("Costs"), str(WhoPays(terms["who_pays"]).label), terms["cost_note"])


def _trust(document: Mapping[str, Any], terms: Terms) -> Iterator[Line]:
    yield _line("tlp", _("Label unless another is named"), terms["tlp"])
    yield _line("confidentiality", _("Confidentiality"), terms["confidentiality"])
    values = {"areas": ", ".join(a["name"] for a in document["areas"]), "day": _day(terms["access_until"])}
    evidence = terms["access_evidence"]
    yield _line(
        "access", _("What the mentor partner may read"),
        (_("The newest result in %(areas)s with its evidence, from both signatures until %(day)s.") if evidence
         else _("The newest result in %(areas)s without evidence, from both signatures until %(day)s.")) % values,
        _("It ends earlier when the work ends or the member withdraws it."),
    )  # fmt: skip
    yield _line("conflict", _("Conflict of interest"), terms["conflict"])


def _ending(terms: Terms) -> Iterator[Line]:
    yield _line("suspension", pgettext("agreement", "Pause"), terms["suspension"])
    yield _line("exit", _("Exit"), terms["exit"])
    yield _line("rematch", _("Another mentor"), terms["rematch"])


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two documents, point by point, in the order of the paper."""
    old = {line.key: line.texts for part in parts_of(before) for line in part.lines}
    new = [line for part in parts_of(after) for line in part.lines]
    return tuple(Change(n.label, old.get(n.key, ()), n.texts) for n in new if old.get(n.key, ()) != n.texts)
