"""What happens to a certificate after it was issued: withdrawn with a reason, its name shown or not, its end announced."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.choices import WithdrawnFor
from apps.courses.models import Certificate
from apps.courses.policies import may_keep_courses, may_learn
from apps.courses.selectors.codes import read_code
from apps.members.policies import site_day

REMIND_DAYS = (7, 30, 60)


@transaction.atomic
def revoke_certificate(
    *, actor: User | None, code: str, reason: str, because: str = WithdrawnFor.OTHER
) -> Certificate:
    """Withdraw a certificate for good; the public page then shows the reason, and the holder is told.

    After a mistake of ours the holder may take a correct one in the same edition. Raises Http404 for an unknown code.
    """
    require(may_keep_courses(actor))
    row = Certificate.objects.select_for_update().filter(code=read_code(code) or "-").first()
    if row is None:
        raise Http404(_("No certificate has this code."))
    if not reason.strip() or len(reason) > 200:
        raise Refused(_("Give the reason in at most 200 characters."), field="reason")
    if because not in WithdrawnFor.values:
        raise Refused(_("Choose why it is withdrawn."), field="because")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_reason, row.revoked_for = now(), reason.strip(), because
        row.save(update_fields=["revoked_at", "revoked_reason", "revoked_for"])
        audit.record(actor=actor, action="certificate.revoked", on=row, because=because)
        _tell_withdrawn(actor, row)
    return row


def _tell_withdrawn(actor: User | None, row: Certificate) -> None:
    """The holder reads the reason on the page of the certificate; after our mistake, where the correct one is."""
    version, ours = row.enrolment.version_of, row.revoked_for == WithdrawnFor.ERROR
    page = reverse("courses:certificate", kwargs={"certificate": row.public_id})
    notify(
        actor=actor, user=row.enrolment.user, kind="certificate_mistaken" if ours else "certificate_withdrawn",
        key=f"certificate-withdrawn:{row.public_id}", course=version.title,
        url=reverse("courses:reached", kwargs={"course": version.course.slug}) if ours else page,
    )  # fmt: skip


@transaction.atomic
def show_name(*, actor: User, certificate: str, shown: bool) -> Certificate:
    """Let the page for everybody say the holder's name, or not. Raises Http404 for a certificate of somebody else."""
    require(may_learn(actor))
    rows = Certificate.objects.select_for_update().filter(enrolment__user=actor, public_id=certificate)
    row = rows.first()
    if row is None:
        raise Http404
    if row.shows_name != shown:
        row.shows_name = shown
        row.save(update_fields=["shows_name"])
        action = "certificate.name_shown" if shown else "certificate.name_hidden"
        audit.record(actor=actor, action=action, on=row)
    return row


def remind_holders(*, actor: None = None) -> int:
    """Tell holders 60, 30 and 7 days before a certificate ends, each once; return how many end within 60 days."""
    today = site_day()
    ending = Certificate.objects.filter(
        revoked_at=None, superseded_by=None, enrolment__user__is_active=True,
        valid_until__gte=today, valid_until__lte=today + timedelta(days=REMIND_DAYS[-1]),
    )  # fmt: skip
    found = ending.select_related("enrolment__user", "enrolment__version_of").order_by("pk")
    for row in found:
        with transaction.atomic():
            _remind(row)
    return len(found)


def _remind(row: Certificate) -> None:
    """The nearest of the three days is told; a server that was off does not catch up on the others."""
    if row.valid_until is None:
        return
    left = (row.valid_until - site_day()).days
    step = next(days for days in REMIND_DAYS if left <= days)
    notify(
        actor=None, user=row.enrolment.user, kind="certificate_ends", key=f"certificate-ends:{row.public_id}:{step}",
        url=reverse("courses:certificate", kwargs={"certificate": row.public_id}),
        course=row.enrolment.version_of.title, until=row.valid_until.isoformat(),
    )  # fmt: skip
