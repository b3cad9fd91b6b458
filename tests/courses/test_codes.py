"""Codes survive typing, and slips are noticed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.courses.selectors.codes import ALPHABET, new_code, read_code, show_code


def test_code_reads_back_however_it_is_typed() -> None:
    code = new_code()
    assert read_code(code) == code
    assert read_code(f"  {show_code(code).lower()} ") == code
    assert read_code(show_code(code).replace("-", " ")) == code
    assert read_code(code.replace("0", "o").replace("1", "l")) == code


def test_code_with_one_wrong_character_is_refused() -> None:
    code = new_code()
    for place, held in enumerate(code):
        for other in ALPHABET:
            if other != held:
                assert read_code(code[:place] + other + code[place + 1 :]) == ""


def test_code_with_two_neighbours_swapped_is_refused() -> None:
    code = new_code()
    for place in range(len(code) - 2):
        if code[place] != code[place + 1]:
            assert read_code(code[:place] + code[place + 1] + code[place] + code[place + 2 :]) == ""


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert read_code(text) in ("", text.strip().upper()) or len(read_code(text)) == 16
