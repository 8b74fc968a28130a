"""What is done with messages: posted once, sent again where they failed, cleared of their words in time."""

from hdcperf.outbox.operations.clearing import clear_old, forget_old
from hdcperf.outbox.operations.posting import Letter, post, post_many
from hdcperf.outbox.operations.resending import send_again

__all__ = ["Letter", "clear_old", "forget_old", "post", "post_many", "send_again"]
