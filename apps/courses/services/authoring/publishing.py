"""Review and publishing of drafts: a second person reads, says what is to be mended, and publishes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.courses.choices import DraftState
from apps.courses.models import CourseDraft, CourseVersion, DraftComment
from apps.courses.policies import may_publish_draft, may_write_course
from apps.courses.selectors.authoring import files_of
from apps.courses.services.authoring.looking import raws
from apps.courses.services.checking import find_faults
from apps.courses.services.loading import CourseFaults, store_source
from apps.courses.services.reading import read_files

LONGEST_COMMENT = 2000


def _locked(draft: CourseDraft, revision: int) -> CourseDraft:
    """The draft as it was read, or `Conflict`."""
    row = CourseDraft.objects.select_for_update().get(pk=draft.pk)
    if row.state == DraftState.PUBLISHED:
        raise Refused(_("This draft is published already."))
    if row.revision != revision:
        raise Conflict(_("The draft was changed after this page was opened. Read what is new first."))
    return row


@transaction.atomic
def ask_review(*, actor: User, draft: CourseDraft, revision: int) -> None:
    """Say that the draft is ready to be read by a second person. Raises `CourseFaults` while the checks find any."""
    require(may_write_course(actor, draft.slug))
    row = _locked(draft, revision)
    faults = find_faults(read_files(row.slug, raws(files_of(row))))
    if faults:
        raise CourseFaults(faults)
    row.state, row.asked_by = DraftState.REVIEW, actor
    row.save(update_fields=["state", "asked_by"])
    audit.record(actor=actor, action="course.review_asked", on=row, course=row.slug, revision=row.revision)


@transaction.atomic
def send_back(*, actor: User, draft: CourseDraft, revision: int) -> None:
    """Give a draft that waits for its review back to its authors."""
    require(may_write_course(actor, draft.slug))
    row = _locked(draft, revision)
    if row.state != DraftState.REVIEW:
        raise Refused(_("This draft does not wait for a review."))
    row.state = DraftState.WRITING
    row.save(update_fields=["state"])
    audit.record(actor=actor, action="course.review_sent_back", on=row, course=row.slug)


@transaction.atomic
def publish_draft(*, actor: User, draft: CourseDraft, revision: int) -> CourseVersion:
    """Publish a draft that waits for its review, exactly as it was read: the files become a version for ever.

    Raises `PermissionDenied` for its authors, `Conflict` when it changed meanwhile, `CourseFaults` or `Refused` when it
    is no course or its number is taken.
    """
    row = _locked(draft, revision)
    require(may_publish_draft(actor, row))
    if row.state != DraftState.REVIEW:
        raise Refused(_("Its authors have not asked for the review yet."))
    if row.comments.filter(settled=False).exists():
        raise Refused(_("There are open comments. Settle them first."))
    version = store_source(actor, read_files(row.slug, raws(files_of(row))))
    row.state, row.published = DraftState.PUBLISHED, version
    row.save(update_fields=["state", "published"])
    audit.record(actor=actor, action="course.draft_published", on=row, course=row.slug, revision=row.revision)
    return version


@transaction.atomic
def add_comment(*, actor: User, draft: CourseDraft, path: str, text: str) -> DraftComment:
    """Say something about one file of the draft, or about the whole with an empty path."""
    require(may_write_course(actor, draft.slug))
    said = text.strip()
    if not said or len(said) > LONGEST_COMMENT:
        limit = {"count": LONGEST_COMMENT}
        raise Refused(_("Write a comment of at most %(count)s characters.") % limit, field="text")
    if path and not draft.files.filter(path=path).exists():
        raise Refused(_("The draft has no such file any more."))
    comment = DraftComment.objects.create(draft=draft, path=path, text=said.replace("\0", ""), by=actor)
    audit.record(actor=actor, action="course.comment_made", on=draft, course=draft.slug, path=path)
    return comment


@transaction.atomic
def settle_comment(*, actor: User, draft: CourseDraft, comment: str) -> None:
    """Say that what a comment asks for is done; again opens it anew."""
    require(may_write_course(actor, draft.slug))
    row = draft.comments.select_for_update().filter(public_id=comment).first()
    if row is None:
        raise Refused(_("There is no such comment."))
    row.settled = not row.settled
    row.save(update_fields=["settled"])
    audit.record(
        actor=actor, action="course.comment_settled", on=draft, course=draft.slug, settled=row.settled
    )
