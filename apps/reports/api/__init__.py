"""Reports as data: asked for, followed, taken."""
