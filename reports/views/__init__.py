"""Pages that draw on more than one part of the council's performance."""
