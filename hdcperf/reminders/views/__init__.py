"""One's own reminders, the preview, and whom to chase."""
