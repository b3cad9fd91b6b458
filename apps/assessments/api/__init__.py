"""Assessments, answers, evidence and results as data."""
