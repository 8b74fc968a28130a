"""The pages of the monthly cycle: fetch in scope, check permission, run the form, call a move, answer."""
