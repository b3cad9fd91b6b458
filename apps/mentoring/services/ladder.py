"""Give a programme its ladder, let members climb, and never let one fall in silence."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.saves import save_version
from apps.members.models import Participation, Programme
from apps.members.policies import may_manage
from apps.mentoring.choices import Rung
from apps.mentoring.models import Ladder, Standing
from apps.mentoring.selectors.ladder import facts_of, rules_of
from apps.mentoring.selectors.rungs import climb, order
from apps.mentoring.services.people import leads_of, managers_of


def check_rules(document: Any) -> dict[str, Any]:
    """The document if it is a ladder; raises `Refused` with the first fault and its place."""
    schema = json.loads((settings.CONTENT_DIR / "schemas" / "ladder.schema.json").read_text("utf-8"))
    fault = next(iter(Draft202012Validator(schema).iter_errors(document)), None)
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "ladder"
        raise Refused(_("%(place)s: %(fault)s") % {"place": place, "fault": fault.message[:300]})
    rungs = [row["rung"] for row in document["rungs"]]
    if rungs[0] != Rung.ENROLLED or rungs != sorted(set(rungs), key=order):
        raise Refused(_("Name each rung once, from enrolled up, in the order of the schema."))
    return dict(document)


@transaction.atomic
def load_ladder(*, actor: None, programme: str, document: Any) -> Programme:
    """Give a programme rules of its own; standings are looked at again at once. Raises `Refused`."""
    row = Programme.objects.filter(public_id=programme).first()
    if row is None:
        raise Refused(_("There is no programme with this id."))
    rules = check_rules(document)
    ladder, _made = Ladder.objects.update_or_create(
        programme=row, defaults={"document": rules, "changed_at": now()}
    )
    audit.record(actor=actor, action="ladder.loaded", on=ladder, programme=row.public_id)
    look_again(row)
    return row


def climb_ladders(*, actor: None = None) -> int:
    """Look at the members of all programmes again; return how many standings changed."""
    changed = 0
    for programme in Programme.objects.order_by("pk"):
        with transaction.atomic():
            changed += look_again(programme)
    return changed


def look_again(programme: Programme) -> int:
    """Let members of one programme climb; a lower rung waits for a manager. Return how many standings changed."""
    joined = list(
        Participation.objects.filter(programme=programme, shares_levels=True).select_related("member")
    )
    facts, rules = facts_of([p.member_id for p in joined]), rules_of(programme)
    standings = {s.member_id: s for s in Standing.objects.select_for_update().filter(programme=programme)}
    return sum(
        _settle(programme, p, standings.get(p.member_id), climb(rules, facts[p.member_id]).rung)
        for p in joined
    )


def _settle(programme: Programme, p: Participation, found: Standing | None, rung: Rung) -> bool:
    if found is None:
        Standing.objects.create(programme=programme, member=p.member, rung=rung)
        return True
    if order(rung) > order(found.rung):
        changes = {"rung": rung, "since": now(), "asked_rung": "", "held_for": "", "words": ""}
        save_version(found, expected=found.version, changes=changes)
        audit.record(actor=None, action="rung.reached", on=found, chain=p.member.public_id, rung=rung.value)
        _tell_member(found, "rung_reached")
        return True
    asked = "" if rung in (found.rung, found.held_for) else rung.value
    if asked == found.asked_rung:
        return False
    save_version(found, expected=found.version, changes={"asked_rung": asked})
    if asked:
        _tell_office(programme, found)
    return True


def _tell_member(row: Standing, kind: str) -> None:
    url = reverse("mentoring:member_ladder", args=[row.member.public_id])
    for lead in leads_of(row.member):
        key = f"{kind}:{row.pk}:{row.version}"
        notify(actor=None, user=lead, kind=kind, key=key, url=url, member=row.member.name)


def _tell_office(programme: Programme, row: Standing) -> None:
    url = reverse("mentoring:ladder", args=[programme.public_id])
    for manager in managers_of(programme):
        key = f"rung_falls:{row.pk}:{row.version}"
        notify(actor=None, user=manager, kind="rung_falls", key=key, url=url, member=row.member.name)


@transaction.atomic
def decide_rung(
    *, actor: User, programme: Programme, standing: Standing, version: int, hold: bool, words: str
) -> Standing:
    """Decide on a lower rung: hold the member where it stands, or confirm; the member reads the sentence.

    Raises `Conflict` when someone decided first, `Refused` without a sentence or with nothing to decide.
    """
    require(may_manage(actor, programme))
    if not words.strip():
        raise Refused(_("Write a sentence that the member can read."), field="words")
    if not standing.asked_rung:
        raise Conflict(_("There is nothing to decide about this member now."), current=standing)
    asked = standing.asked_rung
    changes: dict[str, Any] = {"asked_rung": "", "words": words, "decided_by": actor, "decided_at": now()}
    changes |= {"held_for": asked} if hold else {"rung": asked, "since": now(), "held_for": ""}
    save_version(standing, expected=version, changes=changes)
    action = "rung.held" if hold else "rung.lowered"
    audit.record(actor=actor, action=action, on=standing, chain=standing.member.public_id, rung=standing.rung)
    _tell_member(standing, "rung_held" if hold else "rung_lowered")
    return standing
