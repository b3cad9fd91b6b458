"""Signing in to the API. DRF loads parts of this while it is still loading itself."""
