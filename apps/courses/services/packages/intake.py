"""Taking a package in: the zip is vetted whole before anything is stored, and then kept as it came."""

from __future__ import annotations

import hashlib
import posixpath
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from django.utils.translation import gettext as _

from apps.core.archives import Archive, Limits, open_archive
from apps.core.errors import Refused
from apps.courses.models import PackageFile
from apps.courses.services.packages.manifest import NAME, Manifest, read_manifest

PACKAGE = Limits(file=200_000_000, total=500_000_000, members=5_000, nested=True)
LARGEST_MANIFEST = 5_000_000
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
# Programs of machines and servers: never run here, but whoever downloads the package might.
REFUSED = (
    ".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".lnk", ".hta", ".jar", ".apk", ".php", ".phtml",
    ".phar", ".php5", ".asp", ".aspx", ".jsp", ".cgi", ".pl", ".py", ".sh", ".htaccess", ".htpasswd", "web.config",
)  # fmt: skip
OTHERS = {"cmi5.xml": "cmi5", "tincan.xml": "xAPI (Tin Can)", "h5p.json": "H5P"}


@dataclass(frozen=True, slots=True)
class Vetted:
    """A package that may be stored: its manifest, its files without a version yet, and the hash of the zip."""

    manifest: Manifest
    files: list[PackageFile]
    sha256: str
    size: int
    unpacked: int


def vet_package(content: IO[bytes], *, name: str) -> Vetted:
    """Read the zip in `content` and return what it holds. Raises `Refused`, beginning with `name`.

    The directory is judged before any member is read, so that a hostile zip costs next to nothing.
    """
    archive = open_archive(content, name=name, limits=PACKAGE)
    _refuse_programs(archive, name)
    folder = _root(archive, name)
    held = {
        info.filename.removeprefix(folder): info
        for info in archive.members
        if info.filename.startswith(folder)
    }
    manifest = read_manifest(archive.read(folder + NAME, at_most=LARGEST_MANIFEST), held)
    if folder:
        manifest.notes.insert(0, ("wrapped", {"folder": folder.rstrip("/")}))
    files = [_file(content, member, info, archive) for member, info in held.items()]
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    return Vetted(manifest, files, digest, content.seek(0, 2), sum(file.size for file in files))


def _refuse_programs(archive: Archive, name: str) -> None:
    for info in archive.members:
        file = posixpath.basename(info.filename).lower()
        if file.endswith(REFUSED):
            raise Refused(
                _("%(name)s: %(member)s is a program or a server's file; leave it out.")
                % {"name": name, "member": info.filename[:80]}
            )


def _root(archive: Archive, name: str) -> str:
    """The folder of the manifest: the top, or one folder around everything."""
    if NAME in archive.names:
        return ""
    folders = sorted(member.removesuffix(NAME) for member in archive.names if member.endswith(f"/{NAME}"))
    for folder in folders:
        if folder.count("/") == 1 and not folder.startswith("__MACOSX"):
            return folder
    raise Refused(f"{name}: {_what_instead({posixpath.basename(one).lower() for one in archive.names})}")


def _what_instead(files: set[str]) -> str:
    for file, kind in OTHERS.items():
        if file in files:
            return _("it is a package of %(kind)s, which is not played here.") % {"kind": kind}
    return _("it has no %(manifest)s at its top, so it is no SCORM package.") % {"manifest": NAME}


def _file(content: IO[bytes], member: str, info: ZipInfo, archive: Archive) -> PackageFile:
    """The place of a member's bytes in the zip, proven by reading it to its end."""
    place: Mapping[str, str] = {"member": member[:80]}
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refused(_("%(member)s is packed in a way that browsers cannot open; pack it again.") % place)
    if archive.measure(info.filename) != info.file_size:
        raise Refused(_("%(member)s does not hold what it declares.") % place)
    content.seek(info.header_offset)
    header = LOCAL_HEADER.unpack(content.read(LOCAL_HEADER.size))
    offset = info.header_offset + LOCAL_HEADER.size + header[9] + header[10]
    return PackageFile(
        name=member, offset=offset, packed=info.compress_size, size=info.file_size, crc=info.CRC,
        deflated=info.compress_type == ZIP_DEFLATED,
    )  # fmt: skip
