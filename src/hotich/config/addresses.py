"""Finding the page of an address: by its first word, not by trying some three hundred addresses one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.functional import cached_property

Included = tuple[Sequence[URLPattern | URLResolver] | ModuleType, str | None, str | None]  # what `include` gives


class ByFirstWord(URLResolver):
    """The addresses of an app, included at the root. Of those with the first word of what is asked the framework tries
    each as always, in their order; it need not look at the others."""

    def __init__(self, included: Included) -> None:
        """As `path("", include(…))`."""
        urls, app, namespace = included
        super().__init__(RoutePattern("", is_endpoint=False), urls, {}, app_name=app, namespace=namespace)

    def resolve(self, path: str) -> ResolverMatch:
        """The page of an address. Raises Resolver404."""
        near = self._by_word.get(path.partition("/")[0], self._any_word)
        if near is None:
            raise Resolver404({"tried": [], "path": path})
        return near.resolve(path)

    @cached_property
    def _by_word(self) -> dict[str, URLResolver | None]:
        words = dict.fromkeys(word for each in self.url_patterns if (word := _first_word(each)) is not None)
        return {word: self._only({word, None}) for word in words}

    @cached_property
    def _any_word(self) -> URLResolver | None:
        return self._only({None})

    def _only(self, words: set[str | None]) -> URLResolver | None:
        chosen = [each for each in self.url_patterns if _first_word(each) in words]
        if not chosen:
            return None
        return URLResolver(self.pattern, chosen, {}, app_name=self.app_name, namespace=self.namespace)


def _first_word(address: URLPattern | URLResolver) -> str | None:
    """The word an address begins with; None where that may be any: a parameter, an expression, addresses of another."""
    route = str(address.pattern)
    word, slash, _ = route.partition("/")
    is_fixed = isinstance(address.pattern, RoutePattern) and "<" not in word
    return word if is_fixed and (slash or isinstance(address, URLPattern)) else None
