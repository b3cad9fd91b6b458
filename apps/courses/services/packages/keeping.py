"""Bring a package, bring a newer file of it, withdraw it."""

from __future__ import annotations

from dataclasses import asdict
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.core.filecheck.kinds import clean_name
from apps.core.ids import new_public_id
from apps.courses.models import Package, PackageFile, PackageVersion
from apps.courses.policies import may_keep_package, may_keep_packages
from apps.courses.selectors.packages import package_to_keep
from apps.courses.services.packages.intake import Vetted, vet_package
from apps.members.models import Programme


def bring_package(
    *,
    actor: User,
    content: IO[bytes],
    name: str,
    programme: str,
    title: str,
    summary: str,
    language: str,
    tells_name: bool,
) -> PackageVersion:
    """Take in the zip `content` as a new package, of a programme (its public id) or, for staff, of the site.

    Raises `Refused` in words for anything unsafe or unreadable; nothing is stored then.
    """
    require(may_keep_packages(actor))
    owner = Programme.objects.filter(public_id=programme).first() if programme else None
    require(may_keep_package(actor, owner))
    name = clean_name(name)[:255]
    vetted = vet_package(content, name=name)
    title = (title.strip() or vetted.manifest.title or name)[:150]
    with transaction.atomic():
        package = Package.objects.create(
            title=title, summary=summary.strip(), language=language, programme=owner, tells_name=tells_name
        )
        return _keep(actor, package, vetted, content, name)


def bring_version(*, actor: User, package: str, content: IO[bytes], name: str) -> PackageVersion:
    """Take in a newer file of a package; who began with an older one ends with that. Raises `Refused`, Http404."""
    row = package_to_keep(actor, package)
    require(may_keep_package(actor, row.programme))
    name = clean_name(name)[:255]
    vetted = vet_package(content, name=name)
    with transaction.atomic():
        row = Package.objects.select_for_update(of=("self",)).select_related("programme").get(pk=row.pk)
        if row.versions.filter(sha256=vetted.sha256).exists():
            raise Refused(_("This file is here already."), field="file")
        return _keep(actor, row, vetted, content, name)


def _keep(actor: User, package: Package, vetted: Vetted, content: IO[bytes], name: str) -> PackageVersion:
    """Store the zip as it came, under a name of our own, and the rows about it; without the rows the file goes too."""
    content.seek(0)
    key = new_public_id()
    stored = default_storage.save(f"packages/{key[:2]}/{key[2:4]}/{key}", File(content))
    try:
        with transaction.atomic():
            version = PackageVersion.objects.create(
                package=package, number=package.versions.count() + 1, kind=vetted.manifest.kind, file=stored, file_name=name,
                size=vetted.size, unpacked=vetted.unpacked, sha256=vetted.sha256, brought_by=actor,
                parts=[asdict(part) for part in vetted.manifest.parts], notes=vetted.manifest.notes,
            )  # fmt: skip
            for file in vetted.files:
                file.version = version
            PackageFile.objects.bulk_create(vetted.files, batch_size=100)
            audit.record(
                actor=actor,
                action="package.brought",
                on=package,
                version=version.number,
                sha256=vetted.sha256,
            )
    except Exception:
        default_storage.delete(stored)
        raise
    return version


@transaction.atomic
def withdraw_package(*, actor: User, package: str) -> Package:
    """Take a package off the list; it plays no more, and what it reported stays with the learners. Raises Http404."""
    row = package_to_keep(actor, package)
    require(may_keep_package(actor, row.programme))
    if not Package.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_at=now()):
        raise Http404
    audit.record(actor=actor, action="package.withdrawn", on=row)
    return row
