"""Multi-row writes of actions that are not moves alone."""
