"""Multi-row writes of the monthly cycle: opening a month, saving and submitting a return, the dialogue, revisions."""
