"""The set that the tests here share stays whole, whatever a test has done with it."""

import threading

from tests.sentinels import SentinelSet


def test_a_server_that_a_test_s_thread_brought_back_outlives_the_thread(
    sentinels: SentinelSet,
) -> None:
    replica = next(one for one in sentinels.servers if one is not sentinels.master())
    replica.kill()
    thread = threading.Thread(target=sentinels.bring_back, args=(replica,))
    thread.start()
    thread.join()
    sentinels.wait_until_whole()
    assert replica.lives
