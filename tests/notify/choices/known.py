"""Subjects that notify knows of."""

from redis.asyncio import Redis

from services.notify.choices.subjects import kept
from shared.events import SubjectChanged
from shared.subject import Subject
from shared.trace import new_traceparent


async def know(redis: Redis, *subjects: str) -> None:
    """As if ingest had told of them."""
    for subject in subjects:
        told = Subject(id=subject, name=subject)
        event = SubjectChanged.about(told, 1, traceparent=new_traceparent())
        for command, *parts in kept(event).ops:
            await redis.execute_command(str(command), *parts)
