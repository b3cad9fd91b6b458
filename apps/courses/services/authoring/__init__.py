"""Writing a course on the site: drafts, their files, questions, checks, publishing, translations, exchange."""
