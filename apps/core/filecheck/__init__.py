"""Judging a stranger's file by its bytes. Plain Python without the site, so that a child process can run it alone."""
