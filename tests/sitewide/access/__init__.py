"""Who may reach what, by hand: one module for each app, each with its ``PAGES`` and ``FORMS`` (see ``expected``).

A new app adds a module here; a new address, button or role without an expectation fails the suite.
"""
