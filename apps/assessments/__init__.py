"""Assessments: a member's answers on a framework version, their evidence, and the result."""
