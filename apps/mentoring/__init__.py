"""Mentoring: needs, offers, matching rounds, proposals, engagements and sessions."""
