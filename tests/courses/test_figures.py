"""Only shapes get into a lesson."""

from __future__ import annotations

import pytest

from apps.courses.services.figures import BadFigure, clean_figure, figure_html

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9">'


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<image href="https://example.org/x.png"/>',
        '<use href="#x"/>',
        "<style>*{}</style>",
        '<rect style="fill:red"/>',
        '<rect fill="url(#x)"/>',
        '<rect fill="&#117;rl(https://example.org)"/>',
        "<foreignObject><p/></foreignObject>",
        "<text>Words</text>",
        "<g>loose words</g>",
        '<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>',
        "<!-- note --><rect/>",
        "<g>" * 20 + "</g>" * 20,
        "<rect",
    ],
)
def test_figure_with_more_than_shapes_is_refused(body: str) -> None:
    with pytest.raises(BadFigure):
        clean_figure(f"{HEAD}{body}</svg>".encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"<html/>",
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        HEAD.replace('width="9"', 'width="9em"').encode() + b"</svg>",
        HEAD.replace('width="9"', 'width="99999"').encode() + b"</svg>",
        HEAD.encode() + b"<rect/>" * 2000 + b"</svg>",
    ],
)
def test_figure_that_is_no_small_svg_is_refused(raw: bytes) -> None:
    with pytest.raises(BadFigure):
        clean_figure(raw)


def test_figure_becomes_an_image_that_carries_itself() -> None:
    html = figure_html(
        f'{HEAD}<title>t</title><g fill="#0b5c6b"><path d="M1 1h2"/></g></svg>'.encode(), 'A "door"'
    )
    assert html.startswith('<figure><img src="data:image/svg+xml,%3Csvg')
    assert 'alt="A &quot;door&quot;"' in html
    assert 'width="9" height="9"' in html
    assert "title" not in html
    assert html.count('"') == 8
