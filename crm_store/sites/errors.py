"""Why a visitor may not come in, told apart for the widget by ``code``."""

from foundation.errors import NotAllowed, NotAuthenticated


class IdentityInvalid(NotAuthenticated):
    """The signature, audience, times or contents of the signed identity are not acceptable."""

    code = "identity_invalid"
    title = "The signed identity is not valid"


class IdentityExpired(IdentityInvalid):
    """It was good once; the host page has to sign another."""

    code = "identity_expired"
    title = "The signed identity has expired"


class IdentityReplayed(IdentityInvalid):
    """Another browser has presented it already."""

    code = "identity_replayed"
    title = "The signed identity has been used already"


class IdentityUnsupported(IdentityInvalid):
    """The site has no secret, so nobody can vouch for anybody there."""

    code = "identity_unsupported"
    title = "This site takes guests only"


class IdentityRequired(NotAuthenticated):
    """The site takes no guests."""

    code = "identity_required"
    title = "Log in on this site to chat"


class OriginNotAllowed(NotAllowed):
    """The page is not one of the site's origins."""

    code = "origin_not_allowed"
    title = "This page is not one of the site's origins"
