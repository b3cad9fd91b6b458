"""Saving what was tried as a target of the member, changing it, and dropping it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.models import Result, TargetRevision, TargetSet
from apps.assessments.selectors.targets import target_set_for
from apps.assessments.selectors.what_if import choices_in, levels_after
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.saves import once, save_version
from apps.members.models import Member

MOST_SETS = 50


@transaction.atomic
def save_targets(
    *,
    actor: User,
    result: Result,
    levels: Mapping[str, int],
    name: str,
    replaces: str = "",
    expected: int = 0,
    idempotency: str = "",
) -> TargetSet:
    """Save the levels of a what-if under a name; what was not chosen keeps the level it has.

    `replaces` is the public id of the set to write a new version of, `expected` the version that was seen.
    Raises `Refused` for a name in use, an impossible level or too many sets, `Conflict` when a colleague saved first.
    """
    require(policies.may_set_targets(actor, result.member))
    done = once(
        owner=actor.public_id,
        scope=f"targets:{result.public_id}",
        key=idempotency,
        act=lambda: {"set": _save(actor, result, levels, name, replaces, expected).public_id},
        content=(sorted(levels.items()), name, replaces, expected),
    )
    return TargetSet.objects.get(public_id=done["set"])


def _save(
    actor: User, result: Result, levels: Mapping[str, int], name: str, replaces: str, expected: int
) -> TargetSet:
    allowed = choices_in(result)
    if any(level not in allowed.get(code, ()) for code, level in levels.items()):
        raise Refused(_("Choose levels that the framework has."))
    values = {"name": _free_name(result.member, name, replaces), "levels": levels_after(result, levels)}
    row = _change(actor, result, replaces, expected, values) if replaces else _create(actor, result, values)
    TargetRevision.objects.create(
        target_set=row, version=row.version, name=row.name, levels=row.levels, by=actor
    )
    action = "targets.changed" if replaces else "targets.saved"
    audit.record(
        actor=actor, action=action, on=row, chain=result.member.public_id, version=row.version,
        input_hash=result.input_hash,
    )  # fmt: skip
    return row


def _free_name(member: Member, name: str, replaces: str) -> str:
    wanted = " ".join(name.split())
    if not wanted:
        raise Refused(_("Give the target a name."), field="name")
    if TargetSet.objects.filter(member=member, name=wanted).exclude(public_id=replaces).exists():
        raise Refused(_("There is a target with this name. Choose another, or open that one."), field="name")
    return wanted


def _create(actor: User, result: Result, values: dict[str, Any]) -> TargetSet:
    if TargetSet.objects.filter(member=result.member).count() >= MOST_SETS:
        raise Refused(_("There are fifty targets already. Drop one that is no longer needed."))
    return TargetSet.objects.create(
        member=result.member,
        framework=result.assessment.version_of,
        scope=result.assessment.scope,
        result=result,
        saved_by=actor,
        **values,
    )


def _change(actor: User, result: Result, replaces: str, expected: int, values: dict[str, Any]) -> TargetSet:
    row = target_set_for(actor, result.member, replaces)
    more = {"result": result, "framework": result.assessment.version_of, "scope": result.assessment.scope}
    return save_version(
        row, expected=expected, changes={**values, **more, "saved_by": actor, "saved_at": now()}
    )


@transaction.atomic
def drop_targets(*, actor: User, member: Member, target_set: str, expected: int) -> None:
    """Delete a target set; assessments that began with it keep their levels. Raises `Conflict` when it was changed."""
    require(policies.may_set_targets(actor, member))
    row = target_set_for(actor, member, target_set)
    save_version(row, expected=expected, changes={})
    audit.record(actor=actor, action="targets.dropped", on=row, chain=member.public_id, version=row.version)
    row.delete()
