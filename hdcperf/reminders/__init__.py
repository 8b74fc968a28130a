"""The right person is told once, at the right time (framework E.1, *Corporate Plan Actions*, E.2).

An app declares the kinds of its open work and of its notices in a module of its own, named in the settings
(``REMINDER_KINDS``, ``REMINDER_NOTICES``); everything else is here.
"""
