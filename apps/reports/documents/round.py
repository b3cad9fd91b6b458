"""What the report of a matching round says: pairs with their reasons, who is left over, and how to check the answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.mentoring.selectors.board_parts import Recruit
from apps.mentoring.selectors.board_rows import ProposalRow
from apps.mentoring.selectors.certificate import Certificate
from apps.reports.documents.parts import DAY, Cover, Entry, Fact, Request, Word, handling, recipient
from apps.reports.selectors.matching import LeftOver, MatchingSource


@dataclass(frozen=True, slots=True)
class RoundDocument:
    """A whole report of a round."""

    request: Request
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    lead: str
    facts: tuple[Fact, ...]
    method: tuple[str, ...]
    certificate: Certificate
    proof: str
    rows: tuple[ProposalRow, ...]
    left_over: tuple[LeftOver, ...]
    recruits: tuple[Recruit, ...]
    words: tuple[Word, ...]


def round_document(source: MatchingSource, request: Request) -> RoundDocument:
    """Put a round in words, in the active language."""
    facts = _facts(source)
    return RoundDocument(
        request=request,
        cover=_cover(source, request, facts),
        contents=_contents(),
        finding=_finding(source),
        lead=source.certificate.fairness,
        facts=facts,
        method=_method(),
        certificate=source.certificate,
        proof=_proof(source.certificate),
        rows=source.rows,
        left_over=source.left_over,
        recruits=source.recruits,
        words=_words(),
    )


def _finding(source: MatchingSource) -> str:
    text = ngettext(
        "%(matched)s of %(total)s request has a mentor in sight",
        "%(matched)s of %(total)s requests have a mentor in sight",
        source.requests,
    )
    return text % {"matched": source.requests - len(source.left_over), "total": source.requests}


def _facts(source: MatchingSource) -> tuple[Fact, ...]:
    found = source.certificate
    return (
        Fact(_("Pairs"), str(len(source.rows)), _("of %(n)s requests") % {"n": source.requests}, "a"),
        Fact(_("Fit of the worst off"), found.worst_off, _("a request left out counts 0"), "key"),
        Fact(_("Total fit"), found.value, _("at most %(n)s without the guarantee") % {"n": found.best_total}),
        Fact(_("Places"), str(source.places), _("offers: %(n)s") % {"n": source.mentors}),
    )


def _cover(source: MatchingSource, request: Request, facts: tuple[Fact, ...]) -> Cover:
    return Cover(
        title=request.title,
        subject=source.programme,
        facts=(
            Fact(_("Made on"), date_format(request.made_on, DAY)),
            Fact(_("Round opened on"), date_format(localdate(source.opened_at), DAY)),
            Fact(_("State"), source.state),
            Fact(_("Reference"), request.reference),
        ),
        handling=handling(request.tlp, source.programme),
        recipient=recipient(request),
        seed=source.public_id,
        route="",
    )


def _method() -> tuple[str, ...]:
    return (
        _(
            "A request can go to a mentor who offers its area, stands at least two levels above, and shares a language and "
            "a way of working. Requests that are not ready are set apart and lower nobody else’s chances."
        ),
        _(
            "The fit of a pair is a number from 0 to 10. It is the sum of what the levels, the language, the time zone, "
            "the sector, the region, the legal tradition, the urgency, the hours and stated preferences add; what adds "
            "nothing is left out below."
        ),
        _(
            "The weakest come first: the lowest fit is made as high as it can be, then the next lowest, and so on; among "
            "the answers that do this, the one with the highest total is taken. No place is given twice."
        ),
        _(
            "Pairs that the programme office accepted or pinned were kept, pairs that it set aside were left out."
        ),
    )


def _proof(certificate: Certificate) -> str:
    if certificate.proved:
        return _("Proved: no other answer serves the weakest better, and none that does has a higher total.")
    return _("The best answer found; a better one is not ruled out. The gap says by how much.")


def _words() -> tuple[Word, ...]:
    return (
        Word(_("Bound"), _("The total that no answer with this guarantee can pass.")),
        Word(_("Fit"), _("How well a mentor fits a request, from 0 to 10.")),
        Word(_("Gap"), _("What lies between the answer and the bound; 0 means proved.")),
        Word(
            _("Input hash"),
            _("The SHA-256 of the problem that was solved. The same problem has the same hash."),
        ),
        Word(_("Price of the guarantee"), _("What the total loses because the weakest come first.")),
        Word(_("Proposal"), _("One suggested pair of a member and a mentor partner.")),
        Word(_("Request"), _("Help that a member asks for in an area.")),
    )


def _contents() -> tuple[Entry, ...]:
    return (
        Entry("summary", _("The round at a glance")),
        Entry("method", _("How the pairs were found")),
        Entry("proposals", _("The pairs and their reasons")),
        Entry("left", _("Requests without a mentor")),
        Entry("recruit", _("Whom to recruit next")),
        Entry("check", _("Words used, and how to check this report")),
    )
