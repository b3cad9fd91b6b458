"""Members, programmes, who belongs to them, and what they agree to share."""
