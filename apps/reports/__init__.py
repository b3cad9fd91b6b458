"""Reports: rendered documents with status, label, input hash and file."""
