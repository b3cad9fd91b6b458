"""Acts as the record names them, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Promise] = {
    "answer.saved": _("saved an answer"),
    "area.given": _("gave an area to a colleague"),
    "area.sent_to_review": _("sent an area to review"),
    "assessment.opened": _("started an assessment"),
    "assessment.submitted": _("signed and submitted the assessment"),
    "draft.for_review": _("asked the reviewer to decide between two answers"),
    "draft.dropped": _("dropped an unsaved draft"),
    "evidence.added": _("added evidence"),
    "evidence.read": _("opened evidence"),
    "evidence.removed": _("took evidence away"),
    "grant.given": _("agreed to share"),
    "grant.read": _("read what is shared"),
    "grant.withdrawn": _("withdrew an agreement to share"),
    "invitation.withdrawn": _("withdrew an invitation"),
    "member.founded": _("founded this member on the site"),
    "need.changed": _("changed a request for help"),
    "need.sent": _("asked for help"),
    "need.withdrawn": _("withdrew a request for help"),
    "offer.changed": _("changed an offer of help"),
    "offer.made": _("offered help"),
    "offer.withdrawn": _("withdrew an offer of help"),
    "person.invited": _("invited a person"),
    "person.joined": _("joined the team"),
    "person.removed": _("ended a person’s access"),
    "programme.joined": _("joined a programme"),
    "programme.left": _("left a programme"),
    "record.taken": _("downloaded this record"),
    "report.asked": _("asked for a report"),
    "report.made": _("made a report"),
    "report.taken": _("downloaded a report"),
    "role.changed": _("changed a role"),
}


def act_in_words(action: str) -> str:
    """The act in the reader's language; its bare name where there are no words for it."""
    return str(ACTS.get(action, action))
