"""Type into a workbook with LibreOffice, as a person does, and save it: run by the system's Python, which brings `uno`.

    python3 office_fill.py IN.xlsx OUT.xlsx '[["Answers", "F3", "3 – Step 3"], …]'

Prints, as JSON, the cells that the office program refused.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

TRIES = 120


def started(profile: str, pipe: str) -> subprocess.Popen[bytes]:
    """The office program, without a window, listening on a pipe."""
    return subprocess.Popen(
        [
            "soffice", "--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def connected(pipe: str) -> object:
    """Its desktop, as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(TRIES):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - uno raises its own, not yet there
            time.sleep(0.5)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise SystemExit("The office program did not answer.")


def option(name: str, value: object) -> PropertyValue:
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def typed(book: object, edits: list[list[str]]) -> list[list[str]]:
    """Type each value into its cell; return the edits that the window refuses, which the programming interface does not."""
    refused = []
    for name, place, value in edits:
        sheet = book.Sheets.getByName(name)  # type: ignore[attr-defined]
        cell = sheet.getCellRangeByName(place)
        if sheet.isProtected() and cell.CellProtection.IsLocked:
            refused.append([name, place, value])
        else:
            cell.setFormula(value)
    return refused


def main(source: str, target: str, edits: str) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        pipe = f"belay{Path(profile).name}"
        office = started(profile, pipe)
        try:
            desktop = connected(pipe)
            book = desktop.loadComponentFromURL(  # type: ignore[attr-defined]
                Path(source).resolve().as_uri(), "_blank", 0, (option("Hidden", True),)
            )
            refused = typed(book, json.loads(edits))
            book.storeToURL(
                Path(target).resolve().as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),)
            )
            book.close(True)
            sys.stdout.write(json.dumps(refused))
        finally:
            office.kill()
            office.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
