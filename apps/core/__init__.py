"""What every app stands on: access, audit, jobs, errors. Knows nothing of members or assessments."""
