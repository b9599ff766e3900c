"""Where queries run.

A job is a query that was found fit to run, an answer the bytes of one format. A `Pool` runs the
jobs of strangers, each within limits of time, memory and size, so that none holds up another.
Nothing here knows HTTP, nor who may ask what.
"""

from publish.stores.alarms import Alarms
from publish.stores.jobs import Answer, Job, Pool, Read, Unread, Unreadable
from publish.stores.local import LocalPool, Prepared, open_pool
from publish.stores.reading import Reading

__all__ = [
    "Alarms",
    "Answer",
    "Job",
    "LocalPool",
    "Pool",
    "Prepared",
    "Read",
    "Reading",
    "Unread",
    "Unreadable",
    "open_pool",
]
