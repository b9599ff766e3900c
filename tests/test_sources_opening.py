"""What is found in a store elsewhere when it is opened."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from publish import errors
from publish.sources import opening
from publish.stores.endpoint import Row


class Silent:
    """A store that answers every query with no rows, which no count is."""

    def select(
        self, query: str, default: Sequence[str] = (), named: Sequence[str] = ()
    ) -> list[Row]:
        return []


def test_a_store_that_counts_nothing_gives_no_answer() -> None:
    with pytest.raises(errors.StoreAnswerError, match="no number"):
        opening.open_store(Silent(), "store", "now")
