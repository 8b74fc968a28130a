"""Whatever happens in whatever order: nobody is told twice save through the one window, and nobody is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hdcperf.organisation.models import User
from hdcperf.outbox.models import Message
from hdcperf.outbox.operations import Letter, post_many
from tests.factories.organisation import UserFactory
from tests.hdcperf.outbox.scripted import Scripted, World

NIGHT = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)  # the hour before the one that comes twice in London

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.integers(0, 2)),
        st.tuples(st.just("run"), st.just(0)),
        st.tuples(st.just("pass"), st.sampled_from([1, 5, 14, 16, 60, 300, 1500])),
    ),
    min_size=3,
    max_size=14,
)


@override_settings(OUTBOX_BACKEND="tests.hdcperf.outbox.scripted.Scripted")
class AnyOrder(TestCase):
    person: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.person = UserFactory(password="x")

    @settings(max_examples=60)
    @given(EVENTS, st.data())
    def test_each_is_told_once_save_through_the_window_and_in_the_end_everybody_is(
        self, events: list[tuple[str, int]], data: st.DataObject
    ) -> None:
        Scripted.world = world = World(NIGHT, lambda: data.draw(st.sampled_from(World.STEPS)))
        for what, number in events:
            if what == "post":
                post_many([Letter(self.person, f"{number} {n}", "digest", "Due", "Due") for n in range(2)])
                Message.objects.filter(state="waiting", attempts=0).update(next_try_at=world.now)
            elif what == "run":
                world.run()
            else:
                world.now += timedelta(minutes=number)
        self.nobody_twice(world)
        world.next_step = lambda: "take"
        for _ in range(3):  # all is well again
            world.now += timedelta(days=2)
            world.run()
        self.nobody_twice(world)
        for message in Message.objects.all():
            if message.message_id in world.refused or message.attempts > 9:
                continue
            assert (message.state, bool(world.taken[message.message_id])) == ("sent", True)
        assert not Message.objects.filter(state__in=["waiting", "claimed"]).exists()

    def nobody_twice(self, world: World) -> None:
        for name, times in world.taken.items():
            assert times <= 1 + world.in_the_window[name]
