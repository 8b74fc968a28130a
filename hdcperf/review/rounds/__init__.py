"""Collection rounds, of months and of quarters: their dates, setting them, and what their lock does by itself."""
