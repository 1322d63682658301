"""How a page and a URL stand to each other: same origin, same site, and what differs."""

from __future__ import annotations

from dataclasses import dataclass

from crossorigin.doctor.words import all_of
from crossorigin.web.origins import DEFAULT_PORTS, OpaqueOrigin, Origin, same_origin
from crossorigin.web.sites import same_site, schemelessly_same_site

__all__ = ["Relation", "relate"]


@dataclass(frozen=True, slots=True)
class Relation:
    """`differs` names the parts of the origins that differ ("scheme", "host", "port"); empty for the same origin."""

    same_origin: bool
    same_site: bool
    schemelessly_same_site: bool
    differs: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        if self.same_origin:
            return "Page and URL have the same origin, so CORS does not apply."
        if not self.differs:
            return "The page's origin is opaque (null): every URL is cross-origin to it."
        parts = all_of(self.differs)
        verb = "differs" if len(self.differs) == 1 else "differ"
        if self.same_site:
            site = "they are same-site, which changes cookies but not CORS"
        elif self.schemelessly_same_site:
            site = "the sites differ in their scheme alone, so they are cross-site"
        else:
            site = "they are cross-site"
        return f"Cross-origin: {parts} {verb}; {site}."


def relate(page: Origin, target: Origin) -> Relation:
    """Compare the origin of a page with the origin of a URL."""
    differs: tuple[str, ...] = ()
    if not isinstance(page, OpaqueOrigin) and not isinstance(target, OpaqueOrigin):
        pairs = (
            ("scheme", page.scheme, target.scheme),
            ("host", page.host, target.host),
            ("port", page.port or DEFAULT_PORTS.get(page.scheme), target.port or DEFAULT_PORTS.get(target.scheme)),
        )
        differs = tuple(name for name, one, other in pairs if one != other)
        # http and https have different default ports; that is the scheme's difference, not one more.
        if "scheme" in differs and page.port is None and target.port is None:
            differs = tuple(name for name in differs if name != "port")
    return Relation(same_origin(page, target), same_site(page, target), schemelessly_same_site(page, target), differs)
