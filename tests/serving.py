"""Helpers for tests of the web: the application in this process, and as a server of its own."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pyoxigraph as ox
from starlette.testclient import TestClient

from publish import errors, inference, settings, stores
from publish.dataset import Dataset, load, load_file
from publish.web import create_app
from publish.web.app import serve

FOREIGN = Path(__file__).parent / "foreign"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
