"""A transformer for scikit-learn: of each text how many claims it has of each type, told as fact or otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from dateline.api.coding import TextCoder, coder
from dateline.knowledge.ontology import load_ontology
from dateline.records import StatusValue


class DatelineFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # the library has no types
    """Texts to counts: a row each, a column for every type and status ("PROTEST planned"), the same for any texts.

    `published` is the day that "yesterday" counts from. `coder` is one that is loaded already (`dateline.coder`); None: it is
    loaded by the first `transform`. Nothing is learned, so that `fit` may be left out.
    """

    def __init__(self, published: str | None = None, coder: TextCoder | None = None) -> None:
        self.published = published
        self.coder = coder

    def fit(self, X: Iterable[str], y: Any = None) -> Self:  # noqa: N803  # the library's name
        """Nothing is learned."""
        return self

    def transform(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803
        """The counts, a row a text, columns as `get_feature_names_out` has them; a text that cannot be read: all zero."""
        place = {name: number for number, name in enumerate(self.get_feature_names_out())}
        own = self.coder or coder()
        texts = list(X)
        found = np.zeros((len(texts), len(place)))
        for row, text in enumerate(texts):
            for claim in own.code(text, published=self.published).claims:
                found[row, place[f"{claim.event.type} {claim.event.status.value.value}"]] += 1
        return found

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """The names of the columns."""
        return np.array([f"{type} {status.value}" for type in sorted(load_ontology().types) for status in StatusValue], object)

    def __sklearn_is_fitted__(self) -> bool:
        return True
