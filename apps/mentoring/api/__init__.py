"""Roadmaps and action plans as data."""
