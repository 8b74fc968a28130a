"""What is done with messages: posting one, and what an administrator may do with those that failed."""

from hdcperf.outbox.operations.posting import Letter, post, post_many

__all__ = ["Letter", "post", "post_many"]
