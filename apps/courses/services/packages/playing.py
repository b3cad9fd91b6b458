"""Play a package: begin a session, keep what it reports."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.errors import Conflict
from apps.courses.choices import PackageKind
from apps.courses.models import PackageAttempt, PackageVersion
from apps.courses.policies import may_learn
from apps.courses.selectors.packages import version_to_play
from apps.courses.services.packages import cmi as model


@dataclass(frozen=True, slots=True)
class Session:
    """What the player needs: the standard, what was kept, what the package may only read, and the number of the session."""

    attempt: str
    launch: int
    kind: str
    cmi: dict[str, str]
    fixed: dict[str, str]


@transaction.atomic
def begin_session(*, actor: User, package: str, part: int) -> Session:
    """Start a session of one part; saves of earlier sessions count no more. Raises Http404."""
    require(may_learn(actor))
    version = version_to_play(actor, package)
    line = _part(version, part)
    attempt, _new = PackageAttempt.objects.select_for_update().get_or_create(
        user=actor, version=version, part=part
    )
    entry = _entry(version.kind, attempt)
    attempt.seconds = min(
        model.MOST_SECONDS, attempt.seconds + model.session_seconds(version.kind, attempt.cmi)
    )
    attempt.cmi = model.between_sessions(version.kind, attempt.cmi)
    attempt.launch, attempt.seq, attempt.closed = attempt.launch + 1, 0, False
    attempt.save()
    fixed = _fixed(actor, version, attempt, line, entry)
    return Session(attempt.public_id, attempt.launch, version.kind, attempt.cmi, fixed)


def _part(version: PackageVersion, part: int) -> dict[str, Any]:
    if not 1 <= part <= len(version.parts) or not version.parts[part - 1]["file"]:
        raise Http404
    line: dict[str, Any] = version.parts[part - 1]
    return line


def _entry(kind: str, attempt: PackageAttempt) -> str:
    """A session that never said good-bye was cut off: the learner means to go on."""
    if not attempt.cmi:
        return "ab-initio"
    return "resume" if model.is_suspended(kind, attempt.cmi) or not attempt.closed else ""


def _fixed(
    actor: User, version: PackageVersion, attempt: PackageAttempt, line: dict[str, Any], entry: str
) -> dict[str, str]:
    """What the package reads about the learner: an id that leads to nobody, a name only where that was chosen."""
    package = version.package
    who = hashlib.sha256(f"{actor.public_id} {package.public_id}".encode()).hexdigest()[:20]
    name = actor.full_name if package.tells_name else str(_("Learner"))
    total = model.total_time(version.kind, attempt.seconds)
    if version.kind == PackageKind.SCORM_12:
        return {
            "cmi.core.student_id": who, "cmi.core.student_name": name, "cmi.core.credit": "credit", "cmi.core.entry": entry,
            "cmi.core.total_time": total, "cmi.core.lesson_mode": "normal", "cmi.launch_data": line["data"],
            "cmi.comments_from_lms": "", "cmi.student_data.mastery_score": line["mastery"],
            "cmi.student_data.max_time_allowed": line["max_time"], "cmi.student_data.time_limit_action": line["time_limit"],
        }  # fmt: skip
    return {
        "cmi.learner_id": who, "cmi.learner_name": name, "cmi.credit": "credit", "cmi.entry": entry, "cmi.mode": "normal",
        "cmi.total_time": total, "cmi.launch_data": line["data"], "cmi.scaled_passing_score": line["mastery"],
        "cmi.completion_threshold": "", "cmi.max_time_allowed": "", "cmi.time_limit_action": line["time_limit"],
        "adl.nav.request_valid.continue": "false", "adl.nav.request_valid.previous": "false",
    }  # fmt: skip


@transaction.atomic
def save_session(
    *, actor: User, attempt: str, launch: int, seq: int, text: str, closed: bool
) -> PackageAttempt:
    """Keep what the package reports in `text` (JSON) if no later save was kept. Raises `Refused`, `Conflict`, Http404.

    A save that arrives late changes nothing and is answered like the one that overtook it.
    """
    require(may_learn(actor))
    rows = PackageAttempt.objects.select_for_update(of=("self",)).select_related("version")
    row = rows.filter(user=actor, public_id=attempt).first()
    if row is None:
        raise Http404
    cmi = model.read_cmi(row.version.kind, text)
    if launch != row.launch:
        raise Conflict(
            _("This was opened again since, and goes on there. Nothing is kept from here any more.")
        )
    if seq < row.seq or (seq == row.seq and row.closed >= closed):
        return row
    row.cmi, row.seq, row.closed, row.saved_at = cmi, seq, closed, now()
    report = model.report_of(row.version.kind, cmi)
    row.status, row.score, row.score_of = report.status, report.score, report.of
    row.completed = row.completed or report.completed
    row.save()
    return row
