"""Frameworks: what is assessed against. A published version never changes."""
