"""The cover of a report: contour lines and the route so far, drawn in little ink."""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.core.charts.contours import contour_paths
from apps.core.charts.marks import ACCENT, EDGE, FILL, HIGHEST, INK, INK_2, ROPE, TEXT, shade_of

WIDTH, HEIGHT = 794, 640
PREV, NOW, GOAL = (214, 478), (408, 362), (556, 262)
ROUTE_DONE = "M214 478C290 476 300 392 408 362"
ROUTE_LEFT = "M408 362C470 352 470 300 556 262"


def cover(
    seed: str,
    *,
    now: int | None = None,
    prev: int | None = None,
    goal: int | None = None,
    highest: int = HIGHEST,
    rtl: bool = False,
    title: str = "",
) -> SafeString:
    """Contours from `seed` with up to three stations of the route, levels 0–`highest`; the numerals are the levels.

    Right to left mirrors the places, not the numerals.
    """
    hills = "".join(_contours(seed))
    fade = (
        '<defs><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#fff"/></linearGradient></defs>'
        f'<rect x="0" y="{HEIGHT - 130}" width="{WIDTH}" height="131" fill="url(#fade)"/>'
    )
    routes = (_route(ROUTE_DONE, 4.5, None) if prev is not None and now is not None else "") + (
        _route(ROUTE_LEFT, 4, "1 9") if goal is not None and now is not None else ""
    )
    mirror = f' transform="translate({WIDTH} 0) scale(-1 1)"' if rtl else ""
    stations = (
        _station(prev, PREV, rtl, "prev") + _station(goal, GOAL, rtl, "goal")
        + _station(now, NOW, rtl, "now", shade_of(now or 0, highest))
    )  # fmt: skip
    alternative = f"<title>{escape(title)}</title>" if title else ""
    return mark_safe(  # noqa: S308  built here from numbers; the title is escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" preserveAspectRatio="xMidYMax slice" direction="ltr" '
        f'font-family="Noto Sans, sans-serif">{alternative}'
        f'<g{mirror}><g fill="none" stroke="{ACCENT}">{hills}</g>{fade}{routes}</g>{stations}</svg>'
    )


def _contours(seed: str) -> list[str]:
    paths = contour_paths(seed, WIDTH, HEIGHT)
    thick, thin = 'stroke-width="1.5" stroke-opacity=".75"', 'stroke-width=".7" stroke-opacity=".5"'
    return [f'<path d="{path}" {thin if k % 5 else thick}/>' for k, path in enumerate(paths) if path]


def _route(path: str, width: float, dash: str | None) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    under = f'<path d="{path}" fill="none" stroke="#fff" stroke-width="{width + 4.5:g}"/>'
    return f'{under}<path d="{path}" fill="none" stroke="{ROPE}" stroke-width="{width:g}" stroke-linecap="round"{dashes}/>'


def _station(level: int | None, place: tuple[int, int], rtl: bool, kind: str, shade: int = 0) -> str:
    if level is None:
        return ""
    x, y = (WIDTH - place[0] if rtl else place[0]), place[1]
    halo = f'<circle cx="{x}" cy="{y}" r="23" fill="#fff"/>'
    if kind == "goal":
        shape = f'<path d="M{x} {y - 19} {x + 19} {y} {x} {y + 19} {x - 19} {y}Z" fill="#fff" stroke="{ROPE}" stroke-width="3"/>'
        colour = ROPE
    elif kind == "now":
        shape = (
            f'<circle cx="{x}" cy="{y}" r="17" fill="{FILL[shade]}" stroke="{EDGE[shade]}" stroke-width="3"/>'
        )
        colour = TEXT[shade]
    else:
        shape = f'<circle cx="{x}" cy="{y}" r="14" fill="#fff" stroke="{INK_2}" stroke-width="3"/>'
        colour = INK
    numeral = f'<text x="{x}" y="{y + 5.5}" text-anchor="middle" font-size="16" font-weight="700" fill="{colour}">{level}</text>'
    return halo + shape + numeral
