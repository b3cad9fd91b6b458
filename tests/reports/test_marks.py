"""Marks of the finished file: the sharing label on every page, tags, alternative text, fonts, contents, paper."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from django.utils import translation
from django.utils.translation import gettext
from pypdf import PdfReader

from apps.reports.documents import assessment_document, document_html
from apps.reports.pdf import render_pdf
from tests.reports import reading, samples

ARABIC_NAME = "المركز الوطني للأمن السيبراني"


def made(
    language: str, paper: str, tlp: str = "TLP:AMBER+STRICT", subject: str = "National CERT of Veldara"
) -> bytes:
    with translation.override(language):
        document = assessment_document(
            samples.source(tlp=tlp, subject=subject), samples.request(tlp=tlp, paper=paper)
        )
        return render_pdf(document_html(document), language=language, title=document.request.title).content


@pytest.fixture(scope="module")
def english() -> bytes:
    return made("en", "a4")


@pytest.fixture(scope="module")
def arabic() -> bytes:
    return made("ar", "letter", "TLP:GREEN", ARABIC_NAME)


@pytest.mark.parametrize("name", ["english", "arabic"])
def test_label_stands_at_top_and_bottom_of_every_page_in_twelve_points(
    name: str, request: pytest.FixtureRequest
) -> None:
    content = request.getfixturevalue(name)
    reader = PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages):
        height, width = float(page.mediabox.height), float(page.mediabox.width)
        labels = [w for w in reading.words(content, number) if re.fullmatch(reading.LABEL, w.text)]
        top = [w for w in labels if w.y > height - 72]
        bottom = [w for w in labels if w.y < 72]
        assert len(top) == 1 and len(bottom) == 1, f"page {number + 1}"
        assert all(w.size >= 11.99 for w in top + bottom)
        assert all(w.x > width / 2 for w in top + bottom), "the label is at the right in every language"


@pytest.mark.parametrize(("name", "colour"), [("english", "1 0.752941 0"), ("arabic", "0.2 1 0")])
def test_label_is_in_the_colour_of_the_standard_on_black(
    name: str, colour: str, request: pytest.FixtureRequest
) -> None:
    content = request.getfixturevalue(name)
    wanted = [round(float(part), 3) for part in colour.split()]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            fills = []
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("rg", "scn") and len(operands) >= 3:
                    fills.append([round(float(value), 3) for value in operands[:3]])
            assert fills.count(wanted) >= 2
            assert [0.0, 0.0, 0.0] in fills


@pytest.mark.parametrize(("name", "language"), [("english", "en"), ("arabic", "ar")])
def test_file_is_tagged_with_language_and_title(
    name: str, language: str, request: pytest.FixtureRequest
) -> None:
    content = request.getfixturevalue(name)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "Cybersecurity maturity" in str(pdf.docinfo["/Title"])
        assert all(str(page.get("/Tabs")) == "/S" for page in pdf.pages)
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
    kinds = [kind for kind, _attributes in reading.elements(content)]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure"} <= set(kinds)


@pytest.mark.parametrize("name", ["english", "arabic"])
def test_every_figure_has_alternative_text(name: str, request: pytest.FixtureRequest) -> None:
    figures = [a for kind, a in reading.elements(request.getfixturevalue(name)) if kind == "/Figure"]
    assert len(figures) > 10
    assert all(figure.get("/Alt", "").strip() for figure in figures)


@pytest.mark.parametrize("name", ["english", "arabic"])
def test_every_font_is_embedded_and_ours(name: str, request: pytest.FixtureRequest) -> None:
    content = request.getfixturevalue(name)
    assert reading.fonts_without_file(content) == []
    assert all("noto" in font.lower() for font in reading.font_names(content)), reading.font_names(content)


def test_contents_name_the_page_that_each_part_begins_on(english: bytes) -> None:
    texts = reading.pages(english)
    listed = dict(re.findall(r"^(.+?)\s+(\d+)$", texts[1], flags=re.M))
    for title in ("What to do first", "Protection", "How each figure was made", "Words used"):
        assert (
            title in texts[int(listed[title]) - 1].split("\n", 6)[-1]
            or title in texts[int(listed[title]) - 1]
        )
    assert int(listed["Words used"]) == len(texts)


def test_figures_in_the_file_are_those_of_the_result(english: bytes) -> None:
    stored = samples.source().document
    text = "\n".join(reading.pages(english))
    assert stored["evidenced"]["overall"]["value"]["display"] in text
    assert stored["claimed"]["overall"]["value"]["display"] in text
    assert stored["input_hash"] in text.replace("\n", "")
    for part in stored["evidenced"]["areas"]:
        assert f"evidenced {part['value']['display']}" in text


@pytest.mark.parametrize(("name", "size"), [("english", (595.3, 841.9)), ("arabic", (612, 792))])
def test_paper_is_the_one_that_was_chosen(
    name: str, size: tuple[float, float], request: pytest.FixtureRequest
) -> None:
    for page in PdfReader(io.BytesIO(request.getfixturevalue(name))).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=0.2)


def test_arabic_is_drawn_with_the_arabic_font_and_the_axis_runs_from_the_right(arabic: bytes) -> None:
    assert any("Arabic" in name for name in reading.font_names(arabic))
    with translation.override("ar"):
        title, lowest, next_one = gettext("Level by area"), gettext("Absent"), gettext("Initial")
    page = next(n for n, text in enumerate(reading.pages(arabic)) if title in text)
    drawn = {word.text[::-1]: word.x for word in reading.words(arabic, page)}  # as drawn: from left to right
    assert drawn[lowest] > drawn[next_one]
