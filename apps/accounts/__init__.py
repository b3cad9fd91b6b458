"""People: accounts, sign-in, preferences and notifications."""
