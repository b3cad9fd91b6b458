"""A programme whose members share their results with its office."""

from __future__ import annotations

from typing import Any

from apps.members.models import Grant, Member
from apps.reports.services import batches
from tests.factories import (
    NationFactory,
    OrganisationFactory,
    UserFactory,
    join,
    share,
    small_version,
    take_part,
)
from tests.people import Cast
from tests.reports.rows import small_result


def share_all(cast: Cast, member: Member, giver: Any = None, **fields: Any) -> Grant:
    """The member shares its whole result with the programme."""
    return share(member, giver or cast.lead, None, to_programme=cast.programme, **fields)  # type: ignore[arg-type]


def members(cast: Cast, number: int) -> list[Member]:
    """So many members of the programme with a result that they share."""
    nation, version, made = NationFactory(), small_version(), []
    for place in range(number):
        member = OrganisationFactory(name=f"Canary Body {place:03d}", nation=nation)
        lead = UserFactory()
        join(member, lead, "lead")
        take_part(cast.programme, member)
        small_result(member, lead, title=f"Paper {place:03d}", version=version)
        share_all(cast, member, lead)
        made.append(member)
    return made


def batch_of(cast: Cast, **choices: str) -> Any:
    """A batch that waits for workers."""
    values = {"language": "en", "paper": "a4", **choices}
    return batches.request_batch(actor=cast.manager, programme=cast.programme.public_id, **values)
