"""What a printed certificate says; its words are the frozen statement's."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from apps.core.charts.contours import contour_paths
from apps.courses.selectors import Assessed, CertificateText, certificate_qr_svg
from apps.reports.documents.parts import DAY, direction, titled

LONG_NAME = 34
TWO_LINES = 60


@dataclass(frozen=True, slots=True)
class CertificateDocument:
    """One landscape page. `language` is that of the course, `qr` the drawing of the check address.

    `crowded` where names take so many lines that the lists below have less room.
    """

    title: str
    kind: str
    holder: str
    small_name: bool
    crowded: bool
    course: str
    version: str
    language: str
    language_dir: str
    language_name: str
    hours: Decimal
    objectives: tuple[str, ...]
    tests: tuple[str, ...]
    tested: bool
    roles: str
    issued_on: date
    valid_until: date | None
    withdrawn_on: date | None
    code: str
    verify_url: str
    qr: SafeString
    art: str


def certificate_document(text: CertificateText) -> CertificateDocument:
    """Put a certificate in words, in the active language."""
    return CertificateDocument(
        title=_("Certificate: %(course)s") % {"course": text.title},
        kind=text.kind_label,
        holder=text.holder,
        small_name=len(text.holder) > LONG_NAME,
        crowded=max(len(text.holder), len(text.title)) > TWO_LINES,
        course=text.title,
        version=text.version,
        language=text.language,
        language_dir=direction(text.language),
        language_name=text.language_name,
        hours=text.hours.normalize(),
        objectives=text.objectives,
        tests=_shown(text),
        tested=bool(text.assessed),
        roles=_(", ").join(name for _code, name in text.roles),
        issued_on=text.issued_on,
        valid_until=text.valid_until,
        withdrawn_on=text.revoked_on,
        code=text.code,
        verify_url=text.verify_url,
        qr=titled(
            certificate_qr_svg(text.verify_url),
            _("Code to scan: leads to the page that checks this certificate"),
        ),
        art=_art(text.course_slug),
    )


def _shown(text: CertificateText) -> tuple[str, ...]:
    """How the holder came to the certificate, one line each; in plain words where nothing was tested."""
    if not text.assessed:
        if text.sitting:
            return (_("Every screen of the course was opened. Nothing was tested."),)
        return (_("Every lesson was read and every question of its checks was tried. There was no test."),)
    lines = [_test(one) for one in text.assessed]
    if text.work:
        lines.insert(0, _("Work looked at and accepted by another person: %(title)s") % {"title": text.work})
    return tuple(lines)


def _test(one: Assessed) -> str:
    values = {"title": one.title, "questions": one.questions, "mark": one.pass_mark}
    if one.supervised_on is None:
        text = ngettext(
            "%(title)s: %(questions)d question, pass mark %(mark)d %%",
            "%(title)s: %(questions)d questions, pass mark %(mark)d %%",
            one.questions,
        )
        return text % values
    values |= {"who": one.supervised_by, "day": date_format(one.supervised_on, DAY)}
    text = ngettext(
        "%(title)s: %(questions)d question, pass mark %(mark)d %%, supervised by %(who)s on %(day)s",
        "%(title)s: %(questions)d questions, pass mark %(mark)d %%, supervised by %(who)s on %(day)s",
        one.questions,
    )
    return text % values


def _art(seed: str) -> str:
    """Pale contour lines, the same for each course, as the address of a picture in CSS: it means nothing to a reader."""
    lines = "".join(f'<path d="{path}"/>' for path in contour_paths(seed, 794, 640) if path)
    fade = (
        '<radialGradient id="g" cx="1" cy="0" r="1"><stop offset="0" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset=".85" stop-color="#fff"/></radialGradient>'
    )
    mirror = ' transform="translate(794 0) scale(-1 1)"' if get_language_bidi() else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 794 640"><defs>{fade}</defs><g{mirror}>'
        f'<g fill="none" stroke="#0b5c6b" stroke-opacity=".4">{lines}</g>'
        '<rect x="-30" y="-30" width="854" height="700" fill="url(#g)"/></g></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def certificate_html(document: CertificateDocument) -> str:
    """The page for the PDF engine."""
    return render_to_string("reports/print/certificate.html", {"doc": document})
