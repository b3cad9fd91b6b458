"""Insights: roll-ups over members that follow the disclosure rules."""
