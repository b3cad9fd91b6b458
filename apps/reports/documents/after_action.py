"""What an after-action report says: what was played, what was decided, what observers saw, what changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.exercises.selectors.report import AfterAction
from apps.reports.documents.parts import DAY, Cover, Entry, Fact, Request, direction, handling, recipient


@dataclass(frozen=True, slots=True)
class AfterActionDocument:
    """One member's side of an exercise; `finding` is its heading in one sentence."""

    request: Request
    subject: str
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    facts: tuple[Fact, ...]
    run: AfterAction

    @property
    def language_dir(self) -> str:
        """The direction of the kit's language: "ltr" or "rtl"."""
        return direction(self.run.language)


def after_action_document(run: AfterAction, *, reader: str, made_on: date, head: str) -> AfterActionDocument:
    """Put a closed exercise in words, in the active language."""
    title = _("After-action report: %(title)s") % {"title": run.title}
    request = Request(run.public_id[:11], title, run.tlp, "a4", reader, made_on, head)
    facts = _facts(run)
    cover = Cover(
        title=title, subject=run.member, facts=facts, handling=handling(run.tlp, run.member),
        recipient=recipient(request), seed=run.public_id, route="",
    )  # fmt: skip
    return AfterActionDocument(request, run.member, cover, _contents(), _finding(run), facts, run)


def _finding(run: AfterAction) -> str:
    if not run.findings:
        return _("Played, and no change was written down")
    text = ngettext(
        "%(number)d change came out of it", "%(number)d changes came out of it", len(run.findings)
    )
    return text % {"number": len(run.findings)}


def _facts(run: AfterAction) -> tuple[Fact, ...]:
    owned = sum(bool(row.owner) for row in run.findings)
    minutes = _("%(played)d of %(planned)d minutes") % {"played": run.played, "planned": run.planned}
    found = [
        Fact(_("Played on"), date_format(run.held_on, DAY)),
        Fact(_("Time"), minutes),
        Fact(_("Decisions"), str(run.decisions)),
        Fact(_("Findings with an owner"), _("%(n)s of %(all)s") % {"n": owned, "all": len(run.findings)}),
    ]
    if run.partner:
        found.insert(1, Fact(_("Together with"), run.partner))
    return tuple(found)


def _contents() -> tuple[Entry, ...]:
    found = [
        Entry("summary", _("On one page")),
        Entry("exercised", _("What was exercised")),
        Entry("happened", _("What happened")),
        Entry("seen", _("What observers saw")),
        Entry("changes", _("Changes")),
        Entry("verify", _("How to verify this report")),
    ]
    return tuple(found)


def after_action_html(document: AfterActionDocument) -> str:
    """The page for the PDF engine."""
    return render_to_string("reports/print/after_action.html", {"doc": document})
