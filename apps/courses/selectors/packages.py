"""Packages as people see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.courses.models import Package, PackageAttempt, PackageFile, PackageVersion
from apps.courses.policies import may_keep_package, may_keep_packages
from apps.courses.selectors import content_host
from apps.courses.selectors.package_words import note_sentences, status_word
from apps.members.models import Programme


@dataclass(frozen=True, slots=True)
class Reported:
    """What a package says about a learner; it is shown as its word and proves nothing."""

    status: str
    score: str
    of: str
    completed: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """A line of the table of contents; `number` is 0 for a heading."""

    number: int
    level: int
    title: str
    prerequisites: str
    max_time: str
    reported: Reported | None


@dataclass(frozen=True, slots=True)
class PackageCard:
    public_id: str
    title: str
    summary: str
    language: str
    programme: str
    kind: str
    parts: int
    size: int
    completed: int
    begun: bool


@dataclass(frozen=True, slots=True)
class PackageList:
    packages: tuple[PackageCard, ...]
    may_bring: bool
    is_on: bool


@dataclass(frozen=True, slots=True)
class PackagePage:
    card: PackageCard
    rows: tuple[PartRow, ...]
    number: int
    file_name: str
    newer: bool
    notes: tuple[str, ...]
    learners: int
    may_keep: bool
    is_on: bool
    is_apart: bool
    withdrawn: bool

    @property
    def first(self) -> int:
        """The part to go on with: the first that is not completed, else the first; 0 for none."""
        parts = [row for row in self.rows if row.number]
        open_ones = [row for row in parts if not (row.reported and row.reported.completed)]
        return (open_ones or parts)[0].number if parts else 0


@dataclass(frozen=True, slots=True)
class PlayPage:
    """What the page of a player needs; `origin` is the packages' own and empty when playing is off."""

    public_id: str
    title: str
    part: int
    part_title: str
    origin: str
    player: str
    file: str
    following: int
    previous: int


def _visible(user: User) -> QuerySet[Package]:
    """Packages for everybody, those of programmes that the user's members take part in, and those the user keeps."""
    rows = Package.objects.select_related("programme")
    if user.is_staff:
        return rows
    joined = user.memberships.values("member__participations__programme")
    kept = Q(programme__in=user.programmes.values("pk"))
    return rows.filter(kept | Q(withdrawn_at=None) & (Q(programme=None) | Q(programme__in=joined)))


def list_packages(user: User) -> PackageList:
    """Packages that this person may play. Three queries and those of the policy, however many packages."""
    packages = list(_visible(user).filter(withdrawn_at=None))
    versions = _versions(user, packages)
    attempts = _attempts(user, versions.values())
    cards = tuple(_card(package, versions[package.pk], attempts) for package in packages)
    return PackageList(cards, bool(may_keep_packages(user)), content_host.is_on())


def _versions(user: User, packages: Iterable[Package]) -> dict[int, PackageVersion]:
    """For each package the version that this person plays: one that was begun and is not finished, else the newest."""
    keys = [package.pk for package in packages]
    begun = set(
        PackageAttempt.objects.filter(user=user, version__package__in=keys, completed=False).values_list(
            "version", flat=True
        )
    )
    found: dict[int, PackageVersion] = {}
    for version in PackageVersion.objects.filter(package__in=keys).order_by("number"):
        held = found.get(version.package_id)
        if held is None or held.pk not in begun:
            found[version.package_id] = version
    return found


def _attempts(user: User, versions: Iterable[PackageVersion]) -> dict[tuple[int, int], PackageAttempt]:
    rows = PackageAttempt.objects.filter(user=user, version__in=[version.pk for version in versions]).defer(
        "cmi"
    )
    return {(row.version_id, row.part): row for row in rows}


def _card(
    package: Package, version: PackageVersion, attempts: dict[tuple[int, int], PackageAttempt]
) -> PackageCard:
    mine = [row for (key, _part), row in attempts.items() if key == version.pk]
    return PackageCard(
        public_id=package.public_id, title=package.title, summary=package.summary, language=package.language,
        programme=package.programme.name if package.programme else "", kind=version.get_kind_display(),
        parts=sum(bool(part["file"]) for part in version.parts), size=version.size,
        completed=sum(row.completed for row in mine), begun=bool(mine),
    )  # fmt: skip


