"""A real mail server on loopback that keeps what arrives, and does to an address whatever it is told to."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

__all__ = ["MailServer", "mail_server"]


AT_DATA = ("hang up", "take and hang up", "take and stall", "drop half way")
HALF = 4096
"""Bytes of a message that are read before the line is cut half way: less than any message that should be cut so."""


class MailServer:
    """``plans`` says for an address what is done to it, once each, in order; without a plan mail is taken.

    ``450 …`` or ``550 …``: refused so, and ``data 554 …``: after the message. ``stall``: no answer. ``hang up``: the
    line is cut before the message is taken. ``take and hang up``: it is taken, and the line is cut before the answer.
    ``take and stall``: it is taken, and the answer never comes. ``drop half way``: the line is cut while the message
    is still being written, after ``HALF`` bytes of it.
    """

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.plans: dict[str, list[str]] = {}
        self.connections = 0
        self.cut_short: list[bytes] = []
        self.reached = threading.Event()

    @property
    def counts(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(str(mail["Message-ID"]) for mail in self.arrived)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        plan = self._next(address, at_data=False)
        if plan == "stall":
            self.reached.set()
            await asyncio.sleep(60)
        if plan:
            return plan
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        plan = self._next(envelope.rcpt_tos[0], at_data=True)
        if plan == "hang up":
            self._cut(server)
            return "250 unheard"
        if plan.startswith("data "):
            return plan.removeprefix("data ")
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append(message_from_bytes(content, policy=policy.default))
        if plan == "take and stall":
            self.reached.set()
            await asyncio.sleep(60)
        if plan == "take and hang up":
            self._cut(server)
        return "250 taken"

    def _next(self, address: str, *, at_data: bool) -> str:
        plans = self.plans.get(address, [])
        later = bool(plans) and (plans[0] in AT_DATA or plans[0].startswith("data "))
        return plans.pop(0) if plans and later == at_data else ""

    @staticmethod
    def _cut(server: SMTP) -> None:
        assert server.transport is not None
        server.transport.abort()


class _Cutting(SMTP):
    """The library's own server, which can also cut the line in the middle of DATA."""

    async def smtp_DATA(self, arg: str) -> None:
        box, envelope = self.event_handler, self.envelope
        assert isinstance(box, MailServer)
        plans = box.plans.get(envelope.rcpt_tos[0], []) if envelope and envelope.rcpt_tos else []
        if plans[:1] != ["drop half way"]:
            await super().smtp_DATA(arg)
            return
        plans.pop(0)
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        box.cut_short.append(await self._reader.readexactly(HALF))
        box._cut(self)


class _Counting(Controller):
    def factory(self) -> SMTP:
        self.handler.connections += 1
        return _Cutting(self.handler, **self.SMTP_kwargs)


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, int]]:
    """Run one on a free port and give it with the port."""
    box = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = _Counting(box, hostname="127.0.0.1", port=port)
    controller.start()  # which looks in once itself
    box.connections = 0
    try:
        yield box, port
    finally:
        controller.stop()
