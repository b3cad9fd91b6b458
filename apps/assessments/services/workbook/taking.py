"""A workbook that comes back, in two steps: look at what it would do, then do exactly that, once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import DRAFT_DAYS, WORKBOOK_HOURS, Fate
from apps.assessments.models import Assessment, Evidence, Workbook
from apps.assessments.selectors.workbook import Copy, Facts, facts_for
from apps.assessments.services.answers import keep_draft, save_answer
from apps.assessments.services.evidence import (
    add_evidence,
    attach_evidence,
    change_evidence,
    remove_evidence,
)
from apps.assessments.services.locks import Closed, lock_open
from apps.assessments.services.talk import Words, start_talk
from apps.assessments.services.workbook.decoding import belongs_here
from apps.assessments.services.workbook.lines import AnswerStep, CommentStep, Line, PieceStep
from apps.assessments.services.workbook.pieces import weigh_pieces
from apps.assessments.services.workbook.reading import read_paper
from apps.assessments.services.workbook.weighing import weigh_answers, weigh_comments
from apps.assessments.services.workbook.writing import as_json, as_workbook
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.workbooks import XLSX

Step = AnswerStep | CommentStep | PieceStep
_DECEIVING = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\\\]")


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workbook would do, or did: its lines, most urgent first within the order of the framework."""

    lines: tuple[Line, ...]
    steps: tuple[Step, ...] = ()

    def of(self, fate: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.fate == fate)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(line.fate for line in self.lines)
        return {fate.value: found[fate.value] for fate in Fate}

    @property
    def groups(self) -> tuple[tuple[Fate, tuple[Line, ...]], ...]:
        """The lines by what becomes of them; empty groups are left out."""
        return tuple((fate, self.of(fate)) for fate in Fate if self.of(fate))

    @property
    def does(self) -> int:
        """How many lines change something when it is confirmed."""
        return self.counts[Fate.CLEAN] + self.counts[Fate.CONFLICT]


@transaction.atomic
def export_workbook(*, actor: User, copy: Copy, kind: str = "xlsx") -> Download:
    """The copy as a file: "xlsx" in the language of the page, or "json". It is on record who took what.

    Raises `Closed` after submission, `Refused` for another kind.
    """
    require(policies.may_answer(actor, copy.assessment))
    if kind not in ("xlsx", "json"):
        raise Refused(_("Choose a workbook (XLSX) or JSON."))
    row = lock_open(copy.assessment)
    areas = [area.code for area in copy.areas]
    audit.record(
        actor=actor, action="workbook.taken", on=row, chain=copy.assessment.member.public_id,
        areas=areas, base=copy.base, kind=kind,
    )  # fmt: skip
    stem = "-".join(["answers", *(areas if len(areas) == 1 else []), copy.base[:8]])
    if kind == "json":
        return Download(f"{stem}.json", "application/json", as_json(copy))
    return Download(f"{stem}.xlsx", XLSX, as_workbook(copy))


