"""The thread of the server that works jobs off; it lives only while there are any."""

import logging
import threading
from typing import Final

from django.db import DatabaseError, connection

from diaban.indicators.import_jobs import unfinished, work_off

# How often a job that another process holds is looked at: it may have died.
_LOOK_AGAIN: Final = 2.0
_log = logging.getLogger(__name__)
_turn = threading.Lock()
_asked = threading.Event()
_threads: list[threading.Thread] = []


def wake() -> None:
    """
    See to it that waiting jobs are worked off: after one was begun, and when the server starts.

    Which process takes a job is settled in the database, so any number may be awake.
    """
    with _turn:
        _asked.set()
        if not _threads:
            # A daemon: a job outlives the server in the database, not in a thread.
            thread = threading.Thread(target=_work, name="jobs", daemon=True)
            _threads.append(thread)
            thread.start()


def _work() -> None:
    try:
        while True:
            _asked.clear()
            work_off()
            more = unfinished()
            with _turn:
                if not more and not _asked.is_set():
                    _threads.clear()
                    return
            _asked.wait(_LOOK_AGAIN)
    except DatabaseError:
        _log.exception("Jobs wait until one is begun or the server starts")
    finally:
        with _turn:
            if threading.current_thread() in _threads:
                _threads.clear()
        connection.close()
