"""Keep a learner's note beside a lesson."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.errors import Refused, Stale
from apps.core.saves import save_version
from apps.courses.models import Enrolment, Note
from apps.courses.policies import may_learn
from apps.courses.selectors.places import enrolment_of, lesson_in

LONGEST = 4000


@transaction.atomic
def save_note(*, actor: User, course: str, lesson: str, text: str, expected: int) -> Note | None:
    """Keep the note, at most 4000 characters, over the one seen at version `expected` (0: none); empty text removes it.

    Raises Http404 unless enrolled, Refused for too long a text, Stale when another device saved other words meanwhile.
    """
    require(may_learn(actor))
    held = enrolment_of(actor, course)
    if held is None:
        raise Http404
    Enrolment.objects.select_for_update().get(pk=held.pk)
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST:
        raise Refused(_("Keep your note under %(most)d characters.") % {"most": LONGEST}, field="note")
    place = lesson_in(held.version_of, lesson)
    row = Note.objects.filter(enrolment=held, lesson=place).first()
    if row is None:
        return Note.objects.create(enrolment=held, lesson=place, text=words) if words else None
    if row.text == words:
        return row
    if row.version != expected:
        message = _(
            "Your note was changed on another device meanwhile. Here are both; save what should stay."
        )
        raise Stale(message, current=row, proposed={"text": words})
    if not words:
        row.delete()
        return None
    return save_version(row, expected=expected, changes={"text": words, "updated_at": now()})
