"""Pages about actions: thin functions."""
