"""What authors may write, and what never reaches a page."""

from __future__ import annotations

import pytest

from apps.core.markdown import is_own_image, render_markdown


def test_plain_markdown_becomes_marked_up_text() -> None:
    html = render_markdown("## Title\n\nA **bold** [link](https://example.org/).\n\n- one\n- two")
    assert '<h2 dir="auto">Title</h2>' in html
    assert "<strong>bold</strong>" in html
    assert '<a href="https://example.org/" rel="noopener noreferrer">link</a>' in html
    assert html.count("<li>") == 2


def test_first_heading_leaves_h1_to_the_page() -> None:
    assert render_markdown("# Title").startswith("<h2")


def test_each_block_takes_its_own_direction() -> None:
    assert '<p dir="auto">سلام</p>' in render_markdown("Hello\n\nسلام")


def test_table_scrolls_and_has_column_headings() -> None:
    html = render_markdown("| a | n |\n|---|--:|\n| x | 1 |")
    assert '<div class="scroll"' in html
    assert 'tabindex="0"' in html
    assert '<th scope="col">a</th>' in html
    assert '<td class="n">1</td>' in html
    assert "style" not in html
    assert html.strip().endswith("</table></div>")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "Text <b onclick=alert(1)>bold</b>",
        '<p style="position:fixed">',
        "<iframe src='https://example.org'></iframe>",
        "<!-- <script> -->",
    ],
)
def test_html_of_the_author_is_shown_as_written(text: str) -> None:
    html = render_markdown(text)
    assert "&lt;" in html
    assert not any(part in html for part in ("<script", "<iframe", "<b ", "<img"))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:alert(1)", "file:///etc/passwd"],
)
def test_dangerous_link_is_no_link(address: str) -> None:
    assert "href" not in render_markdown(f"[here]({address})")


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/a.png", "//example.org/a.png", "data:image/png;base64,AAAA", "/o/abc/", "../secret.svg",
        "figures/../../secret.svg", "/static/../secret", "figures/a.svg?x=1", "\\\\example.org\\a.png",
    ],
)  # fmt: skip
def test_picture_from_elsewhere_is_replaced_by_its_description(source: str) -> None:
    html = render_markdown(f"![A *small* account]({source})", images="/learn/c/figures/")
    assert "<img" not in html
    assert "A small account" in html or "![A" in html


def test_own_pictures_are_kept() -> None:
    html = render_markdown("![One](figures/one.svg) ![Two](/static/img/two.svg)", images="/learn/c1/")
    assert '<img src="/learn/c1/figures/one.svg" alt="One" loading="lazy">' in html
    assert 'src="/static/img/two.svg"' in html


def test_description_cannot_break_out_of_the_picture() -> None:
    html = render_markdown('![a" onload="alert(1)](figures/a.svg)')
    assert " onload=" not in html.replace("&quot; onload=&quot;", "")


def test_relative_picture_without_a_place_stays_relative() -> None:
    assert is_own_image("figures/a.svg")
    assert 'src="figures/a.svg"' in render_markdown("![a](figures/a.svg)")


def test_code_and_quotes_are_kept() -> None:
    html = render_markdown("> **Keep in mind** this\n\n`a < b`\n\n```\n<x>\n```")
    assert "<blockquote" in html
    assert "<code>a &lt; b</code>" in html
    assert "<pre><code>&lt;x&gt;" in html


def test_deep_nesting_and_odd_input_do_no_harm() -> None:
    render_markdown(">" * 5000)
    render_markdown("[" * 5000 + "\0" + "*_" * 2000)
    assert render_markdown("") == ""
