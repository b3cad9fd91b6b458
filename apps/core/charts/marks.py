"""What all drawings share: colours, level names, positions, and the shapes of the marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

# Presentation attributes for the PDF engine and for a downloaded file; on the page the class wins.
FILL = ("#ffffff", "#f3e4bf", "#abc294", "#5e9f92", "#2b6f86", "#1b3154")
EDGE = ("#7a878d", "#8a7740", "#6b8350", "#3f7d71", "#2b6f86", "#1b3154")
TEXT = ("#14232b", "#14232b", "#14232b", "#14232b", "#ffffff", "#ffffff")
INK, INK_2, INK_3 = "#14232b", "#43535c", "#5a6971"
LINE, LINE_STRONG, SUNKEN = "#e0ddd4", "#7a878d", "#efede6"
ROPE, ACCENT, PEER, MID = "#a8431a", "#0b5c6b", "#d9dad5", "#7f9fce"
FONT = "Noto Sans, sans-serif"

LEVELS = range(6)
SITE_NAMES = ("Absent", "Initial", "Developing", "Established", "Managed", "Adaptive")
LEVEL_NAMES = (_("Absent"), _("Initial"), _("Developing"), _("Established"), _("Managed"), _("Adaptive"))
HIGHEST = LEVELS[-1]


def site_names(names: Sequence[str]) -> Sequence[str | Promise]:
    """The same names; those of the shared framework in the reader's language, which the site has words for."""
    return LEVEL_NAMES if tuple(names) == SITE_NAMES else tuple(names)


def percent(value: float) -> str:
    """A length or place in percent of the drawing's width, two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def band(highest: int = HIGHEST) -> float:
    """How wide one level of a scale 0–`highest` is on the line, in percent."""
    return 100 / (highest + 1)


def centre(level: float, highest: int = HIGHEST) -> float:
    """Where a level of a scale 0–`highest` stands on the line, in percent: the middle of its band."""
    return (level + 0.5) * band(highest)


def known_level(value: object, highest: int = HIGHEST) -> int | None:
    """A level as a whole number 0–`highest`, or None for not assessed; anything else is a programmer's mistake."""
    if value is None or value == "":
        return None
    level = int(str(value))
    if not 0 <= level <= highest:
        raise ValueError(f"A level is 0 to {highest}, not {value!r}.")
    return level


def shade_of(level: int, highest: int = HIGHEST) -> int:
    """The colour, 0–5, of a level of a scale 0–`highest`: its share of the way, and 0 for level 0 only."""
    if highest == HIGHEST or level <= 0:
        return max(level, 0)
    return max(1, (2 * HIGHEST * level + highest) // (2 * highest))


def attrs(**values: object) -> str:
    """Attributes of a mark: `stroke_width=2` becomes ` stroke-width="2"`; None leaves one out, `css` is the class."""
    pairs = ((("class" if key == "css" else key.replace("_", "-")), value) for key, value in values.items())
    return "".join(f' {key}="{escape(value)}"' for key, value in pairs if value is not None)


def dot(shade: int, x: str, y: float, r: float = 8) -> str:
    """Where a member stands now: a filled circle in a colour 0–5; level 0 is white with a dashed edge."""
    dash = "3 2" if shade == 0 else None
    paint = attrs(
        css=f"lv{shade} lvf", fill=FILL[shade], stroke=EDGE[shade], stroke_width=2, stroke_dasharray=dash
    )
    return f'<circle cx="{x}" cy="{y:g}" r="{r:g}"{paint}/>'


def hollow(x: str, y: float, r: float = 5.5) -> str:
    """Where a member stood before: a hollow circle."""
    return f'<circle cx="{x}" cy="{y:g}" r="{r:g}"{attrs(css="m-prev", fill="#fff", stroke=INK_2, stroke_width=2)}/>'


def diamond(x: str, y: float, r: float = 8) -> str:
    """Where a member wants to be: a diamond. The nested svg lets x be a percentage."""
    paint = attrs(css="m-goal", fill="#fff", stroke=ROPE, stroke_width=2)
    return f'<svg x="{x}" y="{y:g}" overflow="visible"><path d="M0-{r:g} {r:g} 0 0 {r:g}-{r:g} 0Z"{paint}/></svg>'


def ring(x: str, y: float) -> str:
    """A target that is reached: a ring around the dot."""
    paint = attrs(css="m-goal", fill="#fff", stroke=ROPE, stroke_width=2)
    return f'<circle cx="{x}" cy="{y:g}" r="11.5"{paint}/>'


def digits(
    text: str, x: str, y: float, *, size: int, colour: str, css: str | None = None, bold: bool = False
) -> str:
    """Text in a drawing, digits only: words belong into HTML, where they are shaped, translated and read aloud."""
    if not text.isascii() or not text.replace(".", "").isdigit():
        return ""
    paint = attrs(
        css=css, text_anchor="middle", font_size=size, font_weight=700 if bold else None, fill=colour
    )
    return f'<text x="{x}" y="{y:g}"{paint}>{text}</text>'


def drawing(
    parts: Iterable[str], *, height: float, css: str = "", title: str = "", width: str = "100%", box: str = ""
) -> SafeString:
    """Close the drawing. `title` becomes its alternative text in print; without one it is decoration beside words.

    `box` (a viewBox) is only for signs of a fixed width: where x is in percent it would scale what must not.
    """
    text = f"<title>{escape(title)}</title>" if title else ""
    head = attrs(
        xmlns="http://www.w3.org/2000/svg",
        css=css or None,
        direction="ltr",
        font_family=FONT,
        width=width,
        height=f"{height:g}",
        viewBox=box or None,
        role="img" if title else None,
        aria_hidden=None if title else "true",
    )
    svg = f"<svg{head}>{text}{''.join(parts)}</svg>"
    return mark_safe(svg)  # noqa: S308  built here from numbers; words are escaped
