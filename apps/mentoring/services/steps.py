"""Take back the last decision on a board."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import save_version
from apps.members.models import Programme
from apps.members.policies import may_manage
from apps.mentoring.choices import Decision
from apps.mentoring.models import Proposal, RoundStep
from apps.mentoring.services.rounds import CHOICES, check_only_one, reviewable


@transaction.atomic
def undo_decision(*, actor: User, programme: Programme, round_id: str, step: int) -> Proposal:
    """Put the pair back as it stood before the last decision, which the person saw as `step`.

    Raises `Refused` when a colleague decided since, or when the round was worked out again.
    """
    require(may_manage(actor, programme))
    round_ = reviewable(programme, round_id)
    last = RoundStep.objects.select_related("proposal__need").filter(round=round_).last()
    if last is None or last.pk != step:
        raise Refused(_("Something else was decided since. Look at the board again."))
    row = last.proposal
    back = {"decision": Decision(last.was_decision), "pinned": last.was_pinned}
    if any(getattr(row, name) != value for name, value in CHOICES[last.choice].items()):
        raise Refused(_("Something else was decided since. Look at the board again."))
    if back["decision"] == Decision.ACCEPTED or back["pinned"]:
        check_only_one(row)
    save_version(row, expected=row.version, changes=back)
    audit.record(actor=actor, action="proposal.undone", on=row, decision=last.choice)
    last.delete()
    return row
