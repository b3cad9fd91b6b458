"""Planning: which improvements first, within a budget. Plain Python."""
