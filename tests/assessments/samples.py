"""Files as people and attackers send them."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
XLSX = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
ODS = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>"}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def special(name: str, mode: int, data: bytes = b"/etc/passwd") -> bytes:
    """An archive with one entry of a special kind: a link, a device."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, mode << 16
        archive.writestr(entry, data)
    return out.getvalue()


def locked_zip() -> bytes:
    """An archive that says its entry is encrypted."""
    data = bytearray(packed({"a.txt": b"secret"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def pdf(*, script: bool = False, launch: bool = False, attachment: bool = False, password: str = "") -> bytes:
    """One blank page, with what is asked for."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    name = NameObject
    if script:
        act = {name("/S"): name("/JavaScript"), name("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[name("/OpenAction")] = writer._add_object(DictionaryObject(act))
    if launch:
        act = {name("/S"): name("/Launch"), name("/F"): TextStringObject("cmd.exe")}
        writer.root_object[name("/OpenAction")] = DictionaryObject(act)
    if attachment:
        writer.add_attachment("tool.exe", b"MZ")
    if password:
        writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (12, 8), *, secret: str = "") -> bytes:
    """A picture; `secret` is written into its metadata."""
    image, out = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = Image.Exif()
    if secret:
        exif[0x010E] = secret
    image.save(out, kind, exif=exif)
    return out.getvalue()


def locked_docx() -> bytes:
    """The box that Office writes around a document with a password."""
    return OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600
