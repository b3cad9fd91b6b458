"""Note what a person made of a flag; a try is only set aside by a person who gives a reason."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.courses.choices import FlagDecision
from apps.courses.models import Attempt, Cohort, Enrolment, IntegrityDecision
from apps.courses.policies import may_decide_flag, may_run_cohort
from apps.courses.selectors.integrity import Flag, flag_of
from apps.courses.services.cohorts import chain_of

LONGEST_REASON = 300


@transaction.atomic
def decide_flag(
    *, actor: User, cohort: Cohort, flag: str, decision: str, reason: str = "", tries: Collection[str] = (), version: int = 0
) -> IntegrityDecision:  # fmt: skip
    """Note a decision about a flag; with "set_aside" the `tries` (ids; of a flag about one try that one) do not count.

    The same decision sent again changes nothing. Raises Refused naming the field, Conflict when somebody decided
    otherwise meanwhile or a try was set aside already, Http404 for no flag of this cohort.
    """
    require(may_run_cohort(actor, cohort))
    locked = Cohort.objects.select_for_update(of=("self",)).select_related("member").get(pk=cohort.pk)
    found = flag_of(actor, locked, flag)
    require(may_decide_flag(actor, {row.enrolment.user_id for row in found.tries}))
    text, chosen = _read(found, decision, reason, tries)
    row = IntegrityDecision.objects.filter(cohort=locked, flag=flag).select_related("decided_by").first()
    if row and (row.decision, row.reason) == (decision, text):
        return row
    if row and (row.version != version or row.decision == FlagDecision.SET_ASIDE):
        raise Conflict(_("Somebody decided about this meanwhile."), current=row)
    made = _store(actor, locked, found, decision, text, row)
    audit.record(
        actor=actor,
        action="integrity.decided",
        on=made,
        chain=chain_of(locked),
        decision=decision,
        sign=found.sign,
    )
    for attempt in chosen:
        _set_aside(actor, locked, attempt, text)
    return made


def _read(found: Flag, decision: str, reason: str, tries: Collection[str]) -> tuple[str, tuple[Attempt, ...]]:
    """The reason as it is kept, and the tries to set aside."""
    text = " ".join(reason.replace("\x00", "").split())
    if decision not in FlagDecision.values:
        raise Refused(_("Choose what you decided."), field="decision")
    if len(text) > LONGEST_REASON:
        raise Refused(_("Keep the reason under 300 characters."), field="reason")
    if decision != FlagDecision.SET_ASIDE:
        return text, ()
    if not text:
        raise Refused(_("Give the reason: the learner reads it."), field="reason")
    chosen = found.tries if len(found.tries) == 1 else [row for row in found.tries if row.public_id in tries]
    if not chosen:
        raise Refused(_("Choose whose try does not count."), field="tries")
    return text, tuple(chosen)


def _store(
    actor: User, cohort: Cohort, found: Flag, decision: str, reason: str, row: IntegrityDecision | None
) -> IntegrityDecision:
    second = found.tries[1] if len(found.tries) > 1 else None
    made = row or IntegrityDecision(
        cohort=cohort, flag=found.key, sign=found.sign, facts=found.facts, first=found.tries[0], second=second,
        version=0,
    )  # fmt: skip
    made.decision, made.reason, made.decided_by, made.decided_at = decision, reason, actor, now()
    made.version += 1
    made.save()
    return made


def _set_aside(actor: User, cohort: Cohort, attempt: Attempt, reason: str) -> None:
    """The try counts as not passed; what was given for it before, such as a certificate, stays. The learner is told."""
    enrolments = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "user", "version_of__course"
    )
    enrolment = enrolments.get(pk=attempt.enrolment_id)
    row = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if row.set_aside_at:
        return
    had_passed = bool(row.passed)
    row.set_aside_at, row.set_aside_reason, row.passed = now(), reason, False
    row.save(update_fields=["set_aside_at", "set_aside_reason", "passed"])
    audit.record(
        actor=actor, action="test.set_aside", on=row, chain=chain_of(cohort), module=row.place, number=row.number,
        learner=enrolment.user.public_id, had_passed=had_passed,
    )  # fmt: skip
    where = {"course": enrolment.version_of.course.slug, "module": row.place}
    notify(
        actor=actor, user=enrolment.user, kind="test_set_aside", key=f"set-aside:{row.public_id}", who=str(actor),
        url=reverse("courses:test", kwargs=where), course=enrolment.version_of.title,
    )  # fmt: skip
