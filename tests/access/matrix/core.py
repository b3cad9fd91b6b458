"""Who gets what from the core's pages."""

EVERYBODY = (200,) * 9
ROWS = [
    ("GET", "core:healthz", EVERYBODY),
    ("GET", "core:readyz", EVERYBODY),
    ("GET", "core:keys", EVERYBODY),
    ("GET", "core:pdf_certificates", EVERYBODY),
    ("GET", "core:result_schema", EVERYBODY),
    ("GET", "core:style_guide", EVERYBODY),
]
