"""Who gets what from pages on many members."""

OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)

ROWS = [
    ("GET", "insights:uplift", OFFICE),
]
