"""Pages of the council and its people."""
