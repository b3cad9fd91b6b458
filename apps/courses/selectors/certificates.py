"""Certificates: for their holder, for print, and for anyone who has the code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import qrcode
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.courses.choices import CertificateKind, CertificateState, WithdrawnFor
from apps.courses.models import Certificate
from apps.courses.selectors.codes import read_code, show_code
from apps.courses.selectors.learning import certificate_state
from apps.courses.selectors.places import Visitor, language_name
from apps.courses.selectors.roles import role_name


@dataclass(frozen=True, slots=True)
class Assessed:
    """One test that was passed: how many questions, which share must be right, who watched and when."""

    title: str
    questions: int
    pass_mark: int
    supervised_by: str = ""
    supervised_on: date | None = None


@dataclass(frozen=True, slots=True)
class CertificateText:
    """All that a certificate says; `code` in groups of four, `verify_url` complete with the site's address."""

    public_id: str
    code: str
    kind: str
    kind_label: str
    holder: str
    course_slug: str
    title: str
    version: str
    language: str
    language_name: str
    hours: Decimal
    objectives: tuple[str, ...]
    nice_roles: tuple[str, ...]
    assessed: tuple[Assessed, ...]
    pass_mark: int
    issued_on: date
    valid_until: date | None
    state: str
    state_label: str
    revoked_on: date | None
    revoked_reason: str
    verify_url: str
    roles: tuple[tuple[str, str], ...]
    work: str
    skipped: tuple[str, ...]
    renews: str
    corrects: str
    next_code: str
    shows_name: bool
    mistaken: bool
    sitting: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer to a code or a file: `certificate` is None when we cannot or may not say what it is.

    `said` is what a genuine credential says of itself where its certificate is no longer on record here.
    """

    state: str
    typed: str
    certificate: CertificateText | None
    is_file: bool = False
    said: tuple[str, ...] = ()


def certificate_for_print(user: User, public_id: str) -> CertificateText:
    """The holder's own certificate. Raises Http404 for anyone else."""
    row = _rows().filter(enrolment__user=user, public_id=public_id).first()
    if row is None:
        raise Http404
    return _text(row)


def verified(user: Visitor, typed: str) -> Verified:
    """What the public may learn of a code as somebody typed it; nothing beyond the certificate's own words."""
    code = read_code(typed)
    if not code:
        return Verified(CertificateState.MALFORMED.value, typed, None)
    text = public_text(code)
    if text is None:
        return Verified(CertificateState.UNKNOWN.value, show_code(code), None)
    return Verified(text.state, text.code, text)


def public_text(code: str) -> CertificateText | None:
    """What everybody may read of the certificate with this code; without the name where its holder keeps it."""
    row = _rows().filter(code=code).first()
    if row is None:
        return None
    text = _text(row)
    return text if row.shows_name else replace(text, holder="")


def _rows() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("superseded_by").defer("credential")


def _text(row: Certificate) -> CertificateText:
    said: dict[str, Any] = row.statement
    state = certificate_state(row)
    return CertificateText(
        public_id=row.public_id, code=show_code(row.code), kind=row.kind, kind_label=str(CertificateKind(row.kind).label),
        holder=row.holder, course_slug=said["course"]["slug"],
        title=said["course"]["title"], version=said["version"], language=said["language"],
        language_name=language_name(said["language"]), hours=Decimal(said["hours"]),
        objectives=tuple(said["objectives"]), nice_roles=tuple(said["nice_roles"]),
        assessed=tuple(_assessed(one) for one in said["assessed"]),
        pass_mark=said["pass_mark"], issued_on=row.issued_on, valid_until=row.valid_until, state=state,
        state_label=str(CertificateState(state).label), revoked_on=row.revoked_at.date() if row.revoked_at else None,
        # The page goes on after the reason, which often brings its own full stop.
        revoked_reason=row.revoked_reason.rstrip(" ."), verify_url=verify_url(row.code),
        roles=tuple((code, role_name(code)) for code in said["nice_roles"]),
        skipped=tuple(said.get("skipped", ())), work=said.get("work", {}).get("title", ""), renews=show_code(said.get("renews", {}).get("code", "")),
        corrects=show_code(said.get("corrects", {}).get("code", "")),
        next_code=show_code(row.superseded_by.code) if row.superseded_by else "", shows_name=row.shows_name,
        mistaken=row.revoked_for == WithdrawnFor.ERROR, sitting=row.kind == CertificateKind.PARTICIPATION,
    )  # fmt: skip


def _assessed(one: dict[str, Any]) -> Assessed:
    watched = one.get("supervised")
    return Assessed(
        one["title"], one["questions"], one["pass_mark"], watched["by"] if watched else "",
        date.fromisoformat(watched["on"]) if watched else None,
    )  # fmt: skip


def verify_url(code: str) -> str:
    """The complete public address of a code."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + reverse("courses:verified", kwargs={"certificate_code": show_code(code)})


def certificate_qr_svg(url: str, *, title: str = "") -> SafeString:
    """A QR code of `url` as SVG: one rectangle and one path, shapes only, 4 modules of quiet ground around.

    The same drawing serves the page and the PDF; one module is one unit of the view box.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(url)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_runs(number, row) for number, row in enumerate(rows))
    side = len(rows)
    label = format_html('role="img" aria-label="{}"', title) if title else SafeString('aria-hidden="true"')
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {0} {0}" width="{1}" height="{1}" {2}>'
        '<rect width="{0}" height="{0}" fill="#ffffff"/><path d="{3}" fill="#000000"/></svg>',
        side, side * 4, label, path,
    )  # fmt: skip


def _runs(number: int, row: list[bool]) -> str:
    """The dark modules of one row as horizontal bars."""
    bars, start = [], None
    for column, dark in enumerate([*row, False]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            bars.append(f"M{start} {number}h{column - start}v1h-{column - start}z")
            start = None
    return "".join(bars)
