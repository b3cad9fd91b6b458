"""Components are strict when compiled, and say everything to those who cannot see colour or shape."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.urls import set_script_prefix
from django.utils import translation

from apps.core.style_guide import SampleForm, samples
from apps.core.templatetags.components import MOST_KEPT, KeptNode, declared_props

ROOT = Path(settings.BASE_DIR)
COMPONENTS = sorted(p for p in (ROOT / "templates/components").rglob("*.html") if not p.name.startswith("_"))


def show(source: str, **context: Any) -> str:
    return Template("{% load components charts %}" + source).render(Context(context))


def test_component_refuses_an_unknown_prop_when_compiled() -> None:
    with pytest.raises(TemplateSyntaxError, match="has no prop"):
        Template('{% load components %}{% part "tag" text="Open" colour="red" %}')


def test_component_refuses_a_missing_prop_when_compiled() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"needs \['text'\]"):
        Template('{% load components %}{% part "tag" %}')


def test_component_refuses_a_value_without_a_name() -> None:
    with pytest.raises(TemplateSyntaxError, match="expected name=value"):
        Template('{% load components %}{% part "tag" "Open" %}')


def test_component_refuses_no_name_at_all() -> None:
    with pytest.raises(TemplateSyntaxError, match="say which component"):
        Template("{% load components %}{% part %}")


def test_component_wraps_its_children() -> None:
    html = show('{% component "panel" title="Team" %}<p>{{ who }}</p>{% endcomponent %}', who="Leila & Tomas")
    assert "<h2" in html
    assert "<p>Leila &amp; Tomas</p>" in html


def test_component_sees_its_props_and_nothing_of_the_page() -> None:
    assert "secret" not in show('{% part "notice" %}', title="secret")


def test_component_escapes_what_people_wrote() -> None:
    assert "<script>" not in show('{% part "tag" text=text %}', text="<script>alert(1)</script>")


def test_props_read_defaults_as_constants_numbers_and_words() -> None:
    required, defaults = declared_props("{# props: title kind=info open=false level=2 note= value=none #}")
    assert required == {"title"}
    assert defaults == {"kind": "info", "open": False, "level": 2, "note": "", "value": None}


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda p: p.stem)
def test_component_declares_its_props_and_compiles(path: Path) -> None:
    assert path.read_text().startswith("{# props:")
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda p: p.stem)
def test_component_has_its_place_on_the_style_guide(path: Path) -> None:
    name = str(path.relative_to(ROOT / "templates/components").with_suffix(""))
    guide = (ROOT / "templates/core/style_guide.html").read_text() + "".join(
        p.read_text() for p in COMPONENTS
    )
    shell = (ROOT / "templates/base.html").read_text()
    assert f'"{name}"' in guide + shell or name == "print-runs"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_style_guide_shows_everything(language: str) -> None:
    with translation.override(language):
        html = render_to_string("core/style_guide.html", samples())
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html
    assert html.count("<h1") == 1
    assert 'style="' not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son[a-z]+=", html)


def test_style_guide_ids_are_unique_within_each_form() -> None:
    html = render_to_string("core/style_guide.html", {**samples(), "wrong_form": SampleForm(prefix="other")})
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_level_says_numeral_and_name() -> None:
    html = show('{% part "level" value=3 %}')
    assert ">3 Established<" in html


def test_level_zero_is_an_answer_and_none_is_not() -> None:
    assert "0 Absent" in show('{% part "level" value=0 %}')
    assert "Not assessed" in show('{% part "level" value=value %}', value=None)
    assert 'class="chip lv0"' in show('{% part "chip" value=0 %}')
    assert "Not assessed" in show('{% part "chip" value=None %}')


class Wish(forms.Form):
    name = forms.CharField(label="Name", help_text="As on reports.")
    mail = forms.EmailField(label="E-mail", required=False)
    way = forms.ChoiceField(label="Way", choices=[("a", "Calls"), ("b", "Visits")], widget=forms.RadioSelect)
    seen = forms.BooleanField(label="The mentor may see it")
    token = forms.CharField(widget=forms.HiddenInput)


def broken() -> Wish:
    form = Wish({"name": "", "mail": "no", "way": "z"})
    form.is_valid()
    return form


def test_errors_link_to_their_fields_and_name_them() -> None:
    html = show('{% part "errors" form=form %}', form=broken())
    assert 'href="#id_name">Name: This field is required.' in html
    assert 'href="#id_way_0"' in html
    assert 'href="#id_token"' not in html
    assert "There is a problem" in html


def test_errors_show_nothing_for_a_good_form() -> None:
    assert show('{% part "errors" form=form %}', form=Wish()) == ""


def test_field_ties_hint_and_error_to_the_control() -> None:
    html = show('{% part "field" field=form.name %}', form=broken())
    assert '<label for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert " required" not in re.sub(r">[^<]*<", "><", html)


def test_field_knows_the_direction_of_what_is_typed() -> None:
    assert 'dir="auto"' in show('{% part "field" field=form.name %}', form=Wish())
    assert 'dir="ltr"' in show('{% part "field" field=form.mail %}', form=Wish())


def test_field_marks_optional_ones_not_mandatory_ones() -> None:
    assert "(optional)" in show('{% part "field" field=form.mail %}', form=Wish())
    assert "(optional)" not in show('{% part "field" field=form.name %}', form=Wish())


def test_radios_stand_in_a_fieldset_with_its_error() -> None:
    html = show('{% part "field" field=form.way %}', form=broken())
    assert "<fieldset" in html
    assert "<legend>Way" in html
    assert 'id="id_way_error"' in html
    assert html.count('type="radio"') == 2
    assert " required" not in re.sub(r">[^<]*<", "><", html)


def test_checkbox_label_stands_after_its_box() -> None:
    html = show('{% part "field" field=form.seen %}', form=Wish())
    assert html.index('type="checkbox"') < html.index("The mentor may see it")


def test_pager_keeps_the_filters() -> None:
    page = Paginator(range(120), 50).page(2)
    html = show('{% part "pager" page=page query=query %}', page=page, query="area=5&sort=fit")
    assert 'href="?area=5&amp;sort=fit&amp;page=1"' in html
    assert "Page 2 of 3" in html


def test_pager_is_silent_on_a_single_page() -> None:
    assert show('{% part "pager" page=page %}', page=Paginator([1], 50).page(1)) == ""


@pytest.mark.parametrize("label", ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"])
def test_sharing_label_is_written_as_the_standard_has_it(label: str) -> None:
    assert f">TLP:{label}<" in show('{% part "tlp" label=label %}', label=label)


def test_address_is_the_one_that_url_gives_wherever_the_site_stands() -> None:
    source = "{% address 'courses:lesson' course='c9' lesson='l11' %} {% url 'courses:lesson' course='c9' lesson='l11' %}"
    assert show(source) == "/learn/c9/l11/ /learn/c9/l11/"
    set_script_prefix("/belay/")
    try:
        assert show(source) == "/belay/learn/c9/l11/ /belay/learn/c9/l11/"
    finally:
        set_script_prefix("/")


def test_icon_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="No icon"):
        show('{% icon "unicorn" %}')


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 503])
def test_error_page_stands_without_a_shell_and_offers_a_way_on(status: int) -> None:
    html = render_to_string(f"{status}.html", {"request_id": "abc-123"})
    assert html.count("<h1") == 1
    assert "btn--go" in html
    assert "abc-123" in html


def test_refusal_shows_its_sentence() -> None:
    html = render_to_string("403.html", {"reason": "Only the lead may sign off."})
    assert "Only the lead may sign off." in html


def test_error_page_for_a_broken_site_needs_no_tag_and_no_context() -> None:
    source = (ROOT / "templates/500.html").read_text()
    assert "{% load" not in source
    assert "{% extends" not in source
    assert "{% static" not in source


def test_shell_sheet_and_script_stay_within_their_weight() -> None:
    sheet = (ROOT / "static/css/belay.css").read_bytes()
    script = (ROOT / "static/js/belay.js").read_bytes()
    assert len(gzip.compress(sheet, 9)) <= 12 * 1024
    assert len(gzip.compress(script, 9)) <= 2 * 1024
    assert b"@import" not in sheet
    assert b"http" not in sheet


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens(theme: str) -> dict[str, str]:
    """The colour tokens of the sheet as they stand in one theme."""
    text = (ROOT / "static/css/belay.css").read_text()
    pattern = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    found = dict(pattern.findall(text[: text.index("/* dark:")]))
    if theme == "dark":
        start = text.index(':root[data-theme="dark"] {')
        found |= dict(pattern.findall(text[start : text.index("}", start)]))
    return found


TEXT_PAIRS = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "accent", "rope")
        for ground in ("paper", "surface")
    ],
    *[(name, f"{name}-tint") for name in ("accent", "rope", "ok", "warn", "danger", "info", "quiet")],
    *[(f"lv-{n}-on", f"lv-{n}") for n in range(1, 6)],
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("ink", "accent-tint"),
    ("ink", "warn-tint"),
    ("ink-2", "quiet-tint"),
    ("danger", "surface"),
    ("surface", "danger"),
    ("surface", "rope"),
]
EDGE_PAIRS = [
    *[(f"lv-{n}-line", "surface") for n in range(6)],
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("focus", "paper"),
    ("focus", "surface"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_that_carry_meaning_can_be_seen(theme: str, edge: str, ground: str) -> None:
    colours = tokens(theme)
    assert contrast(colours[edge], colours[ground]) >= 3


def test_dark_by_choice_and_dark_by_system_are_the_same_colours() -> None:
    text = (ROOT / "static/css/belay.css").read_text()
    by_system = text[text.index(':root:not([data-theme="light"]) {') :]
    by_choice = text[text.index(':root[data-theme="dark"] {') :]
    words = [re.findall(r"--[\w-]+: [^;]+;", part[: part.index("}")]) for part in (by_system, by_choice)]
    assert words[0] == words[1]


def test_kept_part_is_rendered_once_for_what_it_is_made_of() -> None:
    class Told:
        """Counts how often a page looked."""

        looks = 0

        def __str__(self) -> str:
            self.looks += 1
            return "a < b"

    told, page = Told(), Template("{% load components %}{% kept made %}{{ told }}{% endkept %}")
    shown = [page.render(Context({"made": made, "told": told})) for made in (1, 1, 2, 1)]
    assert shown == ["a &lt; b"] * 4
    assert told.looks == 2


def test_kept_part_speaks_the_language_of_each_reader() -> None:
    page = Template('{% load components i18n %}{% kept 1 %}{% translate "Yes" %}{% endkept %}')
    shown = []
    for language in ("en", "fr", "en"):
        with translation.override(language):
            shown.append(page.render(Context()))
    assert shown == ["Yes", "Oui", "Yes"]


def test_kept_part_says_what_it_is_made_of() -> None:
    with pytest.raises(TemplateSyntaxError, match="made of"):
        Template("{% load components %}{% kept %}x{% endkept %}")


def test_kept_parts_do_not_grow_without_end() -> None:
    page = Template("{% load components %}{% kept n %}{{ n }}{% endkept %}")
    node = page.nodelist[1]
    assert [page.render(Context({"n": n})) for n in (*range(MOST_KEPT + 5), 0)][-1] == "0"
    assert isinstance(node, KeptNode)
    assert len(node.held) == MOST_KEPT
