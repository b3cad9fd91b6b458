"""Charts as SVG strings: pure functions, one drawing for the page, the PDF and a downloaded file."""
