"""Sending what waits: claim a batch and commit that, hand each message over, stamp each as soon as it is taken."""

from hdcperf.outbox.delivery.delivering import Delivered, deliver

__all__ = ["Delivered", "deliver"]
