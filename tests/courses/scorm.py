"""Packages that our tests make: plain data and files, so that sites which tests start can use them too."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

SPACE_12 = 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
SPACE_2004 = (
    'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:x="http://www.adlnet.org/xsd/adlcp_v1p3" '
    'xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'
)
ITEM = '<item identifier="i1" identifierref="r1"><title>Golf</title></item>'
RESOURCE = '<resource identifier="r1" type="webcontent" {scorm}="sco" href="index.html"><file href="index.html"/></resource>'


def manifest(
    items: str = ITEM,
    resources: str = "",
    *,
    kind: str = "scorm12",
    organizations: str = "",
    attributes: str = "",
) -> str:
    """imsmanifest.xml of one organization with `items` and `resources`."""
    old = kind == "scorm12"
    own = RESOURCE.format(scorm="adlcp:scormtype" if old else "x:scormType")
    held = (
        organizations
        or f'<organizations default="o"><organization identifier="o"><title>Golf explained</title>{items}</organization></organizations>'
    )
    return (
        f'<?xml version="1.0"?><manifest identifier="m" {SPACE_12 if old else SPACE_2004} {attributes}>'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{'1.2' if old else '2004 4th Edition'}</schemaversion></metadata>"
        f"{held}<resources>{resources or own}</resources></manifest>"
    )


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files, as other tools pack them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def package(files: Mapping[str, str | bytes] | None = None, **shape: str) -> bytes:
    """A small package that is whole."""
    return zipped(
        {"imsmanifest.xml": manifest(**shape), "index.html": "<!DOCTYPE html><p>Golf", **(files or {})}
    )


FIND = """
function findApi(name) {
  let win = window;
  for (let step = 0; step < 8; step += 1) { if (win[name]) return win[name]; if (win.parent === win) break; win = win.parent; }
  return window.opener ? window.opener[name] : null;
}
"""
GOLF = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Golf</title>
<button id="next">Next</button><p id="who"></p><p id="told"></p><iframe id="page" title="Page"></iframe>
<script src="shared/find.js"></script><script>
const api = findApi("API"); let page = 0;
const show = () => { document.getElementById("page").src = `shared/page.html?content=${page}`; };
api.LMSInitialize("");
document.getElementById("who").textContent = api.LMSGetValue("cmi.core.student_name") + "/" + api.LMSGetValue("cmi.core.entry");
if (api.LMSGetValue("cmi.core.lesson_status") === "not attempted") api.LMSSetValue("cmi.core.lesson_status", "incomplete");
const bookmark = api.LMSGetValue("cmi.core.lesson_location");
if (bookmark && confirm("Would you like to resume from where you previously left off?")) page = Number(bookmark);
show();
document.getElementById("next").onclick = () => {
  page += 1; show();
  api.LMSSetValue("cmi.core.lesson_location", String(page));
  api.LMSSetValue("cmi.suspend_data", "seen:" + page + ";" + "x".repeat(5000));
  api.LMSSetValue("cmi.core.score.raw", String(page * 10));
  if (page === 6) { api.LMSSetValue("cmi.core.lesson_status", "passed"); api.LMSCommit(""); }
};
addEventListener("unload", () => { api.LMSSetValue("cmi.core.exit", "suspend"); api.LMSFinish(""); });
</script></html>"""
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Page</title><h1 id="n"></h1>
<script>document.getElementById("n").textContent = "Page " + new URLSearchParams(location.search).get("content");</script></html>"""
PRISON = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Prison</title><pre id="out">…</pre>
<script src="shared/find.js"></script><script>
(async () => {
  const api = findApi("API"); api.LMSInitialize("");
  const site = new URLSearchParams(location.search).get("site");
  const found = {}; const trying = async (name, act) => { try { found[name] = String(await act()); } catch (error) { found[name] = "blocked " + error.name; } };
  await trying("cookie", () => document.cookie);
  await trying("top", () => top.document.title);
  await trying("parents", () => window.parent.parent.document.title);
  await trying("navigate", () => { top.location = site + "/home/"; return "asked"; });
  await trying("fetch site", () => fetch(site + "/home/", { mode: "no-cors", credentials: "include" }).then((r) => r.type));
  await trying("fetch elsewhere", () => fetch("http://127.0.0.1:1/x", { mode: "no-cors" }).then((r) => r.type));
  await trying("fetch relative", () => fetch("/home/").then((r) => r.status));
  await trying("fetch own", () => fetch("shared/page.html").then((r) => r.status));
  await trying("image", () => new Promise((done, fail) => { const one = new Image(); one.onload = () => done("loaded"); one.onerror = () => fail(new Error("no")); one.src = site + "/static/img/favicon.svg"; }));
  await trying("beacon", () => navigator.sendBeacon(site + "/beacon-from-inside/", "x"));
  await trying("frame", () => new Promise((done) => { const one = document.createElement("iframe"); one.onload = () => { try { done(one.contentDocument ? "own" : "foreign"); } catch (e) { done("foreign"); } }; one.src = site + "/frame-from-inside/"; document.body.append(one); setTimeout(() => done("nothing"), 1500); }));
  await trying("socket", () => new Promise((done, fail) => { const one = new WebSocket(site.replace("http", "ws") + "/socket-from-inside/"); one.onopen = () => done("open"); one.onerror = () => fail(new Error("no")); }));
  document.getElementById("out").textContent = JSON.stringify(found);
})();
</script></html>"""


def golf() -> bytes:
    """Frames inside, a question in a dialog, bookmarks and long suspend data: what made such packages hard to play."""
    files = {"index.html": GOLF, "shared/find.js": FIND, "shared/page.html": PAGE}
    listed = "".join(f'<file href="{name}"/>' for name in files)
    resource = f'<resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="index.html">{listed}</resource>'
    return zipped({"imsmanifest.xml": manifest(resources=resource), **files})


def prison(site: str) -> bytes:
    """A package that tries to get out and writes down what happened."""
    files = {"index.html": PRISON, "shared/find.js": FIND, "shared/page.html": PAGE}
    item = f'<item identifier="i1" identifierref="r1" parameters="?site={site}"><title>Prison</title></item>'
    return zipped({"imsmanifest.xml": manifest(item), **files})
