"""The example council: invented people and figures that look it, lived through with the product's own moves.

April 2025 to March 2026 arrives as an imported spreadsheet would; April to October 2026 is entered, challenged and
accepted as it would be, so that every state is there to see on 5 November 2026.
"""
