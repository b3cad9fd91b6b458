"""How many people a member needs in each role."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import RoleNeed
from apps.courses.selectors.skills import known_roles
from apps.members.models import Member
from apps.members.policies import may_lead

MOST_NEEDED = 100_000


@transaction.atomic
def save_role_needs(*, actor: User, member: Member, needs: Mapping[str, int]) -> None:
    """Keep how many people the member needs by role; nothing or 0 takes the role away. All of it or nothing.

    Raises Refused naming the role for an unknown role or an impossible number.
    """
    require(may_lead(actor, member))
    known = set(known_roles())
    for role, needed in needs.items():
        if role not in known:
            raise Refused(_("There is no role %(role)s in any course.") % {"role": role[:20]}, field=role)
        if not 0 <= needed <= MOST_NEEDED:
            raise Refused(_("Give a number from 0 to %(most)d.") % {"most": MOST_NEEDED}, field=role)
    Member.objects.select_for_update().get(pk=member.pk)
    for role, needed in needs.items():
        if needed:
            RoleNeed.objects.update_or_create(member=member, role=role, defaults={"needed": needed})
        else:
            RoleNeed.objects.filter(member=member, role=role).delete()
    audit.record(actor=actor, action="skills.saved", on=member, chain=member.public_id, roles=len(needs))
