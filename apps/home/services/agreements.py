"""The agreements of the demonstration's engagements: signed by both sides; one is being changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import seals
from apps.home.services.chance import Chance
from apps.mentoring.choices import AgreementState, EngagementState, Side
from apps.mentoring.models import Agreement, AgreementSignature, Engagement
from apps.mentoring.selectors.terms import document_of, first_terms
from apps.mentoring.services.milestones import follow_terms


def make_agreement(
    key: str, row: Engagement, lead: User, mentor: User, at: datetime, chance: Chance, *, next_version: bool
) -> None:
    """The agreement that both signed at `at`; with `next_version` a second one that waits for the lead's signature."""
    terms = first_terms(row, lead, mentor)
    for n, result in enumerate(terms["results"]):
        result["shown_by"] = _("A record that a colleague outside the team can check.") if n == 0 else ""
    first = Agreement(
        public_id=chance.id("agreement", key, 1), engagement=row, number=1, terms=terms, changed_by=mentor,
        changed_at=at - timedelta(days=2), in_force_at=at, state=AgreementState.IN_FORCE, version=3,
    )  # fmt: skip
    _freeze(first)
    follow_terms(row, terms)
    _sign(first, ((Side.MENTOR, mentor, at - timedelta(days=1)), (Side.MEMBER, lead, at)))
    if next_version and row.state != EngagementState.CLOSED:
        later = {
            **terms,
            "exit": _("Either side may end the work, with two weeks of notice. No blame follows from it."),
        }
        later["hours_per_month"] = terms["hours_per_month"] + 2
        second = Agreement(
            public_id=chance.id("agreement", key, 2), engagement=row, number=2, terms=later, changed_by=mentor,
            changed_at=now() - timedelta(days=4), state=AgreementState.WAITING, version=3,
        )  # fmt: skip
        _freeze(second)
        _sign(second, ((Side.MENTOR, mentor, second.changed_at),))


def _freeze(row: Agreement) -> None:
    row.document = document_of(row)
    row.document_hash = seals.content_hash(row.document)
    row.save()


def _sign(row: Agreement, put: tuple[tuple[Side, User, datetime], ...]) -> None:
    for side, user, at in put:
        member = row.engagement.member if side == Side.MEMBER else row.engagement.mentor
        statement = {
            "kind": "belay-agreement-signature", "agreement": row.public_id, "number": row.number,
            "hash": row.document_hash, "side": side.value, "for": {"id": member.public_id, "name": member.name},
            "signed": {"at": at.isoformat(), "by": user.public_id, "name": user.get_full_name()},
            "consents": {"measurement": True, "publication": side == Side.MENTOR},
        }  # fmt: skip
        AgreementSignature.objects.create(
            agreement=row, side=side, by=user, at=at, measurement=True, publication=side == Side.MENTOR,
            statement=statement, proof=seals.sign(statement),
        )  # fmt: skip
