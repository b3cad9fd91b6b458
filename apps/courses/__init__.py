"""Courses: lessons, questions, learners' progress and certificates."""