@transaction.atomic
def keep_workbook(*, actor: User, assessment: Assessment, content: bytes, name: str) -> Workbook:
    """Read a workbook and keep it for a day, in the place of another of this person that was not confirmed.

    Nothing else is written. Raises `Refused` (`WorkbookFaults` with each cell) for what is not our workbook, `Closed`.
    """
    require(policies.may_answer(actor, assessment))
    lock_open(assessment)
    shown = _DECEIVING.sub("", name)[:100] or _("the file")
    belongs_here(read_paper(content, name=shown), assessment)
    forget_workbooks()
    Workbook.objects.filter(by=actor, assessment=assessment, taken_at__isnull=True).delete()
    return Workbook.objects.create(
        member=assessment.member, assessment=assessment, by=actor, name=shown, content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def forget_workbooks() -> int:
    """Forget workbooks that nobody confirmed within a day, and what confirmed ones said after thirty; return how many."""
    waiting = Workbook.objects.filter(taken_at__isnull=True, at__lt=now() - timedelta(hours=WORKBOOK_HOURS))
    Workbook.objects.filter(taken_at__lt=now() - timedelta(days=DRAFT_DAYS)).exclude(outcome=[]).update(
        outcome=[]
    )
    return waiting.delete()[0]


def look_at_workbook(*, actor: User, workbook: Workbook) -> Plan:
    """What a kept workbook would do now, or what a confirmed one did."""
    require(policies.may_answer(actor, workbook.assessment))
    if workbook.taken_at:
        return Plan(tuple(Line.of(line) for line in workbook.outcome))
    return _plan(workbook, facts_for(actor, workbook.assessment))


def _plan(workbook: Workbook, facts: Facts) -> Plan:
    paper = read_paper(bytes(workbook.content), name=workbook.name)
    belongs_here(paper, workbook.assessment)
    found = [*weigh_answers(paper, facts), *weigh_comments(paper, facts), *weigh_pieces(paper, facts)]
    steps = tuple(one for one in found if isinstance(one, AnswerStep | CommentStep | PieceStep))
    return Plan(tuple(one if isinstance(one, Line) else one.line for one in found), steps)


@transaction.atomic
def take_workbook(*, actor: User, workbook: Workbook, ticked: Collection[str] = ()) -> Plan:
    """Save what is clean, keep what two people changed for a decision, and return what was done; a second time, the same.

    `ticked` are the refs of fields of evidence where the workbook's text shall replace the stored one. Raises `Closed`.
    """
    require(policies.may_answer(actor, workbook.assessment))
    assessment = workbook.assessment
    row = Workbook.objects.select_for_update().get(pk=workbook.pk)
    if row.taken_at:
        return Plan(tuple(Line.of(line) for line in row.outcome))
    lock_open(assessment)
    row.assessment, row.member = assessment, assessment.member
    facts = facts_for(actor, assessment)
    plan = _plan(row, facts)
    done = _Done(plan.lines)
    for step in plan.steps:
        _do(actor, facts, step, ticked, done)
    taken = Plan(tuple(done.lines))
    row.taken_at, row.content = now(), b""
    row.outcome, row.done = [line.as_dict() for line in taken.lines], sorted(done.keys)
    row.save()
    audit.record(
        actor=actor, action="workbook.brought", on=assessment, chain=assessment.member.public_id,
        sha256=row.sha256, conflicts=sorted({line.code for line in taken.of(Fate.CONFLICT)}), **taken.counts,
    )  # fmt: skip
    return taken


class _Done:
    """The lines as they ended, and the keys of the changes that need not come again."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines)
        self.keys: set[str] = set()

    def ends(self, line: Line, fate: Fate, said: str) -> None:
        self.lines[self.lines.index(line)] = line.turned(fate, said)


def _do(actor: User, facts: Facts, step: Step, ticked: Collection[str], done: _Done) -> None:
    """One step in a transaction of its own: what one row may not do does not undo the others."""
    try:
        with transaction.atomic():
            if isinstance(step, AnswerStep):
                _answer(actor, facts, step)
                done.keys.add(step.key)
            elif isinstance(step, CommentStep):
                start_talk(actor=actor, place=facts.place(step.line.code), words=Words(step.text))
                done.keys.add(step.key)
            else:
                _piece(actor, facts, step, ticked)
                done.keys.update(step.keys)
    except Closed:
        raise
    except Refused as fault:
        done.ends(step.line, Fate.INVALID, fault.message)
    except Conflict as fault:
        done.ends(step.line, Fate.STALE, fault.message)
    else:
        if isinstance(step, PieceStep):
            _say_decisions(step, ticked, done)


def _answer(actor: User, facts: Facts, step: AnswerStep) -> None:
    place = facts.place(step.line.code)
    if step.line.fate == Fate.CONFLICT:
        keep_draft(actor=actor, place=place, answer=step.answer, base=step.base)
    else:
        save_answer(actor=actor, place=place, answer=step.answer, expected=step.expected)


def _piece(actor: User, facts: Facts, step: PieceStep, ticked: Collection[str]) -> None:
    evidence, attach = step.evidence, step.attach
    if evidence is None:
        assert step.item is not None
        first, *rest = step.attach
        made = add_evidence(actor=actor, place=facts.place(first), item=step.item)
        evidence, attach = Evidence.objects.get(public_id=made), tuple(rest)
    evidence.assessment, evidence.member = facts.assessment, facts.assessment.member
    changes = dict(step.changes) | dict(step.clashes[ref] for ref in step.clashes if ref in ticked)
    if changes:
        change_evidence(actor=actor, evidence=evidence, expected=evidence.version, changes=changes)
    for code in attach:
        attach_evidence(actor=actor, place=facts.place(code), evidence=evidence)
    for code in step.detach:
        remove_evidence(actor=actor, place=facts.place(code), evidence=evidence)


def _say_decisions(step: PieceStep, ticked: Collection[str], done: _Done) -> None:
    for line in [line for line in done.lines if line.ref and line.ref in step.clashes]:
        if line.ref in ticked:
            done.ends(line, Fate.CLEAN, _("Your text took the place of the other."))
        else:
            done.ends(line, Fate.CONFLICT, _("The text of the site stays; yours is written here."))
