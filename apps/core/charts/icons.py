"""The icon set: inline paths on a 20 × 20 grid, drawn with the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SURFACE = 'stroke="var(--surface,#fff)"'
PATHS: dict[str, str] = {
    "bell": '<path d="M5 8.5a5 5 0 0 1 10 0c0 4 1.5 5 1.5 5h-13S5 12.5 5 8.5M8.400 16.500a1.700 1.700 0 0 0 3.200 0"/>',
    "search": '<circle cx="9" cy="9" r="5.5"/><path d="m13.200 13.200 3.800 3.800"/>',
    "globe": '<circle cx="10" cy="10" r="7.200"/>'
    '<path d="M2.800 10h14.400M10 2.800c4.500 4.600 4.500 9.800 0 14.400M10 2.800c-4.500 4.600-4.500 9.800 0 14.400"/>',
    "down": '<path d="m5.500 8 4.500 4.500L14.500 8"/>',
    "next": '<path d="m8 5 5 5-5 5"/>',
    "prev": '<path d="m12 5-5 5 5 5"/>',
    "arrow": '<path d="M4 10h12m-4.500-4.500L16 10l-4.500 4.500"/>',
    "up": '<path d="M10 5 16 14H4Z" fill="currentColor"/>',
    "fall": '<path d="M10 15 4 6h12Z" fill="currentColor"/>',
    "check": '<path d="m4.500 10.500 3.700 3.700 7.300-8"/>',
    "cross": '<path d="m5.500 5.500 9 9m0-9-9 9"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "done": '<circle cx="10" cy="10" r="7.300" fill="currentColor" stroke="none"/>'
    f'<path d="m6.500 10.200 2.400 2.400 4.600-5" {SURFACE}/>',
    "half": '<circle cx="10" cy="10" r="6.800"/>'
    '<path d="M10 3.200a6.800 6.800 0 0 1 0 13.600Z" fill="currentColor" stroke="none"/>',
    "ring": '<circle cx="10" cy="10" r="6.800"/>',
    "you": '<circle cx="10" cy="10" r="7.300" fill="currentColor" stroke="none"/>'
    f'<path d="M10 6v4.600M10 13.600v.1" {SURFACE} stroke-width="2"/>',
    "file": '<path d="M5.500 2.800h6l3.500 3.500v11h-9.500ZM11.500 2.800v3.700H15"/>',
    "link": '<path d="M8.500 11.500a3 3 0 0 0 4.300 0l2.700-2.700a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0'
    'l-2.700 2.700a3 3 0 0 0 4.300 4.300l1-1"/>',
    "save": '<path d="M10 3v9m-3.500-3.500L10 12l3.500-3.500M4 15.500h12"/>',
    "read": '<path d="M4 5h12M4 8.500h12M4 12h12M4 15.500h7"/>',
    "hear": '<path d="M4 12v-2a6 6 0 0 1 12 0v2M4 12h2.200v4H5a1 1 0 0 1-1-1Zm12 0h-2.200v4H15a1 1 0 0 0 1-1Z"/>',
    "watch": '<rect x="2.800" y="4.500" width="14.400" height="11" rx="1.500"/>'
    '<path d="m8.500 7.700 4 2.300-4 2.300Z" fill="currentColor"/>',
    "lock": '<rect x="4.500" y="9" width="11" height="8" rx="1.500"/><path d="M7 9V6.500a3 3 0 0 1 6 0V9"/>',
    "eye": '<path d="M2.500 10S5.300 5 10 5s7.500 5 7.500 5-2.800 5-7.500 5-7.500-5-7.500-5Z"/><circle cx="10" cy="10" r="2.200"/>',
    "people": '<circle cx="7.500" cy="7" r="2.800"/><path d="M2.500 16c0-3 2.200-4.700 5-4.700s5 1.700 5 4.700M13 4.500a2.800 2.800 0 0 1 0 5.200'
    'M14.500 11.700c1.900.6 3 2.100 3 4.300"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.300l2.800 1.700"/>',
    "offline": '<path d="M3 3l14 14M6 9.500A6.500 6.500 0 0 1 10 8m4.500 2.200A6.500 6.500 0 0 0 13 9M8.300 13a3 3 0 0 1 3.400 0M10 16v.1"/>',
}
DIRECTED = frozenset({"next", "prev", "arrow", "read"})


@lru_cache(maxsize=512)
def icon_svg(name: str, css: str = "") -> SafeString:
    """Draw icon `name`; `css` adds classes. Those that point along the line mirror in right-to-left pages."""
    if name not in PATHS:
        raise ValueError(f"No icon {name!r}; there are {sorted(PATHS)}.")
    classes = " ".join(filter(None, ("icon", "icon--dir" if name in DIRECTED else "", css)))
    return format_html(
        '<svg class="{}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.7" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" width="18" height="18">{}</svg>',
        classes,
        mark_safe(PATHS[name]),  # noqa: S308  our own drawings
    )
