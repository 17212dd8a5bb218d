"""Many reads in one answer are what each of them would have been."""

from redis.asyncio import Redis

from services.render.articles.reads import Read, Reads


async def test_each_read_is_answered_in_its_place_however_many_there_are(redis: Redis) -> None:
    many = 1_201
    await redis.hset("render:h", mapping={f"f{n}": b"\xff\x00%d" % n for n in range(many)})
    reads: list[Read] = [("HGET", "render:h", f"f{n}") for n in range(many)]
    found = await Reads(redis).all(reads)
    assert found == [b"\xff\x00%d" % n for n in range(many)]
    assert await Reads(redis).all([]) == []


async def test_what_is_not_there_is_none_and_scores_stand_between_members(redis: Redis) -> None:
    largest = 7_390_000_012_345
    await redis.zadd("render:z", {"a": 1, "b": largest})
    await redis.hset("render:h", "æ", "ø")
    found = await Reads(redis).all([
        ("HGET", "render:none", "a"),
        ("HMGET", "render:h", "none", "æ"),
        ("ZRANGE", "render:z", "(1", "+inf", "BYSCORE", "LIMIT", 0, 3, "WITHSCORES"),
        ("ZRANGE", "render:z", 0, -1),
    ])  # fmt: skip
    assert found[:2] == [None, [None, "ø".encode()]]
    [member, score] = found[2]
    assert (member, int(float(score))) == (b"b", largest)
    assert found[3] == [b"a", b"b"]
