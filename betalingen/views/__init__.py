"""Pages about the money."""
