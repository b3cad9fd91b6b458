"""Sharing, and the record of acts, as data."""
