"""What PDF/UA-1 asks of a file, as far as programs can see it: by an independent validator, and by checks of our own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import page as validator
import pikepdf

SHOWS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "EI"}
HEADINGS = {f"/H{n}": n for n in range(1, 7)}
DEEPEST = 6


def faults(content: bytes) -> list[str]:
    """Everything that is wrong with a file; empty when nothing was found."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*validated(content), *_file(pdf), *_tree(pdf), *_fonts(pdf), *_pages(pdf)]


def validated(content: bytes) -> list[str]:
    """What the validator `page` finds against PDF/UA-1: the rule and what breaks it."""
    report = validator.validate_pdf_bytes(content, profile=validator.ValidationProfile.PDF_UA_1)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def _file(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "The file is not marked as tagged."
    if not str(root.get("/Lang", "")):
        yield "The file has no language."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "The title is not shown in the window."
    if "/Outlines" not in root:
        yield "There are no bookmarks."
    with pdf.open_metadata() as said:
        if not said.get("dc:title"):
            yield "The metadata have no title."
        if str(said.get("pdfuaid:part", "")) != "1":
            yield "The metadata do not say which part of PDF/UA the file follows."


def elements(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Dictionary, str]]:
    """Each element of the tag tree in reading order: its kind, itself, the kind of its parent."""
    waiting: list[tuple[Any, str]] = [(pdf.Root.StructTreeRoot.get("/K"), "")]
    while waiting:
        item, parent = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += [(child, parent) for child in reversed(list(item))]
        elif isinstance(item, pikepdf.Dictionary):
            kind = str(item.get("/S", ""))
            if kind:
                yield kind, item, parent
            if "/K" in item:
                waiting.append((item.K, kind or parent))


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "There is no tag tree."
        return
    level = 0
    for kind, item, parent in elements(pdf):
        if kind == "/Figure" and not str(item.get("/Alt", "")).strip():
            yield "A figure has no alternative text."
        if kind in HEADINGS:
            if HEADINGS[kind] > level + 1:
                yield f"A heading of level {HEADINGS[kind]} follows one of level {level}."
            level = HEADINGS[kind]
        if kind == "/TH" and not _scope(item):
            yield "A heading of a table does not say what it is the heading of."
        if kind in ("/TH", "/TD") and parent != "/TR":
            yield f"A cell of a table stands in {parent}."
        if kind == "/LI" and parent != "/L":
            yield f"An item of a list stands in {parent}."


def _scope(cell: pikepdf.Dictionary) -> bool:
    """By a scope of its own, or by a name that the cells it heads point to."""
    if "/ID" in cell:
        return True
    rows = cell.get("/A", pikepdf.Array())
    attributes = list(rows) if isinstance(rows, pikepdf.Array) else [rows]
    return any(isinstance(a, pikepdf.Dictionary) and "/Scope" in a for a in attributes)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        if item.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
            item.keys()
        ):
            yield f"The font {item.get('/FontName')} is not in the file."
        if item.get("/Type") == "/Font" and item.get("/Subtype") == "/Type0" and "/ToUnicode" not in item:
            yield f"The font {item.get('/BaseFont')} does not say which characters its glyphs are."


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        if str(page.obj.get("/Tabs", "")) != "/S":
            yield f"Page {number}: the order of the tab key is not that of the tags."
        for note in page.obj.get("/Annots", []):
            if str(note.get("/Subtype", "")) != "/Link":
                continue
            if not str(note.get("/Contents", "")).strip():
                yield f"Page {number}: a link does not say where it leads."
            if "/StructParent" not in note:
                yield f"Page {number}: a link is not in the tag tree."
        if loose := _loose(page):
            yield f"Page {number}: {loose} drawings or texts are neither tagged nor marked as decoration."


def _loose(page: pikepdf.Page) -> int:
    """How many operators show something outside every marked sequence."""
    depth = found = 0
    for _operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            depth += 1
        elif name == "EMC":
            depth -= 1
        elif name in SHOWS and depth == 0:
            found += 1
    return found
