"""Home: overview pages per role, the shell around every page. No models."""
