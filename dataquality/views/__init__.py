"""Thin: fetch in scope, check permission, form, move or operation, answer."""
