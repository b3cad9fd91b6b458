"""Formats of our languages where Django's own differ from what readers expect."""
