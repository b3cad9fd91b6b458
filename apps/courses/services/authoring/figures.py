"""A figure comes into a draft together with the words that say what it shows, and with the lesson that shows it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.courses.models import CourseDraft
from apps.courses.policies import may_write_course
from apps.courses.services.authoring.drafts import save_files
from apps.courses.services.authoring.units import bytes_of, text_of
from apps.courses.services.figures import PNG, BadFigure, check_figure, redraw_picture


@transaction.atomic
def add_figure(*, actor: User, draft: CourseDraft, raw: bytes, name: str, alt: str, lesson: str) -> None:
    """Store an SVG of plain shapes, or a PNG drawn anew, and show it at the end of `lesson` (a path).

    Raises `Refused` for any other file, a name that is taken, missing words, or a lesson that is not there.
    """
    require(may_write_course(actor, draft.slug))
    if not alt.strip():
        raise Refused(_("A picture needs words that say what it shows."), field="alt")
    try:
        kept = redraw_picture(raw) if raw.startswith(PNG) else raw
        check_figure(kept)
    except BadFigure as fault:
        raise Refused(str(fault), field="file") from fault
    path = f"figures/{name}.{'png' if kept.startswith(PNG) else 'svg'}"
    held = {row.path: row for row in draft.files.filter(path__in=[path, lesson])}
    if path in held:
        raise Refused(_("There is a figure of this name already."), field="name")
    if lesson not in held or not lesson.startswith("lessons/"):
        raise Refused(_("Choose a lesson."), field="lesson")
    text = text_of(held[lesson].raw).rstrip("\n") + f"\n\n![{alt.strip()}]({path})\n"
    files = {path: kept, lesson: bytes_of(text)}
    save_files(actor=actor, draft=draft, files=files, expected={path: 0, lesson: held[lesson].version})
