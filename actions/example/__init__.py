"""The example council's Corporate Plan: invented actions, lived through with the product's own moves.

Three yearly sets taken through their bodies, a fourth on its way, and eight quarters of updates to Q2 2026/27. The
outcome measures beside them are real published figures, and their pages say so.
"""