def package_page(user: User, package: str) -> PackagePage:
    """A package with its table of contents and what it reported about this person. Raises Http404."""
    row = _visible(user).filter(public_id=package).first()
    if row is None:
        raise Http404
    version = _versions(user, [row])[row.pk]
    attempts = _attempts(user, [version])
    may_keep = bool(may_keep_package(user, row.programme))
    newest = row.versions.values_list("number", flat=True).first()
    learners = (
        PackageAttempt.objects.filter(version__package=row).values("user").distinct().count()
        if may_keep
        else 0
    )
    return PackagePage(
        card=_card(row, version, attempts), rows=_rows(version, attempts), number=version.number, file_name=version.file_name,
        newer=newest != version.number, notes=note_sentences(version.notes), learners=learners, may_keep=may_keep,
        is_on=content_host.is_on(), is_apart=content_host.is_apart(), withdrawn=row.withdrawn_at is not None,
    )  # fmt: skip


def _rows(version: PackageVersion, attempts: dict[tuple[int, int], PackageAttempt]) -> tuple[PartRow, ...]:
    return tuple(
        PartRow(
            number if part["file"] else 0, min(part["level"], 3), part["title"], part["prerequisites"], part["max_time"],
            _reported(attempts.get((version.pk, number))),
        )
        for number, part in enumerate(version.parts, 1)
    )  # fmt: skip


def _reported(attempt: PackageAttempt | None) -> Reported | None:
    if attempt is None:
        return None
    word = status_word(attempt.status) or (_("begun") if attempt.launch else "")
    return Reported(word, attempt.score, attempt.score_of, attempt.completed, attempt.saved_at)


def version_to_play(user: User, package: str) -> PackageVersion:
    """The version that this person plays, with its package. Raises Http404, also for one that was withdrawn."""
    row = _visible(user).filter(public_id=package, withdrawn_at=None).first()
    if row is None:
        raise Http404
    version = _versions(user, [row])[row.pk]
    version.package = row
    return version


def play_page(user: User, package: str, part: int) -> PlayPage:
    """The player of one part. Raises Http404 for a heading or a number that is not there."""
    version = version_to_play(user, package)
    numbers = [number for number, line in enumerate(version.parts, 1) if line["file"]]
    if part not in numbers:
        raise Http404
    line: dict[str, Any] = version.parts[part - 1]
    place = numbers.index(part)
    origin = content_host.origin_of(version.label)
    return PlayPage(
        public_id=package, title=version.package.title, part=part, part_title=line["title"], origin=origin,
        player=f"{origin}/{version.label}/player/" if origin else "", file=_address(line),
        following=numbers[place + 1] if place + 1 < len(numbers) else 0, previous=numbers[place - 1] if place else 0,
    )  # fmt: skip


def _address(line: dict[str, Any]) -> str:
    return f"../files/{quote(line['file'])}{line['query']}"


def package_to_keep(user: User, package: str) -> Package:
    """A package that this person sees, to renew or withdraw it. Raises Http404."""
    row = _visible(user).filter(public_id=package).first()
    if row is None:
        raise Http404
    return row


def require_keeper(user: User, package: str) -> None:
    """Raise PermissionDenied in words unless this person keeps the package, Http404 where they do not see it."""
    require(may_keep_package(user, package_to_keep(user, package).programme))


def package_owners(user: User) -> list[tuple[str, str]]:
    """(id, name) of whom a package may be brought for; the site itself has no id. Raises PermissionDenied for nobody."""
    rows = list(user.programmes.order_by("name").values_list("public_id", "name"))
    if user.is_staff:
        rows = list(Programme.objects.order_by("name").values_list("public_id", "name"))
        return [("", _("Everybody with an account")), *rows]
    if not rows:
        raise PermissionDenied(may_keep_packages(user).reason)
    return rows


def packaged_file(label: str, name: str) -> PackageFile | None:
    """A file for the packages' own host, which knows nobody: whoever knows the label may read. None for no such file."""
    rows = PackageFile.objects.select_related("version").defer("version__parts", "version__notes")
    return rows.filter(version__label=label, version__package__withdrawn_at=None, name=name).first()


def is_played(label: str) -> bool:
    """Whether a version with this label can be played."""
    return PackageVersion.objects.filter(label=label, package__withdrawn_at=None).exists()
