"""The first stage of a round of the demonstration: shortlists, calls, and what each side noted in confidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.members.models import Member
from apps.mentoring.choices import RoundMode, RoundState, Side
from apps.mentoring.models import CallNote, MatchingRound
from apps.mentoring.services.problem import draft
from apps.mentoring.services.shortlists import layer_document, layers_of, write_layers

People = Callable[[Member, str], User]


def hold_calls(
    round_: MatchingRound, told: Sequence[Mapping[str, Any]], people: People, *, at: datetime
) -> None:
    """Give a round its shortlists and the notes of `told` ({area, side, stars, words}); after it, calls are over."""
    round_.mode = RoundMode.TWO_STAGE
    made = draft(round_, at=at)
    document, layers = layers_of(made)
    if not layers:
        round_.mode = RoundMode.DIRECT
        return
    write_layers(round_, made, layers)
    round_.shortlist = {"problem": document, "layers": [layer_document(layer) for layer in layers]}
    round_.state = RoundState.CALLS
    round_.save()
    rows = list(round_.shortlisted.select_related("need__member", "offer__member").order_by("pk"))
    for note in told:
        for row in rows:
            if row.need.area == note["area"] and row.layer == 1:
                member = row.need.member if note["side"] == Side.MEMBER else row.offer.member
                CallNote.objects.create(
                    shortlisted=row, side=note["side"], held_on=localdate() - timedelta(days=20), stars=note["stars"],
                    words=note["words"], by=people(member, "lead" if note["side"] == Side.MEMBER else "mentor"),
                )  # fmt: skip
