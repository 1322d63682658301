"""Response headers as script reads them: the `Headers` of a response, as a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crossorigin.web.headers import HeaderList, sorted_lowercase_set

__all__ = ["Headers"]


class Headers(Mapping[str, str]):
    """Fetch, "Headers class", to read: https://fetch.spec.whatwg.org/#headers-class

    Names match in any case. Several fields of one name are one value, joined by `, `, and iteration gives the names in
    lower case and in order, both as script has it. Bytes are characters, each one of latin-1.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: HeaderList) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        value = self._fields.get(name.encode("latin-1", "replace"))
        if value is None:
            raise KeyError(name)
        return value.decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return (name.decode("latin-1") for name in sorted_lowercase_set(self._fields.names()))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self._fields})

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._fields.contains(name.encode("latin-1", "replace"))

    def get_all(self, name: str) -> list[str]:
        """The values of a name one by one; script cannot take them apart, a test may want to."""
        return [value.decode("latin-1") for value in self._fields.get_all(name.encode("latin-1", "replace"))]

    def __repr__(self) -> str:
        return f"Headers({dict(self)!r})"
