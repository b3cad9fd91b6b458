"""Evidence of one assessment repeated in another of the same member: words at once, files sealed anew in the background."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.choices import CLOSED_STATES, EvidenceKind, EvidenceState
from apps.assessments.models import Assessment, Branch, CarriedAnswer, Evidence, EvidenceLink, Merge
from apps.assessments.selectors.evidence import files_of
from apps.assessments.services import store
from apps.assessments.services.destroying import discard_later
from apps.assessments.services.scanning import ask_scanner, state_on_arrival
from apps.core import audit
from apps.core.ids import new_public_id
from apps.core.jobs import enqueue
from apps.frameworks.models import Indicator
from apps.members.models import Member

WORDS = (
    "kind", "title", "shows", "owner", "place", "url", "dated", "expires_on", "content_type", "tlp", "added_by_id",
)  # fmt: skip

Wanted = tuple[EvidenceLink, Sequence[Indicator]]


def copy_pieces(
    *, actor: User, into: Assessment, links: Iterable[Wanted], accepted: frozenset[int] = frozenset()
) -> tuple[int, int]:
    """Repeat pieces in `into`, each for the questions named beside its link; must be called in a transaction.

    Returns (pieces copied now, files queued). A piece that `into` holds already is only attached. Who added and who
    attached it stays; acceptance only for the questions (ids) in `accepted`, whose answer is the same.
    """
    pieces: dict[int, list[tuple[EvidenceLink, Indicator]]] = {}
    for link, wanted in links:
        pieces.setdefault(link.evidence_id, []).extend((link, indicator) for indicator in wanted)
    held = _held(into)
    words = files = 0
    for found in pieces.values():
        piece = found[0][0].evidence
        copy = held.get(piece.pk) or held.get(piece.copied_from_id)
        if copy is None and piece.kind == EvidenceKind.FILE:
            files += _queue(actor, into, piece, found, accepted)
            continue
        if copy is None:
            copy, words = _copy(piece, into), words + 1
            copy.save()
        attach(copy, [(i, link.attached_by_id, _yes(link, i, accepted)) for link, i in found])
    return words, files


def _yes(link: EvidenceLink, indicator: Indicator, accepted: frozenset[int]) -> int | None:
    return link.accepted_by_id if indicator.pk in accepted else None


def remove_copies(*, actor: User, into: Assessment, sources: set[int], indicators: set[int]) -> int:
    """Take back pieces that were copied from `sources` for these questions alone and are as they came; return how many.

    Must be called in a transaction. What somebody changed, replaced or attached elsewhere since stays whole.
    """
    pieces = Evidence.objects.in_force().filter(
        assessment=into, copied_from__assessment__in=sources, version=1, revision=1
    )
    elsewhere = EvidenceLink.objects.filter(evidence__assessment=into).exclude(indicator__in=indicators)
    found = list(pieces.exclude(pk__in=elsewhere.values("evidence")))
    Evidence.objects.filter(pk__in=[piece.pk for piece in found]).update(removed_at=now())
    for piece in found:
        discard_later(actor=actor, name=str(piece.file.name or ""))
    return len(found)


def _held(into: Assessment) -> dict[int | None, Evidence]:
    """Pieces of `into` by the piece that they repeat, and by themselves for one that was copied from here."""
    rows = Evidence.objects.in_force().filter(assessment=into).select_related("member")
    found: dict[int | None, Evidence] = {row.copied_from_id: row for row in rows if row.copied_from_id}
    return found | {row.pk: row for row in rows}


def _copy(piece: Evidence, into: Assessment) -> Evidence:
    words: dict[str, Any] = {name: getattr(piece, name) for name in WORDS}
    return Evidence(member=into.member, assessment=into, copied_from=piece, **words)


def attach(piece: Evidence, wanted: Iterable[tuple[Indicator, int, int | None]]) -> None:
    """Link a piece to questions: (indicator, who attached it, who accepted it); what is linked already stays as it is."""
    EvidenceLink.objects.bulk_create(
        [
            EvidenceLink(
                member=piece.member,
                evidence=piece,
                indicator=indicator,
                attached_by_id=by,
                accepted_by_id=yes,
            )
            for indicator, by, yes in {w[0].pk: w for w in wanted}.values()
        ],
        ignore_conflicts=True,
    )


def _queue(
    actor: User,
    into: Assessment,
    piece: Evidence,
    found: Sequence[tuple[EvidenceLink, Indicator]],
    accepted: frozenset[int],
) -> int:
    if piece.state == EvidenceState.INFECTED or not piece.file:
        return 0
    links = [
        [indicator.code, link.attached_by_id, _yes(link, indicator, accepted)] for link, indicator in found
    ]
    enqueue(
        "assessments.copy_evidence",
        key=f"copy:{piece.public_id}:{into.public_id}:{new_public_id()}",
        evidence=piece.public_id,
        into=into.public_id,
        links=links,
        actor=actor.pk,
    )
    return 1


def copy_file(*, evidence: str, into: str, links: Sequence[Sequence[Any]], actor: int) -> None:
    """Seal the file of a piece anew for another assessment, and link it; a second time changes nothing.

    What cannot be copied (closed meanwhile, removed, no room, unreadable) is written down and left where it is.
    """
    piece = Evidence.objects.in_force().select_related("member").filter(public_id=evidence).first()
    to = Assessment.objects.select_related("member").filter(public_id=into).first()
    user = User.objects.filter(pk=actor).first()
    if piece is None or to is None or to.state in CLOSED_STATES or _undone(piece, to):
        return
    copy = _copy(piece, to)
    copy.state = state_on_arrival(locked=piece.state == EvidenceState.LOCKED)
    copy.released_by_id = piece.released_by_id
    try:
        with tempfile.TemporaryFile() as content:
            for part in store.proven(piece):
                content.write(part)
            _store(user, copy, content, links)
    except store.Unreadable as fault:
        with transaction.atomic():
            _record(user, copy, piece, "evidence.not_copied", cause=fault.cause)


def _undone(piece: Evidence, to: Assessment) -> bool:
    """Whether the merge, or the carrying over, that asked for the copy was taken back meanwhile."""
    merges = Merge.objects.filter(source=piece.assessment_id, into=to)
    if merges.exists():
        return not merges.filter(undone_at__isnull=True).exists()
    if Branch.objects.filter(assessment=to, origin=piece.assessment_id).exists():
        return False
    return not CarriedAnswer.objects.filter(assessment=to, came_from=piece.assessment_id).exists()


@transaction.atomic
def _store(user: User | None, copy: Evidence, content: Any, links: Sequence[Sequence[Any]]) -> None:
    """Write the copy, under the lock that every change of answers takes."""
    to, piece = copy.assessment, copy.copied_from
    assert piece is not None
    row = Assessment.objects.select_for_update().get(pk=to.pk)
    there = (
        Evidence.objects.in_force().select_related("member").filter(assessment=to, copied_from=piece).first()
    )
    codes = {row.code: row for row in Indicator.objects.filter(version=to.version_of_id)}
    wanted = [(codes[code], by, yes) for code, by, yes in links if code in codes]
    if row.is_closed or there or _undone(piece, to):
        if there and not row.is_closed and not _undone(piece, to):
            attach(there, wanted)
        return
    Member.objects.select_for_update(no_key=True).get(pk=copy.member_id)
    files, used = files_of(copy.member)
    if used + piece.size > settings.EVIDENCE_QUOTA_BYTES or files >= settings.EVIDENCE_MOST_FILES:
        _record(user, copy, piece, "evidence.not_copied", cause="no room")
        return
    store.put(copy, content)
    try:
        copy.save()
        attach(copy, wanted)
        ask_scanner(actor=user, evidence=copy)
        _record(user, copy, piece, "evidence.copied", sha256=copy.sha256)
    except Exception:
        store.discard(str(copy.file.name))
        raise


def _record(user: User | None, copy: Evidence, piece: Evidence, action: str, **detail: Any) -> None:
    """On the piece that was to be copied: one that was not stored has nothing else to be found by."""
    audit.record(
        actor=user, action=action, on=piece, chain=copy.member.public_id,
        into=copy.assessment.public_id, **detail,
    )  # fmt: skip
