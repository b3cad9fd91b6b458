"""Each answer of a workbook against its base and what stands now: taken in, for a decision, out of date, nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.assessments.choices import COMMENT_LIMIT, Fate
from apps.assessments.selectors.workbook import (
    NOTHING,
    Content,
    Facts,
    content_of,
    draft_content,
    mark_of,
)
from apps.assessments.services.answers import AnswerInput, check_answer
from apps.assessments.services.workbook.decoding import answer_in, base_answer, tidied
from apps.assessments.services.workbook.lines import (
    AnswerStep,
    CommentStep,
    Line,
    Side,
    answer_line,
    answer_side,
)
from apps.assessments.services.workbook.merging import merge
from apps.assessments.services.workbook.reading import Paper, Row
from apps.core.errors import Refused


@dataclass(frozen=True, slots=True)
class _Read:
    """One answer as the workbook has it."""

    row: Row
    code: str
    version: int
    base: Content
    mine: Content


def weigh_answers(paper: Paper, facts: Facts) -> Iterator[Line | AnswerStep]:
    """One line or step for each row of the answers, in their order."""
    read: dict[str, _Read] = {}
    lines: list[Line | str] = []
    for row in paper.answers:
        found = _read(row, paper, facts, read)
        lines.append(found if isinstance(found, Line) else found.code)
        if isinstance(found, _Read):
            read[found.code] = found
    base = {code: one.base for code, one in read.items()}
    mine = {code: one.mine for code, one in read.items()}
    theirs = {code: tidied(content_of(facts.questions[code][1].response)) for code in read}
    merged = merge(base, mine, theirs)
    for line in lines:
        if isinstance(line, Line):
            yield line
        elif line in merged.mine or line in merged.clashes:
            yield _changed(read[line], facts, stale_reason(paper, facts), clash=line in merged.clashes)
        else:
            said = (
                _("A colleague changed it since; your workbook has nothing new.")
                if line in merged.theirs
                else ""
            )
            said = _("It is on the site already.") if line in merged.both else said
            yield answer_line(facts, line, read[line].row, Fate.UNCHANGED, said)


def weigh_comments(paper: Paper, facts: Facts) -> Iterator[Line | CommentStep]:
    """One line or step for each comment. Comments add to each other, so there is nothing to merge."""
    stale = stale_reason(paper, facts)
    for row in paper.answers:
        code, text = row.text("code"), row.text("comment")
        if not text or code not in facts.questions:
            continue
        line = answer_line(facts, code, row, Fate.CLEAN, _("A comment for colleagues."), field="comment")
        line = replace(line, mine=Side(_("Your workbook"), "", text))
        key = mark_of(facts.assessment.public_id, paper.head.get("base"), code, "comment", text)
        if key in facts.done:
            yield line.turned(Fate.UNCHANGED, _("It is on the site already."))
        elif stale:
            yield line.turned(Fate.STALE, stale)
        elif len(text) > COMMENT_LIMIT:
            yield line.turned(
                Fate.INVALID, _("Write at most %(limit)s characters.") % {"limit": COMMENT_LIMIT}
            )
        else:
            yield CommentStep(line, text, key)


def stale_reason(paper: Paper, facts: Facts) -> str:
    """Why nothing of the workbook can be taken in any more; empty when it can."""
    row = facts.assessment
    if row.is_closed:
        return _("%(title)s was submitted. Nobody can change its answers now.") % {"title": row.title}
    if paper.head.get("framework_hash") != row.version_of.document_hash:
        return _("The questions have changed since this workbook was taken. Download a new one.")
    return ""


def _read(row: Row, paper: Paper, facts: Facts, before: dict[str, _Read]) -> _Read | Line:
    code = row.text("code")
    if code not in facts.questions:
        if not row.text("answer") and not row.text("why"):
            return answer_line(facts, code, row, Fate.UNCHANGED)
        said = _("The assessment does not ask “%(code)s” now.") % {"code": code[:40]}
        return answer_line(facts, code, row, Fate.STALE, said)
    if code in before:
        return answer_line(facts, code, row, Fate.INVALID, _("This question is in the workbook twice."))
    try:
        version, base = base_answer(row, facts, code)
        return _Read(row, code, version, tidied(base), tidied(answer_in(row, paper)))
    except Refused as fault:
        return answer_line(facts, code, row, Fate.INVALID, fault.message, field=fault.field)


def _changed(one: _Read, facts: Facts, stale: str, *, clash: bool) -> Line | AnswerStep:
    """An answer that the workbook changed."""
    _area, question = facts.questions[one.code]
    mine = answer_side(facts, one.code, one.mine, _("Your workbook"))
    line = replace(answer_line(facts, one.code, one.row, Fate.CLEAN), mine=mine)
    if question.response:
        stored = content_of(question.response)
        line = replace(line, theirs=answer_side(facts, one.code, stored, str(question.response.answered_by)))
    key = mark_of(facts.assessment.public_id, one.code, one.version, one.mine)
    known = _known(one, facts, key, clash=clash)
    if known:
        return line.turned(Fate.UNCHANGED, known)
    if stale:
        return line.turned(Fate.STALE, stale)
    fault = _refused(one, facts)
    if fault:
        where = one.row.where(fault.field or "answer")
        return replace(line.turned(Fate.INVALID, fault.message), where=where)
    current = question.response.version if question.response else 0
    if clash:
        line = line.turned(
            Fate.CONFLICT, _("Somebody saved another answer since. You decide which one counts.")
        )
    return AnswerStep(line, AnswerInput(*one.mine), one.version, current, key)


def _known(one: _Read, facts: Facts, key: str, *, clash: bool) -> str:
    """Why a change is nothing new, though the answer that stands is another one; empty when it is."""
    draft = facts.drafts.get(one.code)
    if draft and tidied(draft_content(draft)) == one.mine:
        if draft.for_review:
            return _("It waits for the reviewer to decide.")
        if clash or key in facts.done:
            return _("It is kept as your draft and waits for your decision.")
    later = (content for version, content in facts.past.get(one.code, {}).items() if version > one.version)
    if one.mine in map(tidied, later):
        return _("It was taken in before and has been changed since.")
    return _("You decided about it before.") if key in facts.done else ""


def _refused(one: _Read, facts: Facts) -> Refused | None:
    """Why a changed answer cannot be taken in."""
    area, _question = facts.questions[one.code]
    if one.mine == NOTHING:
        return Refused(
            _("An answer cannot be taken back. Choose another, or say that you do not know yet."),
            field="answer",
        )
    if area.code not in facts.areas:
        return Refused(
            _(
                "%(area)s is given to a colleague. Only they or the lead may bring answers to it in a workbook."
            )
            % {"area": facts.book.areas[area.code].name},
            field="code",
        )
    draft = facts.drafts.get(one.code)
    if draft and tidied(draft_content(draft)) != one.mine:
        return Refused(
            _("You have another draft of this answer on the site. Save or replace that one first."),
            field="answer",
        )
    try:
        check_answer(facts.place(one.code), AnswerInput(*one.mine))
    except Refused as fault:
        return fault
    return None
