"""Skip the lessons of modules whose matter was known before the course."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import Enrolment, Module, Skip
from apps.courses.policies import may_learn
from apps.courses.selectors.places import enrolment_of
from apps.courses.selectors.skipping import before_attempt, covered
from apps.courses.services.issuing import complete


@transaction.atomic
def skip_modules(*, actor: User, course: str, modules: Collection[str]) -> list[Module]:
    """Skip the lessons of these modules (codes); their tests stay to be taken. Skipping again changes nothing.

    Raises Http404 unless enrolled, Refused for a module that the answers before the course do not cover.
    """
    require(may_learn(actor))
    held = enrolment_of(actor, course)
    if held is None:
        raise Http404
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("version_of__course", "user")
    enrolment = rows.get(pk=held.pk)
    if not modules:
        raise Refused(_("Choose the modules that you want to skip."), field="modules")
    attempt, offered = before_attempt(enrolment), {row.code: row for row in covered(enrolment)}
    if attempt is None or not set(modules) <= set(offered):
        raise Refused(_("Your answers before the course do not cover this module."), field="modules")
    chosen = [offered[code] for code in sorted(set(modules))]
    for module in chosen:
        _row, new = Skip.objects.get_or_create(
            enrolment=enrolment, module=module, defaults={"attempt": attempt}
        )
        if new:
            audit.record(actor=actor, action="module.skipped", on=enrolment, module=module.code)
    complete(enrolment)
    return chosen
