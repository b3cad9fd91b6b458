"""Take a course out as a SCORM 1.2 package: one page with lessons and practice that runs without any network."""

from __future__ import annotations

import io
import zipfile
from typing import Any, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from lxml import etree

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.policies import may_take_out
from apps.courses.selectors.scorm import PackagedCourse, packaged_course

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
MOMENT = (2020, 1, 1, 0, 0, 0)  # the same course makes the same bytes
ASSETS = ("lesson.css", "lesson.js")


def take_out_course(
    *, actor: User | None, course: str, language: str = "", module: str = ""
) -> tuple[str, bytes]:
    """(file name, ZIP) of the course, or of one module, in `language`. Raises PermissionDenied, Http404.

    The operator at the machine is no actor.
    """
    if actor is not None:
        require(may_take_out(actor, course))
    held = packaged_course(course, language, module)
    files = {"index.html": _page(held).encode()}
    for name in ASSETS:
        files[name] = (settings.BASE_DIR / "static" / "packages" / name).read_bytes()
    files = {"imsmanifest.xml": _manifest(held, list(files)), **files}
    parts = [held.slug, held.module, held.version, held.language, "scorm12"]
    return f"{'-'.join(part for part in parts if part)}.zip", _zip(files)


def _page(held: PackagedCourse) -> str:
    """The whole package as one page, in the course's own language and direction."""
    keys = {question.code: question.key for lesson in held.lessons for question in lesson.questions}
    with translation.override(held.language):
        return render_to_string(
            "courses/scorm/index.html",
            {
                "course": held,
                "bidi": translation.get_language_bidi(),
                "keys": keys,
                "address": settings.SITE_URL + reverse("courses:course", kwargs={"course": held.slug}),
            },
        )


def _manifest(held: PackagedCourse, files: list[str]) -> bytes:
    """One organization, one item, one SCO with every file listed, as the content packaging schema orders them."""
    identifier = f"belay-{held.code}-{held.module or 'all'}-{held.version}-{held.language}".replace(" ", "-")
    spaces: dict[str | None, str] = {None: IMSCP, "adlcp": ADLCP}
    root = etree.Element(
        f"{{{IMSCP}}}manifest", {"identifier": identifier, "version": "1.1"}, cast(Any, spaces)
    )
    metadata = etree.SubElement(root, f"{{{IMSCP}}}metadata")
    etree.SubElement(metadata, f"{{{IMSCP}}}schema").text = "ADL SCORM"
    etree.SubElement(metadata, f"{{{IMSCP}}}schemaversion").text = "1.2"
    organizations = etree.SubElement(root, f"{{{IMSCP}}}organizations", {"default": "course"})
    organization = etree.SubElement(organizations, f"{{{IMSCP}}}organization", {"identifier": "course"})
    title = f"{held.title}: {held.module_title}" if held.module else held.title
    etree.SubElement(organization, f"{{{IMSCP}}}title").text = title
    item = etree.SubElement(organization, f"{{{IMSCP}}}item", {"identifier": "item", "identifierref": "sco"})
    etree.SubElement(item, f"{{{IMSCP}}}title").text = title
    resources = etree.SubElement(root, f"{{{IMSCP}}}resources")
    resource = etree.SubElement(
        resources, f"{{{IMSCP}}}resource",
        {"identifier": "sco", "type": "webcontent", f"{{{ADLCP}}}scormtype": "sco", "href": "index.html"},
    )  # fmt: skip
    for name in files:
        etree.SubElement(resource, f"{{{IMSCP}}}file", {"href": name})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _zip(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
