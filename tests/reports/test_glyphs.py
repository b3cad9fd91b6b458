"""Each glyph of a PDF has characters of its own, also where a letter and its mark are drawn as two."""

from __future__ import annotations

import io

import pikepdf

from apps.reports.glyphs import NOTHING_TO_SAY, named
from apps.reports.pdf import render_pdf
from tests.reports import reading, ua

ALEF, DAMMA, LAM = "\u0623", "\u064f", "\u0644"


def test_letter_and_mark_share_what_the_engine_gave_to_one_of_them() -> None:
    own = {1: ALEF, 2: DAMMA, 3: LAM}
    assert named({1: ALEF + DAMMA, 2: "", 3: LAM}, own) == own
    assert named({1: "", 2: ALEF + DAMMA}, own) == {1: ALEF, 2: DAMMA}


def test_ligature_keeps_both_letters_and_a_nameless_part_says_nothing() -> None:
    assert named({7: LAM + "\u0627", 8: ""}, {3: LAM}) == {7: LAM + "\u0627", 8: NOTHING_TO_SAY}


def test_glyph_that_the_font_does_not_name_may_stand_for_words_with_a_space() -> None:
    assert named({9: "per cent", 8: ""}, {}) == {9: "per cent", 8: NOTHING_TO_SAY}


def test_letter_that_is_drawn_otherwise_keeps_its_own_character() -> None:
    """The form in the middle of a word: the font's name for it is another character."""
    assert named({9: "\u0628"}, {9: "\ufe92"}) == {9: "\u0628"}


def test_arabic_with_marks_is_read_as_it_was_written() -> None:
    words = "<html><head></head><body><p>أُنجز العمل، وأُرسل التقرير. أمن</p></body></html>"
    content = render_pdf(words, language="ar", title="Words").content
    assert ua.validated(content) == []
    text = " ".join(reading.pages(content))
    assert text.count(DAMMA) == 2, "two letters have a mark, the third has none"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        maps = [
            item.ToUnicode.read_bytes()
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item
        ]
    assert maps
    assert not any(b"<>" in said for said in maps)
