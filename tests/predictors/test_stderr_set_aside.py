"""Two threads that import TensorFlow at the same time leave stderr as it was."""

import os
import threading

from vidtag.predictors.tensorflow import _stderr_set_aside


def test_stderr_comes_back_when_two_threads_set_it_aside():
    before, kept = os.fstat(2), os.dup(2)
    entered, leave, gone = threading.Event(), threading.Event(), threading.Event()

    def first():
        with _stderr_set_aside():
            entered.set()
            leave.wait()
        gone.set()

    def second():
        with _stderr_set_aside():
            gone.wait()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    entered.wait()
    threads[1].start()
    threads[1].join(timeout=0.5)
    leave.set()
    for thread in threads:
        thread.join()
    after = os.fstat(2)
    os.dup2(kept, 2)
    os.close(kept)
    assert (after.st_dev, after.st_ino) == (before.st_dev, before.st_ino)
