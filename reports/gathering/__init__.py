"""From the council's tables to a pack's frozen data: what is read, in a fixed number of queries, and how it is said.

``reading`` reads; every other module turns what was read into the values of ``reports.packs``.
"""
