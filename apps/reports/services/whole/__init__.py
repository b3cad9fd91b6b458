"""Everything the site holds of one member: which tables, which rows of them, and how they are written down."""
