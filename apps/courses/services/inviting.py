"""Invite people to a cohort by a list: read it, say what is wrong in which line, store all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.mail import queue_mail
from apps.core.workbooks import read_csv
from apps.courses.choices import COHORT_INVITATION, MOST_INVITED, CohortRole
from apps.courses.models import Cohort, CohortInvitation, CohortPerson
from apps.courses.policies import may_change_cohort, may_run_cohort
from apps.courses.services.cohorts import chain_of

COLUMNS = ("person_id", "given_name", "family_name", "email", "language", "organisation", "cohort", "role")
LONGEST = {"person_id": 60, "given_name": 70, "family_name": 70, "email": 254, "organisation": 120}


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a list. `state` says what inviting would do: "new", "again" (invited already), "in" (is in it)."""

    number: int
    email: str
    name: str
    person_id: str
    language: str
    organisation: str
    role: str
    faults: tuple[str, ...] = ()
    state: str = "new"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it was read; `head` are faults of the list as a whole."""

    lines: tuple[Line, ...]
    head: tuple[str, ...] = ()

    @property
    def faulty(self) -> list[Line]:
        return [line for line in self.lines if line.faults]

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.state == "new" and not line.faults]

    @property
    def good(self) -> bool:
        return bool(self.lines) and not self.head and not self.faulty


def check_list(*, actor: User, cohort: Cohort, text: str) -> Listing:
    """What inviting this list would do, with the faults of each line; stores nothing.

    A list has a heading with an `email` column, or is one address a line.
    """
    require(may_run_cohort(actor, cohort))
    try:
        rows = read_csv(text.encode("utf-8", "replace"), name=_("The list"))
    except Refused as fault:
        return Listing((), (fault.message,))
    heading = [str(cell or "").strip().lower() for cell in rows[0]] if rows else []
    if "email" in heading:
        unknown = [name for name in heading if name and name not in COLUMNS]
        if unknown or len(set(heading)) < len(heading):
            names = {"columns": ", ".join(COLUMNS)}
            return Listing((), (_("The heading may have these columns, each once: %(columns)s.") % names,))
        given = [(n, dict(zip(heading, row, strict=False))) for n, row in enumerate(rows[1:], 2)]
    else:
        given = [(n, {"email": _address(row)}) for n, row in enumerate(rows, 1)]
    found = [
        (n, {key: str(cell or "").strip() for key, cell in row.items()})
        for n, row in given
        if any(row.values())
    ]
    if not found:
        return Listing((), (_("The list names nobody."),))
    if len(found) > MOST_INVITED:
        return Listing((), (_("A list names at most %(most)d people.") % {"most": MOST_INVITED},))
    return Listing(_with_states(cohort, list(_lines(actor, cohort, found))))


def _address(row: Sequence[object]) -> str:
    """The address of a line without a heading; more than one cell cannot be an address."""
    return ",".join(str(cell) for cell in row if cell)


def _lines(actor: User, cohort: Cohort, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Line]:
    names_trainers = bool(may_change_cohort(actor, cohort))
    met: dict[str, int] = {}
    for number, row in rows:
        email = row.get("email", "").lower()
        faults = list(_faults(cohort, row, names_trainers))
        if email and email in met:
            faults.append(_("The same address stands in line %(line)d.") % {"line": met[email]})
        met.setdefault(email, number)
        name = " ".join(part for part in (row.get("given_name", ""), row.get("family_name", "")) if part)
        yield Line(
            number, email, name, row.get("person_id", ""), row.get("language", "").lower(),
            row.get("organisation", ""), row.get("role", "").lower() or CohortRole.LEARNER, tuple(faults),
        )  # fmt: skip


def _faults(cohort: Cohort, row: Mapping[str, str], names_trainers: bool) -> Iterator[str]:
    try:
        validate_email(row.get("email", ""))
    except ValidationError:
        yield _("“%(text)s” is not an e-mail address.") % {"text": row.get("email", "")[:60]}
    for key, most in LONGEST.items():
        if len(row.get(key, "")) > most:
            yield _("%(column)s has more than %(most)d characters.") % {"column": key, "most": most}
    language = row.get("language", "").lower()
    if language and language not in dict(settings.LANGUAGES):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        yield _("The language is one of these: %(known)s.") % {"known": known}
    if row.get("cohort") and row["cohort"] != cohort.name:
        yield _("This line is for another cohort: “%(name)s”.") % {"name": row["cohort"][:60]}
    role = row.get("role", "").lower() or CohortRole.LEARNER
    if role not in CohortRole.values:
        yield _("The role is learner or trainer.")
    elif role == CohortRole.TRAINER and not names_trainers:
        yield _("Only those who hold the cohort name its trainers.")


def _with_states(cohort: Cohort, lines: Sequence[Line]) -> tuple[Line, ...]:
    emails = [line.email for line in lines]
    inside = CohortPerson.objects.filter(cohort=cohort, left_at__isnull=True, user__email__in=emails)
    there = set(inside.values_list("user__email", flat=True))
    open_ones = CohortInvitation.objects.filter(
        cohort=cohort, email__in=emails, accepted_at__isnull=True, withdrawn_at__isnull=True,
        expires_at__gt=now(),
    )  # fmt: skip
    asked = set(open_ones.values_list("email", "role"))
    return tuple(
        Line(
            line.number, line.email, line.name, line.person_id, line.language, line.organisation, line.role, line.faults,
            "in" if line.email in there else "again" if (line.email, line.role) in asked else "new",
        )
        for line in lines
    )  # fmt: skip


@transaction.atomic
def invite_people(*, actor: User, cohort: Cohort, text: str) -> Listing:
    """Invite everybody of a list who is neither in the cohort nor invited; the same list again changes nothing.

    Raises Refused when any line has a fault: then nobody is invited.
    """
    require(may_run_cohort(actor, cohort))
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    listing = check_list(actor=actor, cohort=cohort, text=text)
    if not listing.good:
        raise Refused(
            listing.head[0] if listing.head else _("Mend the lines with faults; nobody was invited.")
        )
    _refuse_flood(cohort, len(listing.new))
    for line in listing.new:
        _invite(actor, cohort, line)
    if listing.new:
        audit.record(
            actor=actor, action="cohort.invited", on=cohort, chain=chain_of(cohort), people=len(listing.new)
        )
    return listing


def _refuse_flood(cohort: Cohort, people: int) -> None:
    sent = CohortInvitation.objects.filter(cohort=cohort, created_at__date=now().date()).count()
    if sent + people > MOST_INVITED:
        raise Refused(
            _("At most %(most)d invitations leave in a day. Send the others tomorrow.")
            % {"most": MOST_INVITED}
        )


def _invite(actor: User, cohort: Cohort, line: Line) -> None:
    """An earlier open invitation of the same address ends: the list says what holds now."""
    earlier = CohortInvitation.objects.filter(
        cohort=cohort, email=line.email, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    earlier.update(withdrawn_at=now())
    row = CohortInvitation.objects.create(
        cohort=cohort, email=line.email, role=line.role, person_id=line.person_id, name=line.name,
        language=line.language, organisation=line.organisation, invited_by=actor,
        expires_at=now() + COHORT_INVITATION,
    )  # fmt: skip
    queue_mail(
        to=line.email, template="cohort_invitation", language=line.language or actor.language or "en",
        key=f"cohort-invitation:{row.public_id}", who=str(actor), cohort=cohort.name, days=COHORT_INVITATION.days,
        path=reverse("courses:cohort_invitation", kwargs={"cohort_invitation": row.public_id}),
    )  # fmt: skip


@transaction.atomic
def withdraw_cohort_invitation(*, actor: User, cohort: Cohort, invitation: str) -> None:
    """Withdraw an open invitation; its link stops working at once. Raises Http404."""
    require(may_run_cohort(actor, cohort))
    rows = CohortInvitation.objects.select_for_update().filter(cohort=cohort, public_id=invitation)
    row = rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).first()
    if row is None:
        raise Http404
    row.withdrawn_at = now()
    row.save(update_fields=["withdrawn_at"])
    audit.record(actor=actor, action="cohort.invitation_withdrawn", on=row, chain=chain_of(cohort))
