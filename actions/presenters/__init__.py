"""Rows and panels about actions, ready for templates."""
