"""Members as data, and what the API asks of the people behind it. DRF loads parts of this while it is still loading."""
