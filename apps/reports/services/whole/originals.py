"""What is in an export beside tables: files as they were added, reports as they were made, signed documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.utils.translation import gettext as _

from apps.assessments.models import Evidence, PeerReview, Result
from apps.assessments.selectors.signed import signed_result, signed_review
from apps.assessments.services import store
from apps.core.vault import Unreadable
from apps.members.models import Member
from apps.mentoring.models import SharedFile
from apps.mentoring.services.files import proven_parts
from apps.reports.models import Report
from apps.reports.services.files import stored_file
from apps.reports.services.whole.bundle import Bundle, as_file, safe_name


def put_evidence(bundle: Bundle, member: Member) -> None:
    """Every file of evidence in force, opened with the member's key; one that may not leave the store is named."""
    held = Evidence.objects.in_force().filter(member=member).exclude(file="")
    for row in held.select_related("member", "assessment").order_by("pk").iterator(chunk_size=100):
        _put(bundle, "evidence", row, partial(store.proven, row))


def put_shared(bundle: Bundle, member: Member) -> None:
    """Every file that the member shares in its engagements."""
    held = SharedFile.objects.filter(member=member, removed_at__isnull=True).exclude(file="")
    for row in held.select_related("member").order_by("pk").iterator(chunk_size=100):
        _put(bundle, "shared", row, partial(proven_parts, row))


def _put(
    bundle: Bundle, folder: str, row: Evidence | SharedFile, opened: Callable[[], Iterator[bytes]]
) -> None:
    name = f"files/{folder}/{safe_name(row.title, row.public_id, row.content_type)}"
    if not row.can_be_opened:
        bundle.leave_out(name, _("It was not found clean by the scanner, so it does not leave the store."))
        return
    try:
        parts = opened()
    except Unreadable as fault:
        bundle.leave_out(name, fault.message)
    else:
        bundle.add_parts(name, parts)


def put_reports(bundle: Bundle, member: Member) -> None:
    """Every report about the member whose file is kept."""
    for row in Report.objects.ready().filter(member=member).order_by("pk").iterator(chunk_size=100):
        name = f"files/reports/{safe_name(row.title, row.public_id, 'application/pdf')}"
        content = stored_file(row)
        if content is None:
            bundle.leave_out(name, _("The stored file is damaged. Make the report again."))
        else:
            bundle.add_parts(name, [content])


def put_signed(bundle: Bundle, member: Member) -> None:
    """Signed results and reviews, each as the file that can be checked by itself."""
    results = Result.objects.filter(member=member).exclude(statement={}).select_related("assessment")
    for result in results.order_by("pk").iterator(chunk_size=20):
        bundle.add(f"results/{result.public_id}.json", as_file(signed_result(result)))
    reviews = PeerReview.objects.signed().filter(member=member).select_related("request__result")
    for review in reviews.order_by("pk").iterator(chunk_size=20):
        bundle.add(f"reviews/{review.public_id}.json", as_file(signed_review(review)))
